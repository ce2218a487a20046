"""The charter tried on the journal of the debates, for whoever may moderate; that it was read is written down."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from app.audit import signed
from app.office import Office
from bots.replaying import Replay
from core.audit import TOWN
from core.errors import ParvisError
from core.moderation import Charter
from core.ports.store import Books
from core.staff import Act

_AT_ONCE = 500


class NoJournal(ParvisError):
    """The town keeps no journal of its debates."""


async def replayed(
    office: Office, charter: Charter, days: int, *, most: int, told: Callable[[int, int], None]
) -> Replay:
    """Play the charter over the last days; ``told`` hears how many of how many messages are done.

    Nothing is done about any message. Raises NoJournal or NotAllowed.
    """
    deed, town = await signed(office, Act.REPLAY, TOWN), office.settings.town
    if not town.keeps_journal:
        problem = "this town keeps no journal of its debates: write «journal = true» below [charter], start anew, wait"
        raise NoJournal(problem)
    await office.store.write(lambda books: books.audit.record(deed))
    since = deed.at - timedelta(days=days)
    replay = Replay(charter, town, office.vault, most=most)
    last: int | None = 0
    total = await office.store.read(lambda books: books.journal.count(since=since))
    while last is not None:
        last = await office.store.read(partial(_play, replay, last, since))
        told(replay.played + replay.unreadable, total)
    return replay


def _play(replay: Replay, last: int, since: datetime, books: Books) -> int | None:
    """Play the messages after this one; the number of the last, None when there was none."""
    entries = books.journal.after(last, since=since, limit=_AT_ONCE)
    replay.play(books, entries)
    return entries[-1].number if entries else None
