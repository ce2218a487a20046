"""What was said in the debates, for trying a charter on it."""

from datetime import datetime
from typing import Protocol

from core.identifiers import AccountName, Address, MessageId
from core.journal import Entry


class JournalBook(Protocol):
    """The journal of the debates."""

    def add(
        self, *, account: AccountName, chat: Address, message: MessageId, author: bytes, sealed: bytes, at: datetime
    ) -> None:
        """Put a message after those before it; one that was rewritten stands there once more."""
        ...

    def count(self, *, since: datetime) -> int:
        """How many came at this instant or later."""
        ...

    def after(self, number: int, *, since: datetime, limit: int) -> tuple[Entry, ...]:
        """Those with larger numbers that came at this instant or later, the oldest first."""
        ...

    def of(self, author: bytes) -> tuple[Entry, ...]:
        """Those of one person, the oldest first."""
        ...

    def forget(self, author: bytes) -> int:
        """Erase those of one person. Returns how many."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget those older than this instant. Returns how many."""
        ...
