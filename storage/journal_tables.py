"""The row of the journal of the debates."""

from datetime import datetime

from sqlalchemy import Index

from storage.rows import COUNTED, Row, instant, numbered


class JournalRow(Row, table=True):
    """A message of the debates, sealed."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_author", "author"), Index("ix_journal_at", "at"), COUNTED)

    id: int = numbered()
    account: str
    chat: str
    message: str
    author: bytes
    sealed: bytes
    at: datetime = instant()
