"""The engine in one process and in a cluster: the same lanes, kept the same way."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from app.clock import SystemClock
from core.errors import StorageError
from core.identifiers import LaneName
from core.ports.engine import Fence, Lane, Placement, Work
from delivery.lanes import Here, LaneEngine
from storage.cluster.placement import ClusterPlacement
from storage.memory import MemoryStore

LONGEST = 20.0  # seconds: other work may keep the machine busy
Place = Callable[[], Placement]


@pytest.fixture(params=["here", "cluster"])
def place(request: pytest.FixtureRequest) -> Place:
    """Where lanes run: in this process, or in whichever of several gets them."""
    if request.param == "here":
        return Here
    url: str = request.getfixturevalue("postgres_server")
    return lambda: ClusterPlacement(url, silence=timedelta(seconds=2), look=timedelta(milliseconds=100))


class _Hurried(SystemClock):
    """A clock by which a pause is over soon."""

    async def sleep_until(self, at: datetime) -> None:  # noqa: ARG002  of the port
        """Rest a little."""
        await asyncio.sleep(0.02)


@asynccontextmanager
async def _running(place: Place, lanes: Mapping[str, Work]) -> AsyncIterator[MemoryStore]:
    store = MemoryStore()
    engine = LaneEngine(clock=_Hurried(), store=store, placement=place())
    async with asyncio.TaskGroup() as group:
        work = group.create_task(engine.run([Lane(Fence(LaneName(name)), each) for name, each in lanes.items()]))
        async with asyncio.timeout(LONGEST):
            yield store
        work.cancel()


async def test_every_lane_is_run(place: Place) -> None:
    """By somebody."""
    begun = {name: asyncio.Event() for name in ("every:a", "every:b", "every:c")}

    def lane(name: str) -> Work:
        async def work() -> None:
            begun[name].set()
            await asyncio.Event().wait()

        return work

    async with _running(place, {name: lane(name) for name in begun}):
        for each in begun.values():
            await each.wait()


async def test_a_lane_that_fails_is_run_again_and_stops_no_other(place: Place) -> None:
    """A fault of a minute must not end the day."""
    runs, again, steady = [], asyncio.Event(), asyncio.Event()

    async def failing() -> None:
        runs.append("failing")
        if len(runs) > 1:
            again.set()
        raise StorageError("locked")

    async def healthy() -> None:
        await again.wait()
        steady.set()
        await asyncio.Event().wait()

    async with _running(place, {"fails:a": failing, "fails:b": healthy}):
        await steady.wait()


async def test_each_run_takes_the_lane_over(place: Place) -> None:
    """What an earlier holder still writes is refused."""
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with _running(place, {"takes:a": work}) as store:
        await begun.wait()

        assert await store.read(lambda books: books.lanes.token(LaneName("takes:a"))) == 1


async def test_a_lane_that_returns_is_over(place: Place) -> None:
    """It was drained; another lane shows that time has passed."""
    runs, again = [], asyncio.Event()

    async def returns() -> None:
        runs.append("returns")

    async def fails() -> None:
        runs.append("fails")
        if runs.count("fails") > 3:
            again.set()
        raise StorageError("locked")

    async with _running(place, {"over:a": returns, "over:b": fails}):
        await again.wait()

    assert runs.count("returns") == 1


async def test_a_lane_is_cancelled_with_the_engine(place: Place) -> None:
    """Whoever is told to stop stops."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with _running(place, {"ends:a": work}):
        await begun.wait()

    assert ended.is_set()
