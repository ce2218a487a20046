"""Sanctions: what should be, and how its carrying out stands."""

from datetime import datetime
from typing import Protocol

from core.identifiers import AccountName, Address, SanctionId
from core.sanction import Sanction, SanctionState


class SanctionBook(Protocol):
    """The sanctions of the town."""

    def add(self, sanction: Sanction) -> Sanction:
        """Keep a new one; the same with its number."""
        ...

    def get(self, number: SanctionId) -> Sanction | None:
        """The sanction."""
        ...

    def of(self, subject: bytes) -> tuple[Sanction, ...]:
        """All of one person, the oldest first."""
        ...

    def about(self, account: AccountName, chat: Address, subject: bytes) -> tuple[Sanction, ...]:
        """Those of a person in a chat (of the chat itself: ``b""``) that stand or are ending, the oldest first."""
        ...

    def all(self, *, state: SanctionState | None = None, limit: int = 100) -> tuple[Sanction, ...]:
        """Sanctions, the newest first."""
        ...

    def due(self, account: AccountName, at: datetime, *, limit: int) -> tuple[Sanction, ...]:
        """Those that stand or are ending and are to be compared with what is by now, the longest due first."""
        ...

    def failing(self) -> tuple[Sanction, ...]:
        """Those that stand or are ending and are not as they should be on the network, the oldest first."""
        ...

    def save(self, sanction: Sanction, *, expected: SanctionState) -> bool:
        """Store it as it now is if its state is still ``expected``; else False."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget those that have ended and ended, or were decided where they have no end, before. Returns how many."""
        ...
