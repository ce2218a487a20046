"""The row of somebody who asked to join a discussion."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.rows import Row, instant


class RequestRow(Row, table=True):
    """The latest request of one person for one discussion."""

    __tablename__ = "join_requests"
    __table_args__ = (Index("ix_join_requests_person", "person"), Index("ix_join_requests_at", "at"))

    account: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    person: bytes = Field(primary_key=True)
    sealed: bytes
    place: str
    at: datetime = instant()
    state: str
