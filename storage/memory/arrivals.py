"""Who came into the discussions, in memory."""

from datetime import datetime

from core.identifiers import AccountName, Address
from storage.memory.shelves import Shelves


class Arrivals:
    """See ``core.ports.books.arrivals.ArrivalBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def note(self, account: AccountName, chat: Address, person: bytes, *, at: datetime) -> None:
        """Keep it in the place of the one before."""
        self._shelves.arrivals[account, chat, person] = at

    def since(self, account: AccountName, chat: Address, person: bytes) -> datetime | None:
        """Look one up."""
        return self._shelves.arrivals.get((account, chat, person))

    def count(self, account: AccountName, chat: Address, *, since: datetime) -> int:
        """Count the latest."""
        known = self._shelves.arrivals.items()
        return sum(place[:2] == (account, chat) and at >= since for place, at in known)

    def of(self, person: bytes) -> int:
        """Count those of one person."""
        return sum(who == person for _, _, who in self._shelves.arrivals)

    def forget(self, person: bytes) -> int:
        """Erase those of one person."""
        return self._drop([place for place in self._shelves.arrivals if place[2] == person])

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._drop([place for place, at in self._shelves.arrivals.items() if at < before])

    def _drop(self, places: list[tuple[AccountName, Address, bytes]]) -> int:
        for place in places:
            del self._shelves.arrivals[place]
        return len(places)
