"""What a post must be to be accepted (``post_status_service.rb``, the validators, ``poll_options_validator.rb``)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sandbox.mastodon.arguments import Arguments
from sandbox.mastodon.errors import Cause, Invalid, Refused, unprocessable
from sandbox.mastodon.graphemes import clusters
from sandbox.mastodon.methods.call import Call
from sandbox.mastodon.texts import length, mentioned
from sandbox.mastodon.values import VISIBILITIES, Media, Poll, Status, Visibility


def draft(call: Call) -> Status:
    """The post that a call describes. Raises ``Refused``."""
    given, account = call.arguments, call.account
    reply_to = given.text("in_reply_to_id")
    if reply_to:
        _check_answered(call, reply_to)
    sensitive = given.flag("sensitive")
    text, spoiler = given.text("status") or "", given.text("spoiler_text") or ""
    if not text.strip():
        text, spoiler = spoiler, ""
    words = Status(
        account=account.id,
        text=text,
        spoiler=spoiler,
        visibility=visibility(call),
        language=given.text("language") or account.language or "en",
        sensitive=account.sensitive if sensitive is None else sensitive,
        reply_to=reply_to or None,
        media=media(call, given.texts("media_ids")),
    )
    check_words(call, words)
    _check_mentions(call, words)
    return words


def visibility(call: Call) -> Visibility:
    """Who is to see it; what a limited account publishes is not listed."""
    asked = call.arguments.text("visibility") or call.account.privacy
    for known in VISIBILITIES:
        if asked == known:
            return "unlisted" if known == "public" and call.account.silenced else known
    raise Invalid("Validation failed: Visibility is not included in the list")


def check_words(call: Call, words: Status, *, poll: bool | None = None) -> None:
    """Raises ``Refused`` when a post is empty or too long."""
    has_poll = call.arguments.inner("poll") is not None if poll is None else poll
    if not (words.text.strip() or words.media or has_poll):
        raise Invalid("Validation failed: Text can't be blank")
    most = call.world.profile.max_characters
    if length(words.text, words.spoiler, call.world.profile) > most:
        raise Invalid(f"Validation failed: Text character limit of {most} exceeded")


def media(call: Call, numbers: Sequence[str], status: str | None = None) -> tuple[str, ...]:
    """The attachments of a post (``validate_media!``). Raises ``Refused``."""
    most = call.world.profile.max_media
    if len(numbers) > most:
        raise Invalid(f"Cannot attach more than {most} files")
    found = [call.world.media.get(number) for number in numbers]
    own = [one for one in found if one and one.account == call.account.id and one.status in {None, status}]
    if len(own) < len(numbers):
        known = {one.id for one in own}
        unknown = ", ".join(number for number in numbers if number not in known)
        reason = f"Media {unknown} not found or already attached to another post"
        raise Invalid(reason, cause=Cause.CIRCUMSTANCE)
    if len(own) > 1 and any(one.kind != "image" for one in own):
        raise Invalid("Cannot attach a video to a post that already contains images")
    if not all(_is_ready(call, one) for one in own):
        raise unprocessable(
            "Cannot attach files that have not finished processing. Try again in a moment!",
            Cause.VIOLATION,
        )
    return tuple(one.id for one in own)


def poll(call: Call, given: Arguments) -> Poll:
    """The poll of a post. Raises ``Refused``."""
    options = tuple(option.strip() for option in given.texts("options") if option.strip())
    _check_options(call, options)
    return Poll(
        id=call.world.ids.next(),
        status="",
        options=options,
        expires_at=call.world.clock.now() + _duration(call, given.number("expires_in")),
        multiple=bool(given.flag("multiple")),
        hide_totals=bool(given.flag("hide_totals")),
    )


def _check_options(call: Call, options: Sequence[str]) -> None:
    profile = call.world.profile
    if len(options) < 2:
        raise Invalid("Validation failed: Options must have more than one item")
    if len(options) > profile.max_options:
        raise Invalid(f"Validation failed: Options can't contain more than {profile.max_options} items")
    if any(clusters(option) > profile.max_option_characters for option in options):
        raise Invalid(
            f"Validation failed: Options can't be longer than {profile.max_option_characters} characters each"
        )
    if len(set(options)) < len(options):
        raise Invalid("Validation failed: Options contain duplicate items")


def _duration(call: Call, seconds: int | None) -> timedelta:
    profile = call.world.profile
    if seconds is None:
        raise Invalid("Validation failed: Expires at can't be blank")
    if seconds < profile.min_expiration.total_seconds():
        raise Invalid("Validation failed: Expires at is too soon")
    if seconds > profile.max_expiration.total_seconds():
        raise Invalid("Validation failed: Expires at is too far into the future")
    return timedelta(seconds=seconds)


def _is_ready(call: Call, one: Media) -> bool:
    if not one.failed and one.looks > 0 and one.processed_at <= call.world.clock.now():
        call.world.media[one.id] = replace(one, looks=0)
        return True
    return one.looks <= 0 and not one.failed


def _check_answered(call: Call, number: str) -> None:
    answered = call.world.statuses.get(number)
    if answered is None or not call.world.sees(call.viewer, answered):
        raise Refused(404, "The post you are trying to reply to does not appear to exist.")


def _check_mentions(call: Call, words: Status) -> None:
    """Refuse to mention others than those expected (``safeguard_mentions!``), where servers know of this."""
    if "allowed_mentions" not in call.arguments.values or call.world.profile.strict_json:
        return
    expected = call.arguments.texts("allowed_mentions")
    others = [one for one in mentioned(words.text, call.world.find) if one.id not in expected]
    if others:
        more: dict[str, object] = {"unexpected_accounts": [call.shape.account(one) for one in others]}
        raise Refused(422, "Post would be sent to unexpected accounts", more=more)
