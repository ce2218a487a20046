"""The networks' own polls: which message carries which, and their totals.

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("receipts", sa.Column("poll", sa.String(), nullable=True))
    op.create_index(
        "ix_receipts_poll",
        "receipts",
        ["account", "poll"],
        sqlite_where=sa.text("poll IS NOT NULL"),
        postgresql_where=sa.text("poll IS NOT NULL"),
    )
    op.create_table(
        "native_polls",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name="pk_native_polls"),
    )
