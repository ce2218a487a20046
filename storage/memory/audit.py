"""Who did what, in memory."""

from core.audit import ROOT, Deed, Entry, digest_after
from storage.memory.shelves import Shelves


class Audit:
    """See ``core.ports.books.audit.AuditBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def record(self, deed: Deed) -> Entry:
        """Add it to the chain."""
        newest = next(reversed(self._shelves.audit.values()), None)
        previous = newest.digest if newest else ROOT
        digest = digest_after(previous, deed)
        entry = Entry(number=self._shelves.next("audit"), deed=deed, previous=previous, digest=digest)
        self._shelves.audit[entry.number] = entry
        return entry

    def last(self, *, limit: int) -> tuple[Entry, ...]:
        """List the newest."""
        return tuple(reversed(self._shelves.audit.values()))[:limit]

    def about(self, what: str) -> tuple[Entry, ...]:
        """List those about something."""
        return tuple(each for each in reversed(self._shelves.audit.values()) if each.deed.about == what)

    def after(self, number: int, *, limit: int) -> tuple[Entry, ...]:
        """List the following."""
        return tuple(each for each in self._shelves.audit.values() if each.number > number)[:limit]
