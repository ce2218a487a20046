"""Doubts: since when a call that is to be made again may have been made already.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True))
