"""Which accounts are one voter."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import col, delete, select, update

from core.identifiers import PersonRef
from core.ports.books.bonds import Offer
from storage.books.book import Book
from storage.tables import BondRow, LinkCodeRow, LinkTriesRow

# Made once: it is asked for each batch of votes.
_BONDS = select(col(BondRow.blind), col(BondRow.bond)).where(
    col(BondRow.blind).in_(bindparam("blinds", expanding=True))
)


class Bonds(Book):
    """See ``core.ports.books.bonds.BondBook``."""

    def of(self, blinds: Sequence[bytes]) -> dict[bytes, PersonRef]:
        """Look them up."""
        found = self._session.connection().execute(_BONDS, {"blinds": blinds})
        return {blind: PersonRef(bond) for blind, bond in found}

    def size(self, bond: PersonRef) -> int:
        """Count its accounts."""
        return self._session.exec(select(func.count()).select_from(BondRow).where(BondRow.bond == bond)).one()

    def join(self, blind: bytes, bond: PersonRef) -> None:
        """Put one in."""
        adding = self._dialect.insert(BondRow).values(blind=blind, bond=bond)
        self._change(adding.on_conflict_do_update(index_elements=["blind"], set_={"bond": bond}))

    def merge(self, old: PersonRef, new: PersonRef) -> None:
        """Put all in."""
        self._change(update(BondRow).where(col(BondRow.bond) == old).values(bond=new))

    def leave(self, blind: bytes) -> None:
        """Take one out."""
        self._change(delete(BondRow).where(col(BondRow.blind) == blind))

    def offer(self, digest: bytes, offer: Offer) -> None:
        """Replace the code of this owner."""
        told = {"digest": digest, "sealed": offer.sealed, "until": offer.until}
        adding = self._dialect.insert(LinkCodeRow).values(**told, owner=offer.owner)
        self._change(adding.on_conflict_do_update(index_elements=["owner"], set_=told))

    def take(self, digest: bytes) -> Offer | None:
        """Read it and delete it."""
        row = self._session.exec(select(LinkCodeRow).where(LinkCodeRow.digest == digest)).first()
        if row is None:
            return None
        self._change(delete(LinkCodeRow).where(col(LinkCodeRow.digest) == digest))
        return Offer(owner=row.owner, sealed=row.sealed, until=row.until)

    def tries(self, owner: bytes, *, at: datetime) -> int:
        """Say how many."""
        mine = select(LinkTriesRow).where(LinkTriesRow.owner == owner, col(LinkTriesRow.until) > at)
        row = self._session.exec(mine).first()
        return row.tries if row else 0

    def tried(self, owner: bytes, *, at: datetime, until: datetime) -> None:
        """Count one more."""
        tries = self.tries(owner, at=at) + 1
        adding = self._dialect.insert(LinkTriesRow).values(owner=owner, tries=tries, until=until)
        changed = {"tries": tries} if tries > 1 else {"tries": tries, "until": until}
        self._change(adding.on_conflict_do_update(index_elements=["owner"], set_=changed))

    def forget(self, blind: bytes) -> int:
        """Erase all of one account."""
        return (
            self._change(delete(BondRow).where(col(BondRow.blind) == blind))
            + self._change(delete(LinkCodeRow).where(col(LinkCodeRow.owner) == blind))
            + self._change(delete(LinkTriesRow).where(col(LinkTriesRow.owner) == blind))
        )

    def purge(self, *, before: datetime) -> int:
        """Erase what has ended."""
        return self._change(delete(LinkCodeRow).where(col(LinkCodeRow.until) < before)) + self._change(
            delete(LinkTriesRow).where(col(LinkTriesRow.until) < before)
        )
