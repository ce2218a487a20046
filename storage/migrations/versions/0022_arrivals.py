"""Who came into the discussions.

Revision: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", "chat", "person", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_lately", "arrivals", ["account", "chat", "at"])
    op.create_index("ix_arrivals_person", "arrivals", ["person"])
    op.create_index("ix_arrivals_at", "arrivals", ["at"])
