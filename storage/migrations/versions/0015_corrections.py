"""Corrections of what is out, and where everybody can look at it.

Revision: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("receipts", sa.Column("link", sa.String(), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("answers", _NUMBER, nullable=True))
    _index("ix_deliveries_answers", "deliveries", ["answers"], "answers IS NOT NULL")
    op.create_table(
        "corrections",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("occurrence", _NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["occurrence"], ["occurrences.id"], name="fk_corrections_occurrence"),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_occurrence", "corrections", ["occurrence"])
    op.create_table(
        "amendments",
        sa.Column("correction", _NUMBER, nullable=False),
        sa.Column("delivery", _NUMBER, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", _INSTANT, nullable=True),
        sa.Column("claimed_at", _INSTANT, nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("reply", _NUMBER, nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["correction"], ["corrections.id"], name="fk_amendments_correction"),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_amendments_delivery", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reply"], ["deliveries.id"], name="fk_amendments_reply", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("correction", "delivery", name="pk_amendments"),
    )
    op.create_index("ix_amendments_delivery", "amendments", ["delivery"])
    _index("ix_amendments_planned", "amendments", ["account", "due_at"], "state = 'planned'")
    _index("ix_amendments_making", "amendments", ["account", "lease_until"], "state = 'making'")
    _index("ix_amendments_reply", "amendments", ["reply"], "reply IS NOT NULL")


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
