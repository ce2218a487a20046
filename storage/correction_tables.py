"""The rows of what is ordered about what is out, and of what becomes of it at each copy."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from storage.rows import COUNTED, NUMBER, Row, instant, numbered, where


class CorrectionRow(Row, table=True):
    """What was ordered about what an occurrence said."""

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_occurrence", "occurrence"), COUNTED)

    id: int = numbered()
    occurrence: int = Field(sa_type=NUMBER, foreign_key="occurrences.id")
    kind: str
    body: str = Field(sa_type=Text)


class AmendmentRow(Row, table=True):
    """What becomes of one copy."""

    __tablename__ = "amendments"
    __table_args__ = (
        Index("ix_amendments_delivery", "delivery"),
        Index("ix_amendments_planned", "account", "due_at", **where("state = 'planned'")),
        Index("ix_amendments_making", "account", "lease_until", **where("state = 'making'")),
        Index("ix_amendments_reply", "reply", **where("reply IS NOT NULL")),
    )

    correction: int = Field(primary_key=True, sa_type=NUMBER, foreign_key="corrections.id")
    delivery: int = Field(primary_key=True, sa_type=NUMBER, foreign_key="deliveries.id", ondelete="CASCADE")
    account: str
    urgency: int
    due_at: datetime = instant()
    state: str
    attempts: int
    lease_until: datetime | None = instant(nullable=True)
    claimed_at: datetime | None = instant(nullable=True)
    settled_at: datetime | None = instant(nullable=True)
    reply: int | None = Field(sa_type=NUMBER, foreign_key="deliveries.id", ondelete="SET NULL")
    note: str
