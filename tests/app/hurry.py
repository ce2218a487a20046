"""Time that runs faster than ours and leaps when told to, and a service at work in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from app.service import Service

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
HURRY = 20  # seconds of the town in one of ours
LONGEST = 20  # seconds of ours that anything may take before the test fails


class HurriedClock:
    """Runs, faster than ours, and leaps ahead when told to."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._ahead = timedelta()
        self._leapt = asyncio.Event()

    def now(self) -> datetime:
        """The town's instant."""
        return NOON + self._ahead + timedelta(seconds=HURRY * (time.monotonic() - self._began))

    async def sleep_until(self, at: datetime) -> None:
        """Wait for it, or for the leap that passes it."""
        while (left := (at - self.now()).total_seconds()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leapt.wait(), left / HURRY)

    def forward(self, by: timedelta) -> None:
        """Leap."""
        self._ahead += by
        self._leapt.set()  # whoever waits looks again; whoever will wait, waits
        self._leapt.clear()


async def until(there: Callable[[], bool]) -> None:
    """Wait for it."""
    async with asyncio.timeout(LONGEST):
        while not there():  # noqa: ASYNC110  no imitation tells of everything
            await asyncio.sleep(0.02)


@asynccontextmanager
async def working(service: Service, *, drained: bool = True) -> AsyncIterator[None]:
    """Let it work; at the end it finishes what is under way, unless that may last for ever."""
    work = asyncio.create_task(service.run())
    try:
        yield
        if drained:
            await service.drain()
    finally:
        work.cancel()
        await asyncio.wait([work])
