"""What the page remembers besides the world itself: messages that were taken away; and who waits for news."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sandbox.telegram.values import Change, Toast
from sandbox.telegram.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A message that is gone: a phone shows nothing at all, the page may tell."""

    chat: int
    message: int
    author: int
    at: datetime


class Reader:
    """One open page: rings when something changed, holds the toasts of its citizen."""

    def __init__(self, user: int) -> None:
        self.user = user
        self.bell = asyncio.Event()
        self.toasts: list[Toast] = []


class Watcher:
    """Watches a world from its beginning."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._authors: dict[tuple[int, int], tuple[int, datetime]] = {}
        self._removed: defaultdict[int, list[Removed]] = defaultdict(list)
        self._readers: set[Reader] = set()
        world.subscribe(self._look)

    def removed(self, chat: int) -> list[Removed]:
        """What was taken away in a chat."""
        return self._removed[chat]

    @asynccontextmanager
    async def reading(self, user: int) -> AsyncIterator[Reader]:
        """Hear of every change that a citizen can see."""
        reader = Reader(user)
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    def ring(self) -> None:
        """Tell every open page to look again."""
        for reader in self._readers:
            reader.bell.set()

    def _look(self, change: Change) -> None:
        key = (change.chat or 0, change.message or 0)
        if change.kind == "message" and change.user is not None:
            self._authors[key] = (change.user, self._world.clock.now())
        elif change.kind == "deleted" and key in self._authors:
            author, at = self._authors[key]
            self._removed[key[0]].append(Removed(chat=key[0], message=key[1], author=author, at=at))
        if change.toast is not None:
            for reader in self._readers:
                if reader.user == change.toast.user:
                    reader.toasts.append(change.toast)
        self.ring()
