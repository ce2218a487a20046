"""What was said in the debates, in memory."""

from datetime import datetime

from core.identifiers import AccountName, Address, MessageId
from core.journal import Entry
from storage.memory.shelves import Shelves


class Journal:
    """See ``core.ports.books.journal.JournalBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def add(
        self, *, account: AccountName, chat: Address, message: MessageId, author: bytes, sealed: bytes, at: datetime
    ) -> None:
        """Add it at the end."""
        number = self._shelves.next("journal")
        self._shelves.journal[number] = Entry(
            number=number, account=account, chat=chat, message=message, author=author, sealed=sealed, at=at
        )

    def count(self, *, since: datetime) -> int:
        """Count those that came since."""
        return sum(entry.at >= since for entry in self._shelves.journal.values())

    def after(self, number: int, *, since: datetime, limit: int) -> tuple[Entry, ...]:
        """List the following."""
        entries = self._shelves.journal.values()
        return tuple(entry for entry in entries if entry.number > number and entry.at >= since)[:limit]

    def of(self, author: bytes) -> tuple[Entry, ...]:
        """List those of one person."""
        return tuple(entry for entry in self._shelves.journal.values() if entry.author == author)

    def forget(self, author: bytes) -> int:
        """Erase those of one person."""
        return self._drop(self.of(author))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._drop(tuple(entry for entry in self._shelves.journal.values() if entry.at < before))

    def _drop(self, entries: tuple[Entry, ...]) -> int:
        for entry in entries:
            del self._shelves.journal[entry.number]
        return len(entries)
