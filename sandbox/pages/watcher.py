"""Who waits for news: the open pages, each at one person's phones."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial

from sandbox.pages.phone import News, Phone, Resident, Toast


class Reader:
    """One open page: rings when something changed, holds the toasts of its citizen with the network of each."""

    def __init__(self, who: Resident) -> None:
        self.who = who
        self.bell = asyncio.Event()
        self.toasts: list[tuple[str, Toast]] = []


class Watcher:
    """Watches phones from their beginning."""

    def __init__(self, phones: Iterable[Phone]) -> None:
        self._readers: set[Reader] = set()
        for phone in phones:
            phone.listen(partial(self._look, phone.network))

    @asynccontextmanager
    async def reading(self, who: Resident) -> AsyncIterator[Reader]:
        """Hear of every change that a citizen can see."""
        reader = Reader(who)
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    def ring(self) -> None:
        """Tell every open page to look again."""
        for reader in self._readers:
            reader.bell.set()

    def _look(self, network: str, news: News) -> None:
        if news.toast is not None:
            for reader in self._readers:
                if reader.who.accounts.get(network) == news.account:
                    reader.toasts.append((network, news.toast))
        self.ring()
