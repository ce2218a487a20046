"""Accounts: one's own, others', what they posted, and how to keep them away (``api/v1/accounts_controller.rb``)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sandbox.mastodon.errors import Invalid, forbidden, missing
from sandbox.mastodon.methods.call import Answer, Call, ids
from sandbox.mastodon.values import VISIBILITIES, Account, Change, Field, Json, Mute, Report, Status

MOST_FIELDS = 4  # account.rb DEFAULT_FIELDS_SIZE
LONGEST_NAME, LONGEST_NOTE, LONGEST_FIELD = 30, 500, 255
CATEGORIES = frozenset({"other", "spam", "legal", "violation"})
LONGEST_COMMENT = 1000


def application(call: Call) -> Answer:
    """The application that a token was given to."""
    scopes = sorted(call.token.scopes) if call.token else []
    body = {"id": "1", "name": "Parvis", "website": None, "scopes": scopes, "redirect_uris": []}
    return Answer(body=body)


def mine(call: Call) -> Answer:
    """One's own account."""
    scopes = call.token.scopes if call.token else frozenset()
    return Answer(body=call.shape.own_account(call.account, scopes), summary={"id": call.account.id})


def update(call: Call) -> Answer:
    """Change one's profile; what is left out stays."""
    given, before = call.arguments, call.account
    fields = given.objects("fields_attributes")
    changes: dict[str, Any] = {name: given.text(name) for name in ("display_name", "note") if name in given.values}
    changes |= {name: given.flag(name) for name in ("bot", "locked", "discoverable") if name in given.values}
    account = replace(before, **changes)
    if fields is not None:
        account = replace(account, fields=_fields(tuple((one.text("name"), one.text("value")) for one in fields)))
    account = _with_defaults(call, account)
    if len(account.display_name) > LONGEST_NAME or len(account.note) > LONGEST_NOTE:
        raise Invalid("Validation failed: Display name or note is too long")
    call.world.accounts[account.id] = account
    call.world.announce(Change(kind="account", user=account.id))
    return mine(call)


def show(call: Call) -> Answer:
    """Somebody."""
    return Answer(body=call.shape.account(call.other()), summary={"id": call.target})


def lookup(call: Call) -> Answer:
    """Somebody by their name."""
    found = call.world.find(call.arguments.text("acct") or "")
    if found is None:
        raise missing()
    return Answer(body=call.shape.account(found), summary={"id": found.id})


def posts(call: Call) -> Answer:
    """What somebody posted and these eyes may see."""
    given, other = call.arguments, call.other()
    pins = call.world.pins.get(other.id, [])
    seen = [
        status
        for status in call.world.statuses.by(other.id)
        if call.world.sees(call.viewer, status) and _wanted(call, status)
    ]
    if given.flag("pinned"):
        seen = [status for status in seen if status.id in pins]
    rows, headers = call.page([status.id for status in seen], 20, 40)
    body = [call.shape.status(call.world.statuses[row], call.viewer) for row in rows]
    return Answer(body=body, headers=headers, summary=ids(rows))


def relationships(call: Call) -> Answer:
    """How one stands to others."""
    numbers = [number for number in call.arguments.texts("id") if number in call.world.accounts]
    return Answer(body=[call.shape.relationship(call.account.id, number) for number in numbers], summary=ids(numbers))


def search(call: Call) -> Answer:
    """Accounts by a part of their name, posts by their address."""
    return Answer(body={"accounts": _matching(call), "statuses": _addressed(call), "hashtags": []})


def search_accounts(call: Call) -> Answer:
    """Accounts by a part of their name."""
    return Answer(body=_matching(call))


def follow(call: Call) -> Answer:
    """Follow somebody, or ask to."""
    other = _another(call)
    if (other.id, call.account.id) in call.world.blocks:
        raise forbidden()
    call.world.add_follow(call.account.id, other.id)
    return _standing(call, other)


def unfollow(call: Call) -> Answer:
    """No longer."""
    other, me = _another(call), call.account.id
    call.world.follows.discard((me, other.id))
    call.world.requested.discard((me, other.id))
    return _standing(call, other)


def mute(call: Call) -> Answer:
    """Not to see somebody, for a while or for good; their notifications neither, unless that is said."""
    other, seconds = _another(call), call.arguments.number("duration") or 0
    until = call.world.clock.now() + timedelta(seconds=seconds) if seconds > 0 else None
    hides = call.arguments.flag("notifications")
    call.world.mutes[call.account.id, other.id] = Mute(until=until, notifications=hides is not False)
    return _standing(call, other)


