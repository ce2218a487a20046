"""What was said in the debates."""

from datetime import datetime

from sqlalchemy import insert
from sqlmodel import col, delete, func, select

from core.identifiers import AccountName, Address, MessageId
from core.journal import Entry
from storage.books.book import Book
from storage.journal_tables import JournalRow

_ADD = insert(JournalRow)  # made once: this is done at every message of the debates


class Journal(Book):
    """See ``core.ports.books.journal.JournalBook``."""

    def add(
        self, *, account: AccountName, chat: Address, message: MessageId, author: bytes, sealed: bytes, at: datetime
    ) -> None:
        """Add it at the end."""
        row = {"account": account, "chat": chat, "message": message, "author": author, "sealed": sealed, "at": at}
        self._session.connection().execute(_ADD, row)

    def count(self, *, since: datetime) -> int:
        """Count those that came since."""
        return self._session.exec(select(func.count()).where(col(JournalRow.at) >= since)).one()

    def after(self, number: int, *, since: datetime, limit: int) -> tuple[Entry, ...]:
        """List the following."""
        following = select(JournalRow).where(JournalRow.id > number, col(JournalRow.at) >= since)
        return tuple(map(_entry, self._session.exec(following.order_by(col(JournalRow.id)).limit(limit))))

    def of(self, author: bytes) -> tuple[Entry, ...]:
        """List those of one person."""
        theirs = select(JournalRow).where(JournalRow.author == author).order_by(col(JournalRow.id))
        return tuple(map(_entry, self._session.exec(theirs)))

    def forget(self, author: bytes) -> int:
        """Erase those of one person."""
        return self._change(delete(JournalRow).where(col(JournalRow.author) == author))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._change(delete(JournalRow).where(col(JournalRow.at) < before))


def _entry(row: JournalRow) -> Entry:
    return Entry(
        number=row.id,
        account=AccountName(row.account),
        chat=Address(row.chat),
        message=MessageId(row.message),
        author=row.author,
        sealed=row.sealed,
        at=row.at,
    )
