"""Feeds that are followed, and the articles that are known of them."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlmodel import col, delete, select

from core.feed import Known, Reading
from storage.books.book import Book
from storage.feed_tables import ArticleRow, FeedRow

_OF_READING = [each.name for each in fields(Reading)]
_OF_KNOWN = [each.name for each in fields(Known)]


class Feeds(Book):
    """See ``core.ports.books.feeds.FeedBook``."""

    def reading(self, feed: str) -> Reading | None:
        """Look it up."""
        row = self._session.exec(select(FeedRow).where(FeedRow.feed == feed)).first()
        return None if row is None else Reading(**{name: getattr(row, name) for name in _OF_READING})

    def read(self, reading: Reading) -> None:
        """Store it, or store it anew."""
        values = asdict(reading)
        adding = self._dialect.insert(FeedRow).values(values)
        self._change(adding.on_conflict_do_update(index_elements=["feed"], set_=values))

    def known(self, feed: str) -> tuple[Known, ...]:
        """List them."""
        found = select(ArticleRow).where(ArticleRow.feed == feed)
        ordered = found.order_by(col(ArticleRow.first_at).desc(), col(ArticleRow.guid))
        rows = self._session.exec(ordered)
        return tuple(Known(**{name: getattr(row, name) for name in _OF_KNOWN}) for row in rows)

    def keep(self, articles: Sequence[Known]) -> None:
        """Store them, or store them anew."""
        for article in articles:
            values = asdict(article)
            adding = self._dialect.insert(ArticleRow).values(values)
            self._change(adding.on_conflict_do_update(index_elements=["feed", "guid"], set_=values))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._change(delete(ArticleRow).where(col(ArticleRow.last_at) < before))
