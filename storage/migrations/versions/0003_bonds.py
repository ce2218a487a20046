"""Bonds: which accounts are one voter, and the codes that make them so.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bonds",
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("bond", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("blind", name="pk_bonds"),
    )
    op.create_index("ix_bonds_bond", "bonds", ["bond"])
    op.create_table(
        "link_codes",
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_link_codes"),
        sa.UniqueConstraint("digest", name="uq_link_codes_digest"),
    )
    op.create_table(
        "link_tries",
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_link_tries"),
    )
