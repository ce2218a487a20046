"""Sanctions: what should be true of a person or of a chat.

Revision: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sanctions",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pause", sa.Integer(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT, nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("seconded_by", sa.String(), nullable=True),
        sa.Column("case_number", _NUMBER, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("annulled", sa.Boolean(), nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("look_at", _INSTANT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", _INSTANT, nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sanctions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sanctions_subject", "sanctions", ["subject"])
    live = sa.text("state IN ('standing', 'ending')")
    op.create_index("ix_sanctions_live", "sanctions", ["account", "look_at"], sqlite_where=live, postgresql_where=live)
