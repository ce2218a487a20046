"""The rows of feeds that are followed: how each was read, and the articles that are known."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from storage.rows import Row, instant


class FeedRow(Row, table=True):
    """How a feed was last read."""

    __tablename__ = "feeds"

    feed: str = Field(primary_key=True)
    url: str = Field(sa_type=Text)
    etag: str = Field(sa_type=Text)
    modified: str
    next_at: datetime = instant()
    failures: int
    failing_since: datetime | None = instant(nullable=True)
    trouble: str = Field(sa_type=Text)


class ArticleRow(Row, table=True):
    """An article that was seen in a feed, by the marks that make it known again."""

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_last", "last_at"),)

    feed: str = Field(primary_key=True)
    guid: str = Field(primary_key=True)
    link: str = Field(sa_type=Text)
    words: str
    day: str
    title: str = Field(sa_type=Text)
    draft: str
    note: str = Field(sa_type=Text)
    first_at: datetime = instant()
    last_at: datetime = instant()
