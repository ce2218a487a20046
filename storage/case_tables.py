"""The rows of the cases of moderation, and of what was written in them."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.rows import COUNTED, NUMBER, Row, instant, numbered, where


class CaseRow(Row, table=True):
    """A message judged."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("account", "chat", "message"), Index("ix_cases_author", "author"), COUNTED)

    number: int = numbered()
    article: str
    charter: str
    account: str
    chat: str
    message: str
    author: bytes
    sealed: bytes
    state: str
    at: datetime = instant()
    note: str
    assigned: str = Field(default="", sa_column_kwargs={"server_default": ""})


UNREMOVED = "state IN ('to_remove', 'to_hide')"


class JoinedRow(Row, table=True):
    """A message that joined a case; its words are those of its entry."""

    __tablename__ = "case_messages"
    __table_args__ = (
        Index("ix_case_messages_case", "case"),
        Index("ix_case_messages_unremoved", "account", "entry", **where(UNREMOVED)),
    )

    account: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    case: int = Field(sa_type=NUMBER, foreign_key="cases.number", ondelete="CASCADE")
    entry: int = Field(sa_type=NUMBER)
    state: str


class CaseWordsRow(Row, table=True):
    """What somebody wrote in a case, sealed: the words of one entry of the audit log."""

    __tablename__ = "case_words"
    __table_args__ = (Index("ix_case_words_case", "case"),)

    entry: int = Field(primary_key=True, sa_type=NUMBER, sa_column_kwargs={"autoincrement": False})
    case: int = Field(sa_type=NUMBER, foreign_key="cases.number", ondelete="CASCADE")
    sealed: bytes
