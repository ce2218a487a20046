"""Posts: publish, correct, take back, read, pin, favourite (``api/v1/statuses_controller.rb``)."""

from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.mastodon.errors import Invalid, missing, unprocessable
from sandbox.mastodon.methods.call import Answer, Call, ids
from sandbox.mastodon.methods.drafts import check_words, draft, media, poll
from sandbox.mastodon.texts import mentioned
from sandbox.mastodon.values import Change, Poll, Scheduled, Status

REMEMBERED = timedelta(seconds=3600)  # post_status_service.rb: idempotency keys expire
SOONEST = timedelta(minutes=5)  # scheduled_status.rb MINIMUM_OFFSET
MOST_SCHEDULED, MOST_A_DAY = 300, 25  # TOTAL_LIMIT, DAILY_LIMIT
LATER = timedelta(minutes=5)  # update_status_service.rb queue_poll_notifications!
MOST_PINS = 5  # status_pin_validator.rb
MOST_AT_ONCE = 20  # statuses_controller.rb DEFAULT_STATUSES_LIMIT
MOST_AROUND, ANCESTORS, DESCENDANTS = 4096, 40, 60  # CONTEXT_LIMIT, and for nobody in particular


class Keys:
    """The idempotency keys that are remembered: the post they led to, by account and key."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[datetime, str]] = {}

    def find(self, account: str, key: str, now: datetime) -> str | None:
        """The post this key led to within the hour."""
        at, status = self._known.get((account, key), (now - REMEMBERED, ""))
        return status if now - at < REMEMBERED else None

    def remember(self, account: str, key: str, now: datetime, status: str) -> None:
        """This key led to this post."""
        self._known[account, key] = (now, status)


def create(call: Call, keys: Keys) -> Answer:
    """Publish, or have published later; a key that is known brings the post it led to."""
    world, account, now = call.world, call.account, call.world.clock.now()
    honoured = call.key if world.profile.idempotent else None
    before = keys.find(account.id, honoured, now) if honoured else None
    if before is not None:
        if before not in world.statuses:
            raise missing()
        return call.about(world.statuses[before], {"repeated": before}, "repeated")
    words = draft(call)
    given = call.arguments.inner("poll")
    asked = None if given is None else poll(call, given)
    if at := _scheduled_at(call):
        return _schedule(call, words, asked, at)
    if _is_spam(call, words):
        return _swallowed(call, words)
    status = world.publish(words, asked)
    if honoured:
        keys.remember(account.id, honoured, now, status.id)
    return call.posted(status)


def edit(call: Call) -> Answer:
    """Replace a whole post: what is left out is gone (``update_status_service.rb``)."""
    before, given = call.own_status(), call.arguments
    corrections = given.objects("media_attributes") or ()
    attached = media(call, given.texts("media_ids"), before.id)
    kept = before.language if call.world.profile.keeps_language else (call.account.language or "en")
    after = replace(
        before,
        text=given.text("status") or "",
        spoiler=given.text("spoiler_text") or "",
        sensitive=bool(given.flag("sensitive")),
        language=given.text("language") or kept,
        media=attached,
    )
    asked = given.inner("poll")
    wanted = None if asked is None else poll(call, asked)
    check_words(call, after, poll=asked is not None)
    if not corrections and wanted is None and before.poll is None and call.world.composed(after) == before:
        return call.posted(before, "unchanged")
    poll_after = None if wanted is None else _same_or_new(call, before, wanted)
    for correction in corrections:
        number, description = correction.text("id") or "", correction.text("description")
        if number in attached:
            call.world.media[number] = replace(call.world.media[number], description=description)
    for number in attached:
        call.world.media[number] = replace(call.world.media[number], status=before.id)
    for number in set(before.media) - set(attached):
        call.world.media[number] = replace(call.world.media[number], status=None)
    return call.posted(call.world.change(before, after, poll_after))


def remove(call: Call) -> Answer:
    """Take back; the answer has the words as they were typed, to write them anew."""
    gone = call.own_status()
    shown = call.shape.status(gone, call.viewer) | {"text": gone.text}
    call.world.remove(gone)
    for number in gone.media:
        call.world.media[number] = replace(call.world.media[number], status=None)
    return Answer(body=shown, summary={"deleted": gone.id})


def show(call: Call) -> Answer:
    """One post."""
    return call.about(call.status())


def source(call: Call) -> Answer:
    """The words of one's own post, as they were typed."""
    status = call.own_status()
    body = {"id": status.id, "text": status.text, "spoiler_text": status.spoiler}
    return Answer(body=body, summary={"id": status.id})


def several(call: Call) -> Answer:
    """Posts by their ids; those that are not there are left out."""
    numbers = call.arguments.texts("id")
    if len(numbers) > MOST_AT_ONCE:
        raise unprocessable("Too many IDs")
    found = [call.world.statuses[number] for number in dict.fromkeys(numbers) if number in call.world.statuses]
    seen = [status for status in found if call.world.sees(call.viewer, status)]
    return Answer(
        body=[call.shape.status(status, call.viewer) for status in seen], summary=ids([status.id for status in seen])
    )


