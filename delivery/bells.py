"""How lanes are woken, and how they say that they are at work: a bell that anybody may ring, and hands that count."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from core.errors import StorageError
from core.ports.clock import Clock
from delivery.trouble import Trouble


class Bell:
    """Rung when there may be something to do; heard once, also when it rang before anybody listened."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def rung(self) -> bool:
        """Whether it rang and nobody has heard it yet."""
        return self._event.is_set()

    def ring(self) -> None:
        """Wake who rests, now or at their next rest."""
        self._event.set()

    async def rest(self, clock: Clock, until: datetime | None = None) -> None:
        """Return when it rings, or at this instant."""
        async with asyncio.TaskGroup() as group:
            alarm = group.create_task(self._ring_at(clock, until)) if until is not None else None
            await self._event.wait()
            if alarm is not None:
                alarm.cancel()
        self._event.clear()

    async def _ring_at(self, clock: Clock, until: datetime) -> None:
        await clock.sleep_until(until)
        self.ring()


class Hands:
    """Counts the work in hand, for those who wait until there is none."""

    def __init__(self) -> None:
        self._held = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def busy(self) -> bool:
        """Whether there is work in hand."""
        return self._held > 0

    async def empty(self) -> None:
        """Return when there is no work in hand."""
        await self._empty.wait()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work until the end of the block."""
        self._change(1)
        try:
            yield
        finally:
            self._change(-1)

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Inside a block of work: wait for what is not ours to do."""
        self._change(-1)
        try:
            yield
        finally:
            self._change(1)

    def _change(self, by: int) -> None:
        self._held += by
        if self._held:
            self._empty.clear()
        else:
            self._empty.set()


class Rounds(ABC):
    """Looks each time it is asked to. While the store is away nothing is done: ``trouble`` says so once."""

    def __init__(self, clock: Clock, trouble: Trouble) -> None:
        self._clock = clock
        self._trouble = trouble
        self._bell = Bell()
        self._hands = Hands()

    @property
    def busy(self) -> bool:
        """Whether a look is under way or asked for; waiting for a network may be rest."""
        return self._hands.busy or self._bell.rung

    def ring(self) -> None:
        """Have it look."""
        self._bell.ring()

    async def run(self) -> None:
        """Look each time it is asked to, until cancelled."""
        while True:
            await self._bell.rest(self._clock)
            await self.look()

    async def look(self) -> None:
        """Do what is due, once."""
        with self._hands.at_work():
            try:
                await self._do()
            except StorageError as error:
                self._trouble.begins(error)
            else:
                self._trouble.ends()

    @abstractmethod
    async def _do(self) -> None:
        """Do what is due. Raises StorageError while the store is away."""
        ...
