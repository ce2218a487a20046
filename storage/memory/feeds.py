"""Feeds that are followed, in memory."""

from collections.abc import Sequence
from datetime import datetime

from core.feed import Known, Reading
from storage.memory.shelves import Shelves


class Feeds:
    """See ``core.ports.books.feeds.FeedBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def reading(self, feed: str) -> Reading | None:
        """Look it up."""
        return self._shelves.readings.get(feed)

    def read(self, reading: Reading) -> None:
        """Store it."""
        self._shelves.readings[reading.feed] = reading

    def known(self, feed: str) -> tuple[Known, ...]:
        """List them, the newest first."""
        found = sorted(
            (each for each in self._shelves.articles.values() if each.feed == feed), key=lambda one: one.guid
        )
        return tuple(sorted(found, key=lambda one: one.first_at, reverse=True))

    def keep(self, articles: Sequence[Known]) -> None:
        """Store them."""
        for article in articles:
            self._shelves.articles[article.feed, article.guid] = article

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        old = [key for key, each in self._shelves.articles.items() if each.last_at < before]
        for key in old:
            del self._shelves.articles[key]
        return len(old)
