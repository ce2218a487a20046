"""The rows of the database, one class per table. ``storage.books`` turns them into the values of the core and back.

A number once given is never given again (AUTOINCREMENT on SQLite, identity on PostgreSQL): the number of an intake
decides which of two votes is the later one, that of a delivery is the key a platform may recognise.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, false
from sqlmodel import Field

from storage import (
    arrival_tables,
    case_tables,
    correction_tables,
    feed_tables,
    journal_tables,
    report_tables,
    request_tables,
    sanction_tables,
    staff_tables,
)
from storage.rows import COUNTED, NUMBER, Row, instant, numbered, where

__all__ = [
    "Row",
    "arrival_tables",
    "case_tables",
    "correction_tables",
    "feed_tables",
    "journal_tables",
    "report_tables",
    "request_tables",
    "sanction_tables",
    "staff_tables",
]  # with these the metadata is whole


class CursorRow(Row, table=True):
    """Where the reading of an account's updates stands."""

    __tablename__ = "cursors"

    account: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    mark: str = Field(default="", sa_column_kwargs={"server_default": ""})
    at: datetime = instant()


class IntakeRow(Row, table=True):
    """An update between arrival and effect."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_account", "account", "id"), COUNTED)

    id: int = numbered()
    account: str
    number: int = Field(sa_type=BigInteger)
    body: bytes
    at: datetime = instant()


class QuarantineRow(Row, table=True):
    """An update set aside, sealed."""

    __tablename__ = "quarantine"

    id: int = Field(primary_key=True, sa_type=NUMBER, sa_column_kwargs={"autoincrement": False})
    account: str
    number: int = Field(sa_type=BigInteger)
    sealed: bytes
    reason: str
    at: datetime = instant()


class PollRow(Row, table=True):
    """A poll. ``body`` is the poll as added, ``state`` what became of it, ``tally`` its frozen count."""

    __tablename__ = "polls"

    id: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    state: str
    opens_at: datetime = instant()
    closed_at: datetime | None = instant(nullable=True)
    tally: str | None = Field(sa_type=Text)


class BallotRow(Row, table=True):
    """A ballot. ``options`` are ranks joined by commas, empty when withdrawn; ``order`` is 0 once the poll is closed.

    No time, no number of its own: nothing but the pseudonym says whose it is or when it came.
    """

    __tablename__ = "ballots"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    poll: str = Field(primary_key=True)
    voter: bytes = Field(primary_key=True)
    options: str
    order: int = Field(sa_type=BigInteger)
    via: str


class CampaignRow(Row, table=True):
    """A campaign as started."""

    __tablename__ = "campaigns"

    id: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    state: str
    started_at: datetime = instant()


class OccurrenceRow(Row, table=True):
    """One step of a campaign at its instant. ``local`` is the wall-clock time of the plan, in ISO 8601."""

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("campaign", "step", "local"),
        Index("ix_occurrences_due", "due_at", **where("state = 'planned'")),
        COUNTED,
    )

    id: int = numbered()
    campaign: str = Field(foreign_key="campaigns.id")
    step: str
    local: str
    due_at: datetime = instant()
    state: str
    moved: bool


class MessageRow(Row, table=True):
    """The body of a message, stored once however many get it; ``digest`` finds it again."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("digest"), COUNTED)

    id: int = numbered()
    digest: bytes
    kind: str
    body: str = Field(sa_type=Text)


_DOUBT = "state = 'uncertain' AND kind <> 'staff'"
_UNDELIVERED = "state IN ('failed', 'expired') AND kind IN ('channel', 'chat')"
_CUT_SHORT = "poll IS NOT NULL AND state IN ('cancelled', 'expired', 'failed') AND kind = 'channel' AND NOT final"


