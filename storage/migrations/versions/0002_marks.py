"""Marks: networks that do not number what they report name the place where the reading stands.

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("cursors", sa.Column("mark", sa.String(), nullable=False, server_default=""))
