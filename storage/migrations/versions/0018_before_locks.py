"""How a chat was set up before it was locked or slowed down.

Revision: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("sanctions", sa.Column("before", sa.Text(), nullable=False, server_default=""))
