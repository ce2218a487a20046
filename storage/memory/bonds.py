"""Which accounts are one voter, in memory."""

from collections.abc import Sequence
from datetime import datetime

from core.identifiers import PersonRef
from core.ports.books.bonds import Offer
from storage.memory.shelves import Shelves


class Bonds:
    """See ``core.ports.books.bonds.BondBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def of(self, blinds: Sequence[bytes]) -> dict[bytes, PersonRef]:
        """Look them up."""
        return {blind: self._shelves.bonds[blind] for blind in blinds if blind in self._shelves.bonds}

    def size(self, bond: PersonRef) -> int:
        """Count its accounts."""
        return list(self._shelves.bonds.values()).count(bond)

    def join(self, blind: bytes, bond: PersonRef) -> None:
        """Put one in."""
        self._shelves.bonds[blind] = bond

    def merge(self, old: PersonRef, new: PersonRef) -> None:
        """Put all in."""
        for blind, bond in self._shelves.bonds.items():
            if bond == old:
                self._shelves.bonds[blind] = new

    def leave(self, blind: bytes) -> None:
        """Take one out."""
        self._shelves.bonds.pop(blind, None)

    def offer(self, digest: bytes, offer: Offer) -> None:
        """Replace the code of this owner."""
        self._shelves.offers = {
            known: each for known, each in self._shelves.offers.items() if each.owner != offer.owner
        }
        self._shelves.offers[digest] = offer

    def take(self, digest: bytes) -> Offer | None:
        """Read it and delete it."""
        return self._shelves.offers.pop(digest, None)

    def tries(self, owner: bytes, *, at: datetime) -> int:
        """Say how many."""
        tries, until = self._shelves.tries.get(owner, (0, at))
        return tries if until > at else 0

    def tried(self, owner: bytes, *, at: datetime, until: datetime) -> None:
        """Count one more."""
        tries = self.tries(owner, at=at)
        self._shelves.tries[owner] = (tries + 1, self._shelves.tries[owner][1] if tries else until)

    def forget(self, blind: bytes) -> int:
        """Erase all of one account."""
        mine = [digest for digest, offer in self._shelves.offers.items() if offer.owner == blind]
        for digest in mine:
            del self._shelves.offers[digest]
        gone = [shelf.pop(blind, None) for shelf in (self._shelves.bonds, self._shelves.tries)]
        return len(mine) + sum(each is not None for each in gone)

    def purge(self, *, before: datetime) -> int:
        """Erase what has ended."""
        offers = [digest for digest, offer in self._shelves.offers.items() if offer.until < before]
        tries = [owner for owner, (_, until) in self._shelves.tries.items() if until < before]
        for digest in offers:
            del self._shelves.offers[digest]
        for owner in tries:
            del self._shelves.tries[owner]
        return len(offers) + len(tries)
