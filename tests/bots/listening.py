"""A runner that listens for the length of a test, and waiting until it has nothing left to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bots.runner import Runner
from tests.bots.town import Stage

_MOST_TURNS = 2000  # of the event loop; everything here is in memory


@asynccontextmanager
async def listening(stage: Stage, *, patience: float = 60.0) -> AsyncIterator[Runner]:
    """Listen, and stop at the end as a process that is killed would: in the middle of anything."""
    runner = stage.runner(patience=patience)
    async with asyncio.TaskGroup() as tasks:
        lane = tasks.create_task(runner.listen())
        await quiet(stage, runner)
        yield runner
        await quiet(stage, runner)
        lane.cancel()


async def quiet(stage: Stage, runner: Runner) -> None:
    """Let the runner work until it is idle, or stuck on something that the test holds."""
    idle = 0
    for _ in range(_MOST_TURNS):
        await asyncio.sleep(0)
        idle = 0 if runner.busy or stage.platform.has_news else idle + 1
        if idle > 20:  # a few turns for what is between two hands
            return