def unmute(call: Call) -> Answer:
    """See them again."""
    other = _another(call)
    call.world.mutes.pop((call.account.id, other.id), None)
    return _standing(call, other)


def block(call: Call) -> Answer:
    """Neither see nor be seen."""
    other, me = _another(call), call.account.id
    call.world.blocks.add((me, other.id))
    call.world.follows -= {(me, other.id), (other.id, me)}
    return _standing(call, other)


def unblock(call: Call) -> Answer:
    """Let them again."""
    other = _another(call)
    call.world.blocks.discard((call.account.id, other.id))
    return _standing(call, other)


def report(call: Call) -> Answer:
    """Tell the moderators of this server about somebody."""
    given = call.arguments
    other = call.other(given.text("account_id") or "")
    category, comment = given.text("category") or "other", given.text("comment") or ""
    if category not in CATEGORIES:
        raise Invalid("Validation failed: Category is not included in the list")
    if len(comment) > LONGEST_COMMENT:
        raise Invalid("Validation failed: Comment is too long (maximum is 1000 characters)")
    said = Report(
        id=call.world.ids.next(), by=call.account.id, account=other.id, category=category, comment=comment,
        statuses=given.texts("status_ids"), forward=bool(given.flag("forward")), at=call.world.clock.now(),
    )  # fmt: skip
    call.world.file(said)
    return Answer(body=call.shape.report(said), summary={"report": said.id})


def _another(call: Call) -> Account:
    other = call.other()
    if other.id == call.account.id:
        raise forbidden()
    return other


def _standing(call: Call, other: Account) -> Answer:
    call.world.announce(Change(kind="account", user=other.id))
    return Answer(body=call.shape.relationship(call.account.id, other.id), summary={"id": other.id})


def _fields(pairs: tuple[tuple[str | None, str | None], ...]) -> tuple[Field, ...]:
    if len(pairs) > MOST_FIELDS or any(len(part or "") > LONGEST_FIELD for pair in pairs for part in pair):
        raise Invalid("Validation failed: Fields are too many or too long")
    return tuple(Field(name=name, value=value or "") for name, value in pairs if name)


def _with_defaults(call: Call, account: Account) -> Account:
    """An account with what its posts shall be when nothing is said."""
    given = call.arguments.inner("source")
    if given is None:
        return account
    asked = given.text("privacy") or account.privacy
    privacy = next((known for known in VISIBILITIES if known == asked), None)
    if privacy is None:
        raise Invalid("Validation failed: Privacy is not included in the list")
    sensitive, language = given.flag("sensitive"), given.text("language")
    return replace(
        account,
        privacy=privacy,
        sensitive=account.sensitive if sensitive is None else sensitive,
        language=account.language if language is None else language,
    )


def _wanted(call: Call, status: Status) -> bool:
    given = call.arguments
    foreign_answer = status.reply_to is not None and (
        status.reply_to not in call.world.statuses or call.world.statuses[status.reply_to].account != status.account
    )
    tag = given.text("tagged")
    return not (
        (given.flag("exclude_replies") and foreign_answer)
        or (given.flag("exclude_reblogs") and status.boost_of is not None)
        or (given.flag("only_media") and not status.media)
        or (tag is not None and tag.lower() not in status.tags)
    )


def _matching(call: Call) -> list[Json]:
    words = (call.arguments.text("q") or "").lower()
    exact = call.world.find(words)
    found = [one for one in call.world.accounts.values() if words.lstrip("@") in one.acct.lower()]
    both = {one.id: one for one in ([exact] if exact else []) + found}
    if call.arguments.text("type") not in {None, "accounts"} or not words:
        return []
    return [call.shape.account(one) for one in both.values()][: call.arguments.number("limit") or 20]


def _addressed(call: Call) -> list[Json]:
    address = call.arguments.text("q") or ""
    if call.arguments.text("type") not in {None, "statuses"}:
        return []
    seen = [one for one in call.world.statuses.values() if call.world.sees(call.viewer, one)]
    shown = [call.shape.status(one, call.viewer) for one in seen if address.endswith(f"/{one.id}")]
    return [one for one in shown if address in {one["url"], one["uri"]}]
