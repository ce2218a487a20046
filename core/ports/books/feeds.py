"""Feeds that are followed, and the articles that are known of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.feed import Known, Reading


class FeedBook(Protocol):
    """How each feed was read, and which articles are known."""

    def reading(self, feed: str) -> Reading | None:
        """How it was last read; None for one that never was."""
        ...

    def read(self, reading: Reading) -> None:
        """Store how it was read."""
        ...

    def known(self, feed: str) -> tuple[Known, ...]:
        """The articles of a feed, the newest first."""
        ...

    def keep(self, articles: Sequence[Known]) -> None:
        """Store articles as they now are; each is known by its feed and the id it had when it was first seen."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget articles that were last seen before this instant. Returns how many."""
        ...
