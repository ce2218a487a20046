"""Accounts that are one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.identifiers import (
    PersonRef,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A code that waits: the keyed hash of whoever asked for it, their account sealed, and when it ends."""

    owner: bytes
    sealed: bytes
    until: datetime


class BondBook(Protocol):
    """Which accounts are one voter; everybody here is a keyed hash."""

    def of(self, blinds: Sequence[bytes]) -> dict[bytes, PersonRef]:
        """The bonds of those among them who have one."""
        ...

    def size(self, bond: PersonRef) -> int:
        """How many accounts it holds."""
        ...

    def join(self, blind: bytes, bond: PersonRef) -> None:
        """Put an account into a bond, out of any other."""
        ...

    def merge(self, old: PersonRef, new: PersonRef) -> None:
        """Put all accounts of one bond into another."""
        ...

    def leave(self, blind: bytes) -> None:
        """Take an account out of its bond."""
        ...

    def offer(self, digest: bytes, offer: Offer) -> None:
        """Let a code wait; an earlier one of the same owner ends."""
        ...

    def take(self, digest: bytes) -> Offer | None:
        """The offer of a code, which ends."""
        ...

    def tries(self, owner: bytes, *, at: datetime) -> int:
        """How many wrong codes they gave that are not forgotten yet."""
        ...

    def tried(self, owner: bytes, *, at: datetime, until: datetime) -> None:
        """One more; all are forgotten at ``until``, set by the first."""
        ...

    def forget(self, blind: bytes) -> int:
        """Erase the bond, the code and the tries of an account. Returns how many rows."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget codes and tries that ended before this instant. Returns how many."""
        ...
