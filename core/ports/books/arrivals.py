"""Who came into the discussions."""

from datetime import datetime
from typing import Protocol

from core.identifiers import AccountName, Address


class ArrivalBook(Protocol):
    """The latest arrival of each person in each discussion."""

    def note(self, account: AccountName, chat: Address, person: bytes, *, at: datetime) -> None:
        """Somebody came; again, perhaps."""
        ...

    def since(self, account: AccountName, chat: Address, person: bytes) -> datetime | None:
        """When they came; None when that is not known."""
        ...

    def count(self, account: AccountName, chat: Address, *, since: datetime) -> int:
        """How many came at this instant or later."""
        ...

    def of(self, person: bytes) -> int:
        """Into how many discussions somebody came."""
        ...

    def forget(self, person: bytes) -> int:
        """Erase those of one person. Returns how many."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget those older than this instant. Returns how many."""
        ...
