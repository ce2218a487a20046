"""The row of a report of a citizen."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.rows import COUNTED, NUMBER, Row, instant, numbered


class ReportRow(Row, table=True):
    """Who asked for a look at a message, sealed."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("case", "reporter"), Index("ix_reports_reporter", "reporter"), COUNTED)

    id: int = numbered()
    case: int = Field(sa_type=NUMBER, foreign_key="cases.number", ondelete="CASCADE")
    account: str
    reporter: bytes
    sealed: bytes
    locale: str
    at: datetime = instant()
    upheld: bool | None
