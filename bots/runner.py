"""One bot account, listening: from the platform to the inbox, from the inbox to the handlers, from them to the answers.

Three hands work side by side: the ear stores what comes, the booth casts votes, the attendant does the rest. Between
them stand short queues, so that the next fetch runs while the last one is dealt with, and stops when they are full.
Votes never wait for anything else. What was stored before a crash is dealt with before anything new is fetched.
"""

import asyncio
from datetime import datetime

from bots.desk import Desk
from bots.memory import Memory
from bots.shift import Shift
from bots.storekeeper import Pause
from bots.voice import Counterpart
from core.ports.words import Words

PATIENCE = 1.0  # seconds a voter waits before being told that the vote is being recorded


class Runner:
    """Listens for one account. ``pause`` waits so many seconds of real time, which network and disk troubles take."""

    def __init__(
        self,
        *,
        desk: Desk,
        platform: Counterpart,
        words: Words,
        pause: Pause = asyncio.sleep,
        patience: float = PATIENCE,
    ) -> None:
        self._desk = desk
        self._platform = platform
        self._words = words
        self._pause = pause
        self._patience = patience
        self._memory = Memory()
        self._shift: Shift | None = None

    @property
    def busy(self) -> bool:
        """Whether anything heard is not yet dealt with, or its answer not yet handed over to the platform."""
        return bool(self._memory.kept) or (self._shift is not None and self._shift.busy)

    @property
    def votes_wait_since(self) -> datetime | None:
        """When the oldest vote that was promised and is not yet stored was heard; None when there is none."""
        return self._memory.waiting_since

    async def listen(self) -> None:
        """Listen for ever. May be called again after it raised.

        Raises Unauthorised when the platform refuses the account, Rival when another program listens with it.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                self._shift = self._begun(tasks)
                refusal = await self._shift.listen()
        finally:
            self._shift = None
        raise refusal

    async def leave(self) -> None:
        """Leave nobody with a promise that is not kept: others listen from now on, or nobody does for a while.

        Returns when promised votes are stored, or their voters were told.
        """
        async with asyncio.TaskGroup() as tasks:
            await self._begun(tasks).leave()

    def _begun(self, tasks: asyncio.TaskGroup) -> Shift:
        return Shift(
            desk=self._desk,
            platform=self._platform,
            words=self._words,
            pause=self._pause,
            patience=self._patience,
            memory=self._memory,
            tasks=tasks,
        )

    async def sweep(self) -> None:
        """Take up what was put back, and removals left undone; nothing when the account is not listening."""
        if self._shift is not None:
            await self._shift.sweep()
