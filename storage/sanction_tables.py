"""The rows of sanctions: what should be, and how its carrying out stands."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from storage.rows import COUNTED, NUMBER, Row, instant, numbered, where

LIVE = "state IN ('standing', 'ending')"


class SanctionRow(Row, table=True):
    """A sanction. ``pause`` is in seconds; ``case_number`` may be of a case that is forgotten."""

    __tablename__ = "sanctions"
    __table_args__ = (
        Index("ix_sanctions_subject", "subject"),
        Index("ix_sanctions_live", "account", "look_at", **where(LIVE)),
        COUNTED,
    )

    id: int = numbered()
    kind: str
    account: str
    chat: str
    subject: bytes
    sealed: bytes
    pause: int
    since: datetime = instant()
    until: datetime | None = instant(nullable=True)
    by: str
    seconded_by: str | None
    case_number: int | None = Field(sa_type=NUMBER)
    state: str
    annulled: bool
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str | None
    ours: bool
    look_at: datetime = instant()
    failures: int
    failing_since: datetime | None = instant(nullable=True)
    trouble: str = Field(sa_type=Text)
    before: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
