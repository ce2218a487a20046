"""The rows of what the staff did, and of what it decides about."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from storage.rows import COUNTED, Row, instant, numbered


class AuditRow(Row, table=True):
    """What somebody of the staff did; ``digest`` is also of all rows before."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_about", "about"), COUNTED)

    id: int = numbered()
    who: str
    at: datetime = instant()
    act: str
    about: str
    content: str
    previous: str
    digest: str


class ReviewRow(Row, table=True):
    """A campaign as submitted; ``content`` is the digest of ``body``."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_campaign", "campaign"), Index("ix_reviews_state", "state"), COUNTED)

    id: int = numbered()
    campaign: str
    body: str = Field(sa_type=Text)
    content: str
    by: str
    at: datetime = instant()
    blocking: int
    state: str
    decided_by: str | None
    decided_at: datetime | None = instant(nullable=True)
    ripe_at: datetime | None = instant(nullable=True)
    why: str = Field(sa_type=Text)
