"""What stands still in the town, since when and why: told beside whatever else is asked."""

from collections.abc import Iterator
from datetime import UTC, datetime

from app.settings import Settings
from bots.statements import NOTICE_EXPIRES_AFTER
from campaigns.catching_up import late
from core.delivery import Urgency
from core.ports.engine import halt, listening, sending
from core.ports.platform import Finding
from core.ports.store import Books
from delivery.sobriety import sober

_HELD, _SINCE = "held", "held_since"


def hold(books: Books, reason: str, at: datetime) -> None:
    """Let nothing go out from now on."""
    books.town.set_fact(_HELD, reason)
    books.town.set_fact(_SINCE, at.isoformat())


def release(books: Books, at: datetime) -> str | None:
    """Let things go out again; why they were held, None when they were not.

    What people must be told is not too late for that; steps of campaigns stay bound to their time.
    """
    reason = books.town.fact(_HELD)
    if reason is not None:
        books.deliveries.prolong(Urgency.NOTICE, until=at + NOTICE_EXPIRES_AFTER)
    books.town.set_fact(_HELD, None)
    books.town.set_fact(_SINCE, None)
    return reason


def standstills(books: Books, settings: Settings) -> tuple[Finding, ...]:
    """Everything that stands still; ``detail`` is a whole sentence, in the town's time."""
    stands = (*_held(books, settings), *_sober(books, settings), *_late(books))
    return (*stands, *_lanes(books, settings), *_feeds(books, settings))


def _held(books: Books, settings: Settings) -> Iterator[Finding]:
    reason, since = books.town.fact(_HELD), books.town.fact(_SINCE)
    if reason is not None:
        began = f" since {settings.local(datetime.fromisoformat(since))}" if since else ""
        cure = "when things may go out again: parvis release"
        yield Finding("town", ok=False, detail=f"HELD{began}: {reason}", cure=cure)


def _sober(books: Books, settings: Settings) -> Iterator[Finding]:
    stands = sober(books)
    if stands is not None:
        why, since = stands
        detail = f"SOBER since {settings.local(since)}: {why}; nothing planned goes out, people are answered"
        yield Finding("town", ok=False, detail=detail, cure="see what waits: parvis frozen; let it go: parvis thaw")


def _late(books: Books) -> Iterator[Finding]:
    waiting = len(late(datetime.now(UTC), books))
    if waiting:
        detail = f"LATE: {waiting} steps fell due during an outage"
        yield Finding("campaigns", ok=False, detail=detail, cure="see what becomes of them: parvis late")


def _lanes(books: Books, settings: Settings) -> Iterator[Finding]:
    for account in settings.accounts:
        for lane, what in ((listening(account.name), "HEARS NOBODY"), (sending(account.name), "SENDS NOTHING")):
            stands = halt(books, lane)
            if stands is not None:
                detail = f"{account.name} {what} since {settings.local(stands.since)}: {stands.why}"
                yield Finding(account.name, ok=False, detail=detail, cure="it is tried again at least every hour")


def _feeds(books: Books, settings: Settings) -> Iterator[Finding]:
    for feed in settings.feeds:
        stands = books.feeds.reading(feed.name)
        if stands is not None and stands.alarms and stands.failing_since is not None:
            detail = f"feed {feed.name} IS NOT READ since {settings.local(stands.failing_since)}: {stands.trouble}"
            yield Finding(
                f"feed {feed.name}", ok=False, detail=detail, cure="once it is there again: parvis feeds check"
            )
