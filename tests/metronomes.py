"""A metronome that beats within milliseconds, things for it to look at, and a machine whose clock may leap."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from delivery.bells import Bell
from scheduler import Metronome, RealTime, Tick
from tests.campaigns.stage import Stage
from tests.fakes import NOON

SOON = timedelta(milliseconds=5)


class Look:
    """Something to look at. ``seen`` waits for the next look; ``errors`` are raised first."""

    def __init__(self, *errors: Exception) -> None:
        self.times = 0
        self._errors = list(errors)
        self._seen = asyncio.Event()

    async def __call__(self) -> None:
        self.times += 1
        self._seen.set()
        if self._errors:
            raise self._errors.pop(0)

    async def seen(self, times: int = 1) -> None:
        """Return after so many looks from now on."""
        for _ in range(times):
            self._seen.clear()
            await self._seen.wait()


def tick(
    look: Callable[[], object], *, period: timedelta = SOON, name: str = "look", by_the_clock: bool = False
) -> Tick:
    return Tick(name=name, period=period, look=look, by_the_clock=by_the_clock)  # type: ignore[arg-type]  # coroutine functions, all of them


@asynccontextmanager
async def beating(
    stage: Stage,
    *ticks: Tick,
    bell: Bell | None = None,
    planning: timedelta = SOON,
    watch: timedelta = SOON,
    real: RealTime | None = None,
) -> AsyncIterator[Metronome]:
    metronome = Metronome(
        planner=stage.planner,
        ticks=ticks,
        clock=stage.clock,
        bell=bell or Bell(),
        planning=planning,
        watch=watch,
        real=real,
    )
    async with asyncio.TaskGroup() as group:
        running = group.create_task(metronome.run())
        yield metronome
        running.cancel()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  APScheduler beats on real time and announces nothing
            await asyncio.sleep(0.001)


class Machine:
    """A machine whose wall clock may leap; time passes by hand."""

    def __init__(self) -> None:
        self.wall = NOON
        self.seconds = 0.0
        self.real = RealTime(wall=lambda: self.wall, reading=lambda: self.seconds)

    def passes(self, time: timedelta) -> None:
        """Live through this."""
        self.wall += time
        self.seconds += time.total_seconds()

    def leaps(self, by: timedelta) -> None:
        """Have the wall clock set."""
        self.wall += by
