"""Who looks after a case, and what was written in it.

Revision: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("cases", sa.Column("assigned", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "case_words",
        sa.Column("entry", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("case", _NUMBER, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_case_words_case", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry", name="pk_case_words"),
    )
    op.create_index("ix_case_words_case", "case_words", ["case"])
    op.create_index("ix_audit_about", "audit", ["about"])
