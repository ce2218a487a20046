"""What a notification of Mastodon says: somebody wrote to the account, in public or in private, or a poll is over.

Only these are asked for. What the account itself wrote, and what others shared, says nothing. Whoever writes is
known by the number their account has on our server; their name elsewhere is where answers go.
"""

import json
from dataclasses import replace
from typing import Any

from adapters.instants import instant
from adapters.mastodon.outbound import EVERYBODY, PUBLIC
from adapters.mastodon.polls import counted
from adapters.mastodon.text import plain, without_mentions
from core.citizen import Person
from core.errors import Unreadable
from core.events import (
    Command,
    CommandGiven,
    Handle,
    Incoming,
    MessagePosted,
    NativeTallied,
    Received,
    ReportFiled,
    Target,
)
from core.identifiers import Address, MessageId, NativePollId, PlatformName, locale_for
from core.rules.media import Medium

MASTODON = PlatformName("mastodon")
ANSWERED = "answered"  # ours: the post that a command answers, beside the notification
REPORTED = "admin.report"
_OF_A_POST = ("id", "content")
_MEDIA = {"image": Medium.PHOTO, "gifv": Medium.VIDEO, "video": Medium.VIDEO, "audio": Medium.AUDIO}


def understand(body: bytes, received: Received, *, me: str) -> tuple[Incoming, ...]:
    """The event of a notification; empty when it says nothing to us. ``me`` is our number. Raises Unreadable."""
    try:
        told = json.loads(body)
        kind, status = told["type"], told.get("status")
        if kind == REPORTED:
            return _reported(told["report"], received, me=me)
        if kind not in ("mention", "poll") or not isinstance(status, dict):
            return ()
        ours = status["account"]["id"] == me
        if kind == "poll":
            return _ended(status["poll"], received) if ours else ()
        if ours:
            return ()
        answered = told.get(ANSWERED)
        target = _target(answered, me) if isinstance(answered, dict) else None
        return _heard(status, received, me=me, target=target)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"a notification of no known shape: {type(error).__name__}") from None


def answered_in_private(told: dict[str, Any]) -> str | None:
    """The post that somebody answers, alone with us, by what may be a command; None for anything else."""
    status = told.get("status")
    if told.get("type") != "mention" or not isinstance(status, dict) or status.get("visibility") != "direct":
        return None
    content, about = status.get("content"), status.get("in_reply_to_id")
    is_one = isinstance(content, str) and isinstance(about, str) and "/" in plain(content)
    return about if is_one and isinstance(about, str) else None


def _target(status: dict[str, Any], me: str) -> Target | None:
    """The post that a command answers; one of ours is no message to moderate: an answer to us goes on a talk."""
    if status["account"]["id"] == me:
        return None
    public = _text(status["visibility"]) in PUBLIC.values()
    author = _writer(status)
    return Target(
        author=author,
        chat=EVERYBODY if public else Address(author.account),
        message=MessageId(_text(status["id"])),
        text=_words(status, me),
    )


def _words(status: dict[str, Any], me: str) -> str:
    """What it says, without our name, which applications put first."""
    ours = next((_text(each["username"]) for each in status.get("mentions", ()) if each["id"] == me), "")
    return without_mentions(plain(_text(status["content"])), of=ours)


def _writer(status: dict[str, Any]) -> Person:
    author = status["account"]
    return Person(
        platform=MASTODON,
        account=Address(f"@{_text(author['acct'])}"),
        locale=locale_for(status.get("language")),
        name=str(author.get("display_name") or author["acct"]),
        number=_text(author["id"]),
    )


def without_reporter(told: dict[str, Any], report: dict[str, Any], link: str) -> dict[str, Any]:
    """What is kept of a report: whom it is about, which posts, where it is shown; neither who made it nor their words.

    ``report`` is what the server's staff is shown; empty when it is gone.
    """
    about = report.get("target_account") or {}
    posts = [{name: each.get(name) for name in _OF_A_POST} for each in report.get("statuses") or ()]
    kept = {"id": report.get("id"), "account": about.get("account"), "statuses": posts, "link": link}
    return {"id": told["id"], "type": REPORTED, "report": kept}


def _reported(report: dict[str, Any], received: Received, *, me: str) -> tuple[Incoming, ...]:
    """Somebody is reported to the server of which we are the staff; what is about us is for others to judge."""
    about, posts = report["account"], report["statuses"]
    if about is None or about["id"] == me:
        return ()
    number = _text(report["id"])
    author = Person(
        platform=MASTODON,
        account=Address(f"@{_text(about['acct'])}"),
        locale=locale_for(None),
        name=str(about.get("display_name") or about["acct"]),
        number=_text(about["id"]),
    )
    filed = ReportFiled(
        received=received,
        author=author,
        chat=EVERYBODY,
        message=MessageId(_text(posts[0]["id"]) if posts else f"report/{number}"),
        text="\n\n".join(plain(_text(each["content"])) for each in posts),
        link=_text(report["link"]),
        report=number,
    )
    return (filed,)


def _heard(
    status: dict[str, Any], received: Received, *, me: str, target: Target | None = None
) -> tuple[Incoming, ...]:
    author, person = status["account"], _writer(status)
    name = Address(person.account)
    private = _text(status["visibility"]) not in PUBLIC.values()  # what is for followers only is no public debate
    message = MessageId(_text(status["id"]))
    answered = status.get("in_reply_to_id")
    posted = MessagePosted(
        received=received,
        person=person,
        handle=Handle(
            account=received.account,
            private=private,
            chat=name if private else EVERYBODY,
            message=message,
            press=f"{message} {name}",
        ),
        text=_words(status, me),
        answers=MessageId(answered) if isinstance(answered, str) else None,
        edited=status.get("edited_at") is not None,
        since=instant(author.get("created_at")),
        media=frozenset(_MEDIA[each["type"]] for each in status.get("media_attachments", ()) if each["type"] in _MEDIA),
    )
    return (_command(posted, target),)


def _ended(poll: dict[str, Any], received: Received) -> tuple[Incoming, ...]:
    """A poll of ours is over: its totals came with the news, which servers send once all is counted."""
    tally = counted(poll, received.at)
    final = replace(tally, final=bool(poll["expired"]) and tally.counts is not None)
    return (NativeTallied(received=received, poll=NativePollId(_text(poll["id"])), tally=final),)


def _command(posted: MessagePosted, target: Target | None) -> Incoming:
    """The command that the words begin with, else the message."""
    words = posted.text.split()
    if not words or not words[0].startswith("/") or posted.edited:
        return posted
    return CommandGiven(
        received=posted.received,
        person=posted.person,
        command=Command(words[0].removeprefix("/"), tuple(words[1:])),
        handle=posted.handle,
        said=None if posted.handle.private else posted,
        target=target if posted.handle.private else None,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
