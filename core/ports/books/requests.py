"""Who asked to join a discussion."""

from datetime import datetime
from typing import Protocol

from core.admission import JoinRequest
from core.identifiers import AccountName, Address


class RequestBook(Protocol):
    """The latest request of each person for each discussion, until it is dealt with."""

    def save(self, request: JoinRequest) -> None:
        """Store it, in the place of the one before."""
        ...

    def find(self, account: AccountName, chat: Address, person: bytes) -> JoinRequest | None:
        """The one of this person."""
        ...

    def all(self) -> tuple[JoinRequest, ...]:
        """All of them, the oldest first."""
        ...

    def of(self, person: bytes) -> tuple[JoinRequest, ...]:
        """Those of one person, the oldest first."""
        ...

    def drop(self, request: JoinRequest) -> None:
        """It is dealt with; one that was made since then stays."""
        ...

    def forget(self, person: bytes) -> int:
        """Erase those of one person. Returns how many."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget those made before this instant. Returns how many."""
        ...
