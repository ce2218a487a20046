"""Turns: what is planned is found by campaign, and what is begun by recipient.

Revision: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_PLANNED = sa.text("state = 'planned'")
_BEGUN = sa.text("claimed_at IS NOT NULL AND state IN ('planned', 'sending')")


def upgrade() -> None:
    op.drop_index("ix_deliveries_claim", "deliveries")
    op.create_index(
        "ix_deliveries_claim",
        "deliveries",
        ["account", "urgency", "occurrence", "due_at", "id"],
        sqlite_where=_PLANNED,
        postgresql_where=_PLANNED,
    )
    op.create_index(
        "ix_deliveries_begun",
        "deliveries",
        ["kind", "name"],
        sqlite_where=_BEGUN,
        postgresql_where=_BEGUN,
    )