class DeliveryRow(Row, table=True):
    """One message to one recipient. ``poll``, ``shown`` and ``final`` are for messages whose look follows a poll."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("kind", "name", "occurrence"),
        Index("ix_deliveries_occurrence", "occurrence"),
        Index("ix_deliveries_message", "message"),
        Index("ix_deliveries_answers", "answers", **where("answers IS NOT NULL")),
        Index("ix_deliveries_claim", "account", "urgency", "occurrence", "due_at", "id", **where("state = 'planned'")),
        Index(
            "ix_deliveries_begun", "kind", "name", **where("claimed_at IS NOT NULL AND state IN ('planned', 'sending')")
        ),
        Index("ix_deliveries_expiry", "expires_at", **where("state = 'planned'")),
        Index("ix_deliveries_lease", "lease_until", **where("state = 'sending'")),
        Index("ix_deliveries_boards", "poll", **where("poll IS NOT NULL AND state = 'sent' AND NOT final")),
        Index("ix_deliveries_cut_short", "poll", **where(_CUT_SHORT)),
        Index("ix_deliveries_doubt", "id", **where(_DOUBT)),
        Index("ix_deliveries_undelivered", "expires_at", **where(_UNDELIVERED)),
        COUNTED,
    )

    id: int = numbered()
    occurrence: int | None = Field(sa_type=NUMBER, foreign_key="occurrences.id")
    account: str
    kind: str
    name: str
    message: int = Field(sa_type=NUMBER, foreign_key="messages.id")
    urgency: int
    due_at: datetime = instant()
    expires_at: datetime = instant()
    state: str
    attempts: int
    lease_until: datetime | None = instant(nullable=True)
    claimed_at: datetime | None = instant(nullable=True)
    doubted_at: datetime | None = instant(nullable=True)
    parts: int
    done: int
    asks: bool = Field(sa_column_kwargs={"server_default": false()})
    note: str
    poll: str | None
    shown: bytes | None
    final: bool
    answers: int | None = Field(default=None, sa_type=NUMBER)  # also once that one is forgotten


class ReceiptRow(Row, table=True):
    """Where a part of a delivery stands."""

    __tablename__ = "receipts"
    __table_args__ = (
        Index("ix_receipts_place", "account", "address", "message"),
        Index("ix_receipts_poll", "account", "poll", **where("poll IS NOT NULL")),
    )

    delivery: int = Field(primary_key=True, sa_type=NUMBER, foreign_key="deliveries.id", ondelete="CASCADE")
    rank: int = Field(primary_key=True)
    account: str
    address: str
    message: str
    call: str
    poll: str | None = None
    link: str = Field(default="", sa_column_kwargs={"server_default": ""})


class NativePollRow(Row, table=True):
    """What is known of a network's own poll: the totals last seen, never who chose what."""

    __tablename__ = "native_polls"

    account: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    seen: str | None = Field(sa_type=Text)
    settled: bool
    asked: bool
    gone: bool


class MirrorRow(Row, table=True):
    """A copy of a post in a discussion group."""

    __tablename__ = "mirrors"
    __table_args__ = (Index("ix_mirrors_post", "channel", "post"),)

    group: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    channel: str
    post: str


class CitizenRow(Row, table=True):
    """A citizen: ``blind`` finds them, ``sealed`` names them to whoever holds the town's key."""

    __tablename__ = "citizens"
    __table_args__ = (
        UniqueConstraint("blind"),
        Index("ix_citizens_subscribed", "account", **where("subscribed")),
        COUNTED,
    )

    id: int = numbered()
    blind: bytes
    sealed: bytes
    account: str
    locale: str
    subscribed: bool
    since: datetime = instant()


class BondRow(Row, table=True):
    """An account that is one voter together with others."""

    __tablename__ = "bonds"
    __table_args__ = (Index("ix_bonds_bond", "bond"),)

    blind: bytes = Field(primary_key=True)
    bond: str


class LinkCodeRow(Row, table=True):
    """A code that waits to be typed on another network: its keyed hash, and who asked for it, sealed."""

    __tablename__ = "link_codes"
    __table_args__ = (UniqueConstraint("digest"),)

    owner: bytes = Field(primary_key=True)
    digest: bytes
    sealed: bytes
    until: datetime = instant()


class LinkTriesRow(Row, table=True):
    """How often somebody gave a wrong code, until this is forgotten."""

    __tablename__ = "link_tries"

    owner: bytes = Field(primary_key=True)
    tries: int
    until: datetime = instant()


class ReplyRow(Row, table=True):
    """What somebody answered."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("account", "chat", "message"),
        Index("ix_replies_author", "author"),
        Index("ix_replies_about", "about"),
        COUNTED,
    )

    id: int = numbered()
    about: int | None = Field(sa_type=NUMBER, foreign_key="deliveries.id", ondelete="SET NULL")
    account: str
    chat: str
    message: str
    author: bytes
    text: str = Field(sa_type=Text)
    at: datetime = instant()
    state: str


class AlertRow(Row, table=True):
    """What needs a human, and what the staff was told of it."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_standing", "id", **where("NOT done")),
        Index("ix_alerts_told", "told_at"),
        COUNTED,
    )

    id: int = numbered()
    matter: str = Field(sa_type=Text)
    since: datetime = instant()
    told_at: datetime | None = instant(nullable=True)
    over_at: datetime | None = instant(nullable=True)
    said: str
    done: bool


class FactRow(Row, table=True):
    """A fact about the instance."""

    __tablename__ = "facts"

    name: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)


class LaneRow(Row, table=True):
    """A lane, and the token without which nothing is written for it."""

    __tablename__ = "lanes"

    name: str = Field(primary_key=True)
    token: int = Field(sa_type=BigInteger)
    holder: str
    at: datetime = instant()


class MovedRow(Row, table=True):
    """The new address of a chat."""

    __tablename__ = "moved"

    account: str = Field(primary_key=True)
    old: str = Field(primary_key=True)
    new: str
