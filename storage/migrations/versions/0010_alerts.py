"""Alerts: what needs a human, and where to find quickly what does.

Revision: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("told_at", _INSTANT, nullable=True),
        sa.Column("over_at", _INSTANT, nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sqlite_autoincrement=True,
    )
    _index("ix_alerts_standing", "alerts", "id", "NOT done")
    op.create_index("ix_alerts_told", "alerts", ["told_at"])
    _index("ix_deliveries_doubt", "deliveries", "id", "state = 'uncertain' AND kind <> 'staff'")
    undelivered = "state IN ('failed', 'expired') AND kind IN ('channel', 'chat')"
    _index("ix_deliveries_undelivered", "deliveries", "expires_at", undelivered)


def _index(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
