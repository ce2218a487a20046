"""Sanctions, in memory."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from core.identifiers import AccountName, Address, SanctionId
from core.sanction import Sanction, SanctionState
from storage.memory.shelves import Shelves

_LIVE = frozenset({SanctionState.STANDING, SanctionState.ENDING})


class Sanctions:
    """See ``core.ports.books.sanctions.SanctionBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def add(self, sanction: Sanction) -> Sanction:
        """Keep it."""
        numbered = replace(sanction, id=SanctionId(self._shelves.next("sanction")))
        self._shelves.sanctions[numbered.id] = numbered
        return numbered

    def get(self, number: SanctionId) -> Sanction | None:
        """Look one up."""
        return self._shelves.sanctions.get(number)

    def of(self, subject: bytes) -> tuple[Sanction, ...]:
        """List those of one person."""
        return tuple(each for each in self._shelves.sanctions.values() if each.subject == subject)

    def about(self, account: AccountName, chat: Address, subject: bytes) -> tuple[Sanction, ...]:
        """List those that are live of one person in one chat."""
        place = (account, chat, subject)
        return tuple(each for each in self._live() if (each.account, each.chat, each.subject) == place)

    def all(self, *, state: SanctionState | None = None, limit: int = 100) -> tuple[Sanction, ...]:
        """List them, the newest first."""
        found = [each for each in self._shelves.sanctions.values() if state in {None, each.state}]
        return tuple(reversed(found))[:limit]

    def due(self, account: AccountName, at: datetime, *, limit: int) -> tuple[Sanction, ...]:
        """List those to look at."""
        found = (each for each in self._live() if each.account == account and each.look_at <= at)
        return tuple(sorted(found, key=lambda each: each.look_at))[:limit]

    def failing(self) -> tuple[Sanction, ...]:
        """List those that are not as they should be."""
        return tuple(each for each in self._live() if each.failing_since is not None)

    def save(self, sanction: Sanction, *, expected: SanctionState) -> bool:
        """Compare and set."""
        known = self._shelves.sanctions.get(sanction.id)
        if known is None or known.state is not expected:
            return False
        self._shelves.sanctions[sanction.id] = sanction
        return True

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        old = [each.id for each in self._shelves.sanctions.values() if _is_old(each, before)]
        for number in old:
            del self._shelves.sanctions[number]
        return len(old)

    def _live(self) -> Iterator[Sanction]:
        return (each for each in self._shelves.sanctions.values() if each.state in _LIVE)


def _is_old(sanction: Sanction, before: datetime) -> bool:
    if sanction.state is SanctionState.PROPOSED:
        return sanction.since < before
    return sanction.state is SanctionState.ENDED and sanction.ended_at is not None and sanction.ended_at < before