def context(call: Call) -> Answer:
    """What a post answers, and what answers it."""
    world, status = call.world, call.status()
    above: list[Status] = []
    parent = world.statuses.get(status.reply_to or "")
    while parent is not None and world.sees(call.viewer, parent):
        above.insert(0, parent)
        parent = world.statuses.get(parent.reply_to or "")
    below, waiting = [], [status.id]
    while waiting:
        answers = [one for one in world.replies_to(waiting.pop(0)) if world.sees(call.viewer, one)]
        below += answers
        waiting += [one.id for one in answers]
    known = call.token is not None
    up, down = (MOST_AROUND, MOST_AROUND) if known else (ANCESTORS, DESCENDANTS)
    body = {
        "ancestors": [call.shape.status(one, call.viewer) for one in above[-up:]],
        "descendants": [call.shape.status(one, call.viewer) for one in below[:down]],
    }
    return Answer(body=body, summary=ids([one.id for one in (*above, *below)]))


def pin(call: Call) -> Answer:
    """Put a post at the top of one's profile."""
    status = call.status()
    if status.account != call.account.id:
        raise unprocessable("Validation failed: Someone else's post cannot be pinned")
    pins = call.world.pins.setdefault(call.account.id, [])
    if status.id in pins:
        return call.about(status)
    if status.visibility == "direct":
        raise unprocessable("Validation failed: Posts that are only visible to mentioned users cannot be pinned")
    if len(pins) >= MOST_PINS:
        raise unprocessable("Validation failed: You have already pinned the maximum number of posts")
    pins.append(status.id)
    call.world.announce(Change(kind="pinned", message=status.id, user=call.account.id))
    return call.about(status)


def unpin(call: Call) -> Answer:
    """Take a post down from there."""
    status = call.status()
    pins = call.world.pins.get(call.account.id, [])
    if status.id in pins:
        pins.remove(status.id)
        call.world.announce(Change(kind="pinned", message=status.id, user=call.account.id))
    return call.about(status)


def favourite(call: Call) -> Answer:
    """Press the star."""
    status = call.status()
    call.world.like(call.account.id, status)
    return call.about(status)


def unfavourite(call: Call) -> Answer:
    """Take the star back."""
    status = call.status()
    call.world.favourites.get(status.id, {}).pop(call.account.id, None)
    return call.about(status)


def reblog(call: Call) -> Answer:
    """Boost."""
    return call.about(call.world.share(call.account.id, call.status()))


def unreblog(call: Call) -> Answer:
    """Take a boost back."""
    status = call.status()
    for boost in call.world.boosts_of(status.id):
        if boost.account == call.account.id:
            call.world.remove(boost)
    return call.about(status)


def _same_or_new(call: Call, before: Status, asked: Poll) -> Poll:
    """The poll after an edit: other options empty it, the same ones keep their votes; its end is told later."""
    known = call.world.polls.get(before.poll or "")
    if known is None:
        return asked
    if (known.options, known.multiple) != (asked.options, asked.multiple):
        known.votes.clear()
    known.options, known.multiple, known.hide_totals = asked.options, asked.multiple, asked.hide_totals
    known.expires_at, known.told_at, known.ended = asked.expires_at, asked.expires_at + LATER, False
    call.world.plan(known.told_at, lambda: call.world.end_poll(known.id))
    return known


def _scheduled_at(call: Call) -> datetime | None:
    """When a post is to be published, if that is not at once: also an instant of the past means at once."""
    given = call.arguments.text("scheduled_at")
    if not given:
        return None
    at, now = moment(given), call.world.clock.now()
    if at <= now:
        return None
    if at <= now + SOONEST:
        raise Invalid("Validation failed: Scheduled at The scheduled date must be in the future")
    return at


def moment(given: str) -> datetime:
    """An instant as programs write it. Raises ``Refused``; one without a zone is no instant."""
    try:
        at = datetime.fromisoformat(given)
    except ValueError as error:
        raise Invalid(f"Validation failed: {given!r} is no date") from error
    if at.tzinfo is None:
        raise Invalid(f"Validation failed: {given!r} has no time zone")
    return at


def _schedule(call: Call, words: Status, asked: Poll | None, at: datetime) -> Answer:
    mine = [one for one in call.world.scheduled.values() if one.account == call.account.id]
    if len(mine) >= MOST_SCHEDULED:
        raise unprocessable("Validation failed: You have exceeded the limit of 300 scheduled posts")
    if sum(one.at.date() == at.date() for one in mine) >= MOST_A_DAY:
        raise unprocessable("Validation failed: You have exceeded the limit of 25 scheduled posts for that day")
    number, given = call.world.ids.next(), dict(call.arguments.values)
    parameters = {"text": given.pop("status", ""), "idempotency": call.key, "application_id": 1, **given}
    scheduled = Scheduled(id=number, account=call.account.id, at=at, parameters=parameters, draft=words, poll=asked)
    call.world.schedule(scheduled)
    return Answer(
        body=call.shape.scheduled(call.world.scheduled[number]), summary={"scheduled": number}, outcome="scheduled"
    )


def _is_spam(call: Call, words: Status) -> bool:
    """Whether a post holds what is banned and goes to somebody who does not follow (``antispam.rb``)."""
    if call.world.banned is None or call.world.banned not in words.text:
        return False
    reached = {account.id for account in mentioned(words.text, call.world.find)}
    if words.reply_to:
        reached.add(call.world.statuses[words.reply_to].account)
    return any((account, call.account.id) not in call.world.follows for account in reached - {call.account.id})


def _swallowed(call: Call, words: Status) -> Answer:
    """Answer as if it had been published."""
    status = replace(call.world.composed(words), id=call.world.ids.next(), created_at=call.world.clock.now())
    return Answer(body=call.shape.status(status, call.viewer), summary={"dropped": status.id}, outcome="dropped")
