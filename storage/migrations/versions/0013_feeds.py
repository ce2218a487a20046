"""Feeds that are followed, and their articles.

Revision: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("modified", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name="pk_feeds"),
    )
    op.create_table(
        "articles",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("guid", sa.String(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("draft", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("feed", "guid", name="pk_articles"),
    )
    op.create_index("ix_articles_last", "articles", ["last_at"])
