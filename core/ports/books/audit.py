"""Who did what."""

from typing import Protocol

from core.audit import Deed, Entry


class AuditBook(Protocol):
    """The audit log, which only grows."""

    def record(self, deed: Deed) -> Entry:
        """Add what somebody did, after all that was done before."""
        ...

    def last(self, *, limit: int) -> tuple[Entry, ...]:
        """The newest entries, the newest first."""
        ...

    def about(self, what: str) -> tuple[Entry, ...]:
        """The entries about this, the newest first."""
        ...

    def after(self, number: int, *, limit: int) -> tuple[Entry, ...]:
        """The entries with larger numbers, the oldest first."""
        ...
