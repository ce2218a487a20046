"""A message of the debates as the charter judges it: with where it stands, and what was said lately."""

from datetime import timedelta

from bots.desk import Desk
from bots.spoken import Spoken
from core import journal
from core.moderation import UNTOUCHED, Verdict, weighed
from core.ports.store import Books
from core.said import Said, around

KNOWN_AFTER = timedelta(days=30)


def verdict_on(desk: Desk, books: Books, spoken: Spoken) -> Verdict | None:
    """What the charter says of a message; None of those whom no rule touches.

    A new message is noted first, so that too many are counted; a rewritten one, or one judged again, is noted already.
    """
    event = spoken.event
    if event.official:
        return None
    said = _said(desk, books, spoken)
    is_citizen = event.official is False
    if is_citizen and desk.town.keeps_journal:
        _keep(desk, books, said)
    context = around(said, desk.recent, desk.town, is_trusted=lambda: is_trusted(books, said), noted=is_citizen)
    return weighed(said.text, desk.town.charter.rules, context)


def is_trusted(books: Books, said: Said) -> bool:
    """Whether the town knew its author well then: a month of its news, and no other message removed."""
    citizen = books.citizens.find(said.author)
    if citizen is None or said.at - citizen.since < KNOWN_AFTER:
        return False
    cases = (case for case in books.cases.of(said.author) if case.state not in UNTOUCHED and case.at <= said.at)
    return all((case.account, case.chat, case.message) == (said.account, said.chat, said.message) for case in cases)


def _said(desk: Desk, books: Books, spoken: Spoken) -> Said:
    event = spoken.event
    author = desk.vault.blind(event.person.ref)
    since = event.since
    if since is None and desk.town.charter.asks_who_is_new:
        since = books.arrivals.since(desk.account, spoken.chat, author)
    return Said(
        account=desk.account,
        chat=spoken.chat,
        message=spoken.message,
        author=author,
        at=event.received.at,
        network=event.person.platform,
        text=event.text,
        places=spoken.places,
        links=event.links,
        media=event.media,
        forwarded=event.forwarded,
        edited=event.edited,
        as_channel=not event.person.has_private_chat,
        since=since,
    )


def _keep(desk: Desk, books: Books, said: Said) -> None:
    books.journal.add(
        account=said.account,
        chat=said.chat,
        message=said.message,
        author=said.author,
        sealed=desk.vault.seal(journal.written(said)),
        at=said.at,
    )
