"""Asking: a network's own poll that may be out, and that no answer of the network names.

Revision: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("asks", sa.Boolean(), nullable=False, server_default=sa.false()))
