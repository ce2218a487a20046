"""The first tables.

Revision: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INSTANT = sa.DateTime(timezone=True)
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _arriving()
    _voting()
    _going_out()
    _people()
    _town()


def _arriving() -> None:
    op.create_table(
        "cursors",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_cursors"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_account", "inbox", ["account", "id"])
    op.create_table(
        "quarantine",
        sa.Column("id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
    )


def _voting() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_at", _INSTANT, nullable=False),
        sa.Column("closed_at", _INSTANT, nullable=True),
        sa.Column("tally", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_polls"),
    )
    op.create_table(
        "ballots",
        sa.Column("poll", sa.String(), nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("poll", "voter", name="pk_ballots"),
        sqlite_with_rowid=False,
    )


def _going_out() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
    )
    op.create_table(
        "occurrences",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_occurrences_campaign"),
        sa.PrimaryKeyConstraint("id", name="pk_occurrences"),
        sa.UniqueConstraint("campaign", "step", name="uq_occurrences_campaign"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_occurrences_due", "occurrences", ["due_at"], **_where("state = 'planned'"))
    op.create_table(
        "messages",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("digest", name="uq_messages_digest"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "deliveries",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("occurrence", _NUMBER, nullable=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("message", _NUMBER, nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", _INSTANT, nullable=True),
        sa.Column("claimed_at", _INSTANT, nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("poll", sa.String(), nullable=True),
        sa.Column("shown", sa.LargeBinary(), nullable=True),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_deliveries_message"),
        sa.ForeignKeyConstraint(["occurrence"], ["occurrences.id"], name="fk_deliveries_occurrence"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("kind", "name", "occurrence", name="uq_deliveries_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_deliveries_boards", "deliveries", ["poll"], **_where("poll IS NOT NULL AND state = 'sent' AND NOT final")
    )
    op.create_index(
        "ix_deliveries_claim", "deliveries", ["account", "urgency", "due_at", "id"], **_where("state = 'planned'")
    )
    op.create_index("ix_deliveries_expiry", "deliveries", ["expires_at"], **_where("state = 'planned'"))
    op.create_index("ix_deliveries_lease", "deliveries", ["lease_until"], **_where("state = 'sending'"))
    op.create_index("ix_deliveries_message", "deliveries", ["message"])
    op.create_index("ix_deliveries_occurrence", "deliveries", ["occurrence"])
    op.create_table(
        "receipts",
        sa.Column("delivery", _NUMBER, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("call", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_receipts_delivery", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("delivery", "rank", name="pk_receipts"),
    )
    op.create_index("ix_receipts_place", "receipts", ["account", "address", "message"])
    op.create_table(
        "mirrors",
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("group", "message", name="pk_mirrors"),
    )
    op.create_index("ix_mirrors_post", "mirrors", ["channel", "post"])


def _people() -> None:
    op.create_table(
        "citizens",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("subscribed", sa.Boolean(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_citizens"),
        sa.UniqueConstraint("blind", name="uq_citizens_blind"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_citizens_subscribed", "citizens", ["account"], **_where("subscribed"))
    op.create_table(
        "replies",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("about", _NUMBER, nullable=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["about"], ["deliveries.id"], name="fk_replies_about", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
        sa.UniqueConstraint("account", "chat", "message", name="uq_replies_account"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_replies_about", "replies", ["about"])
    op.create_index("ix_replies_author", "replies", ["author"])
    op.create_table(
        "cases",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("charter", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_cases"),
        sa.UniqueConstraint("account", "chat", "message", name="uq_cases_account"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cases_author", "cases", ["author"])


def _town() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )
    op.create_table(
        "moved",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account", "old", name="pk_moved"),
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
