"""Messages that joined a case.

Revision: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UNREMOVED = sa.text("state IN ('to_remove', 'to_hide')")


def upgrade() -> None:
    op.create_table(
        "case_messages",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("case", _NUMBER, nullable=False),
        sa.Column("entry", _NUMBER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_case_messages_case", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account", "chat", "message", name="pk_case_messages"),
    )
    op.create_index("ix_case_messages_case", "case_messages", ["case"])
    op.create_index(
        "ix_case_messages_unremoved",
        "case_messages",
        ["account", "entry"],
        sqlite_where=_UNREMOVED,
        postgresql_where=_UNREMOVED,
    )
