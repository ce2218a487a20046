"""Events between the line and the inbox: numbered as they come, kept until they are confirmed."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress

from core.ports.platform import Cursor, Update

_REMEMBERED = 2000  # messages already heard, so that history and line do not say them twice


class Ear:
    """The mark of an update is the number of the latest message heard before or with it."""

    def __init__(self) -> None:
        self._waiting: list[tuple[bytes, int]] = []  # events with the number of their message, 0 for others
        self._arrived = asyncio.Event()
        self._heard: OrderedDict[str, None] = OrderedDict()
        self._first = 1
        self._handed = 0  # of those that wait

    def hear(self, body: bytes, *, message: int = 0) -> None:
        """Keep an event."""
        self._waiting.append((body, message))
        self._arrived.set()

    def hear_once(self, body: bytes) -> None:
        """Keep an event that says no more than «look again», unless the same one is kept and not handed out yet.

        What says nothing is not kept.
        """
        if body and all(kept != body for kept, _ in self._waiting[self._handed :]):
            self.hear(body)

    def is_new(self, message: str) -> bool:
        """Whether this message was never heard before."""
        if message in self._heard:
            return False
        self._heard[message] = None
        while len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        return True

    def confirm(self, cursor: Cursor | None) -> None:
        """Let go of what is stored: never of what nobody was told of yet, wherever others have come meanwhile."""
        if cursor is not None and cursor.number > self._first:
            stored = min(cursor.number - self._first, self._handed)
            del self._waiting[:stored]
            self._handed -= stored
            self._first = cursor.number

    def wake(self) -> None:
        """End a wait."""
        self._arrived.set()

    async def wait(self, longest: float) -> None:
        """Until there is something, or so many seconds."""
        if self._waiting:
            return
        self._arrived.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._arrived.wait(), longest)

    def updates(self, cursor: Cursor | None) -> Sequence[Update]:
        """What waits, from this place on."""
        latest = int(cursor.mark) if cursor is not None and cursor.mark else 0
        updates: list[Update] = []
        for rank, (body, message) in enumerate(self._waiting):
            latest = max(latest, message)
            updates.append(Update(self._first + rank, body, str(latest) if latest else ""))
        self._handed = len(updates)
        return updates
