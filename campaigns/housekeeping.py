"""Forgetting in time: the keys of polls after the contest delay, and what is held about people when its time is up."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from core.ports.clock import Clock
from core.ports.store import Books, Store
from core.ports.vault import Vault
from core.privacy import HOLDINGS, KEY_KEPT_AFTER_CLOSE

log = logging.getLogger("parvis.campaigns")


class _Purged(Protocol):
    def purge(self, *, before: datetime) -> int: ...


class Housekeeping:
    """Destroys keys and purges tables, as ``core.privacy`` says."""

    def __init__(self, *, store: Store, vault: Vault, clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._working = 0

    @property
    def busy(self) -> bool:
        """Whether a look is under way."""
        return self._working > 0

    async def look(self) -> None:
        """Forget what has had its time."""
        with self._at_work():
            now = self._clock.now()
            for poll in await self._store.read(lambda books: books.polls.closed_before(now - KEY_KEPT_AFTER_CLOSE)):
                await asyncio.to_thread(self._vault.destroy_poll_key, poll)
            gone = await self._store.write(lambda books: purge(books, now))
            if gone:
                log.info("purged", extra={"rows": gone})

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1


def purge(books: Books, now: datetime) -> int:
    """Forget the rows of each table that are older than they may be; how many."""
    by_table: dict[str, _Purged] = {
        "quarantine": books.inbox,
        "replies": books.replies,
        "cases": books.cases,
        "deliveries": books.deliveries,
    }
    ended = books.bonds.purge(before=now)
    return ended + sum(
        by_table[holding.table].purge(before=now - holding.kept)
        for holding in HOLDINGS
        if holding.kept is not None and holding.table in by_table
    )
