"""A message of the debates as the charter judges it: with where it stands, and what was said lately."""

from datetime import datetime, timedelta

from bots.desk import Desk
from bots.spoken import Spoken
from core.moderation import UNTOUCHED, Verdict, weighed
from core.ports.store import Books
from core.rules.context import Context
from core.rules.copies import sketch

KNOWN_AFTER = timedelta(days=30)


def verdict_on(desk: Desk, books: Books, spoken: Spoken) -> Verdict | None:
    """What the charter says of a message; None of those whom no rule touches.

    A new message is noted first, so that too many are counted; a rewritten one, or one judged again, is noted already.
    """
    event = spoken.event
    if event.official:
        return None
    author, chat = desk.vault.blind(event.person.ref), f"{desk.account} {spoken.chat}"
    numbers = sketch(event.text, desk.recent.key)
    if event.official is False:
        if not event.edited:
            desk.recent.note(author=author, chat=chat, message=spoken.message, at=event.received.at)
        desk.recent.note_words(numbers, chat=chat, message=spoken.message, at=event.received.at)
    around = Context(
        author=author,
        chat=chat,
        places=spoken.places,
        network=event.person.platform,
        town=tuple({desk.town.name.fr, desk.town.name.en}),
        at=event.received.at,
        links=event.links,
        media=event.media,
        forwarded=event.forwarded,
        sketch=numbers,
        since=event.since,
        is_trusted=lambda: _is_trusted(books, author, event.received.at),
        as_channel=not event.person.has_private_chat,
        recent=desk.recent,
    )
    return weighed(event.text, desk.town.charter.rules, around)


def _is_trusted(books: Books, author: bytes, at: datetime) -> bool:
    """Whether the town knows somebody well: a month of its news, and no message removed."""
    citizen = books.citizens.find(author)
    if citizen is None or at - citizen.since < KNOWN_AFTER:
        return False
    return all(case.state in UNTOUCHED for case in books.cases.of(author))
