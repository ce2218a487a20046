"""The row of somebody who came into a discussion."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.rows import Row, instant


class ArrivalRow(Row, table=True):
    """The latest arrival of one person in one discussion."""

    __tablename__ = "arrivals"
    __table_args__ = (
        Index("ix_arrivals_lately", "account", "chat", "at"),
        Index("ix_arrivals_person", "person"),
        Index("ix_arrivals_at", "at"),
    )

    account: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    person: bytes = Field(primary_key=True)
    at: datetime = instant()
