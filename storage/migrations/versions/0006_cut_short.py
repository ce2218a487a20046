"""Messages about a poll of which only a part went out: found again when the poll is over.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_CUT_SHORT = "poll IS NOT NULL AND state IN ('cancelled', 'expired', 'failed') AND kind = 'channel' AND NOT final"


def upgrade() -> None:
    op.create_index(
        "ix_deliveries_cut_short",
        "deliveries",
        ["poll"],
        sqlite_where=sa.text(_CUT_SHORT),
        postgresql_where=sa.text(_CUT_SHORT),
    )
