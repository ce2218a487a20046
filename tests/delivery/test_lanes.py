"""One task per lane, none in another's way."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from core.errors import PlatformError, Rival, StorageError, Unauthorised
from core.ports.engine import Engine, Halt, LaneName, halt
from core.ports.store import Store
from delivery.lanes import FIRST_PAUSE, FIRST_REST, LONGEST_PAUSE, LONGEST_REST, LocalEngine
from storage.memory import MemoryStore
from tests.fakes import StoppedClock

ENGINE: type[Engine] = LocalEngine  # the type checker compares it with the port
Lane = Callable[[], Awaitable[None]]


class _Faulty:
    """A lane that raises ``error`` each time, after ``lasting`` so long; ``runs`` counts how often it was begun."""

    def __init__(self, clock: StoppedClock, error: Exception, *, lasting: timedelta = timedelta()) -> None:
        self.runs = 0
        self._clock, self._error, self._lasting = clock, error, lasting

    async def __call__(self) -> None:
        self.runs += 1
        self._clock.advance(self._lasting)
        raise self._error


@asynccontextmanager
async def _running(clock: StoppedClock, **lanes: Lane) -> AsyncIterator[Store]:
    async with asyncio.TaskGroup() as group:
        store = MemoryStore()
        engine = LocalEngine(clock=clock, store=store)
        task = group.create_task(engine.run({LaneName(name): lane for name, lane in lanes.items()}))
        await _settle()
        yield store
        await _settle()
        task.cancel()


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_lane_that_fails_is_run_again_after_a_pause() -> None:
    """A fault of a minute must not end the day."""
    clock = StoppedClock()
    lane = _Faulty(clock, StorageError("locked"))

    async with _running(clock, lane=lane):
        before = lane.runs
        clock.advance(FIRST_PAUSE)

    assert (before, lane.runs) == (1, 2)


async def test_pauses_grow_up_to_a_minute() -> None:
    """A fault that lasts must not fill the log."""
    clock = StoppedClock()
    lane = _Faulty(clock, StorageError("locked"))

    async with _running(clock, lane=lane):
        for _ in range(9):
            clock.advance(LONGEST_PAUSE)
            await _settle()
        (until,) = clock.waiting

    assert until - clock.now() == LONGEST_PAUSE


async def test_a_lane_that_ran_well_for_long_is_run_again_soon() -> None:
    """Its last fault has nothing to do with the one before."""
    clock = StoppedClock()
    lane = _Faulty(clock, StorageError("locked"), lasting=2 * LONGEST_PAUSE)

    async with _running(clock, lane=lane):
        for _ in range(3):
            clock.advance(FIRST_PAUSE)
            await _settle()

    assert lane.runs == 4


@pytest.mark.parametrize(
    "error",
    [
        Unauthorised("token revoked"),
        Rival("409"),
        ExceptionGroup("tasks", [StorageError("x"), ExceptionGroup("more", [Rival("409")])]),
    ],
    ids=["refused", "used by another", "deep in a group"],
)
async def test_a_lane_whose_account_is_refused_rests_longer_and_longer(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Trying disturbs, and yet the cause may pass: nobody should have to restart the town for it."""
    clock = StoppedClock()
    lane = _Faulty(clock, error)
    rests = []

    async with _running(clock, lane=lane):
        for _ in range(8):
            (until,) = clock.waiting
            rests.append((until - clock.now()) // FIRST_REST)
            clock.advance(until - clock.now())
            await _settle()

    assert (rests, lane.runs) == ([1, 2, 4, 8, 16, 32, 60, 60], 9)
    told = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert told == ["lane_halted"]


async def test_an_account_that_is_refused_is_one_line_whichever_of_its_lanes_finds_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Another account is another matter."""
    clock = StoppedClock()
    lanes = {name: _Faulty(clock, Unauthorised("token revoked")) for name in ("send:a", "listen:a", "listen:b")}

    async with _running(clock, **lanes):
        for _ in range(4):
            clock.advance(2 * FIRST_REST)
            await _settle()

    told = [record.__dict__ for record in caplog.records if record.levelno == logging.ERROR]
    assert [(line["lane"], line["account"]) for line in told] == [("send:a", "a"), ("listen:b", "b")]


async def test_people_can_be_told_that_a_lane_stands_still_and_since_when() -> None:
    """A town that hears nobody must not look healthy."""
    clock = StoppedClock()
    began = clock.now()

    async with _running(clock, lane=_Faulty(clock, Rival("409"))) as store:
        clock.advance(FIRST_REST)
        await _settle()

        assert await store.read(lambda books: halt(books, LaneName("lane"))) == Halt(began, "409")


async def test_a_lane_that_runs_again_stands_still_no_more() -> None:
    """What is over must not alarm anyone."""
    clock = StoppedClock()
    errors = [Rival("409")]

    async def lane() -> None:
        if errors:
            raise errors.pop()
        await clock.sleep_until(clock.now() + LONGEST_REST)

    async with _running(clock, lane=lane) as store:
        clock.advance(FIRST_REST)
        await _settle()

        assert await store.read(lambda books: halt(books, LaneName("lane"))) is None


async def test_a_refusal_long_after_the_last_one_is_a_new_one(caplog: pytest.LogCaptureFixture) -> None:
    """It is retried soon, and told as of now."""
    clock = StoppedClock()
    lane = _Faulty(clock, Rival("409"), lasting=2 * LONGEST_REST)

    async with _running(clock, lane=lane) as store:
        clock.advance(FIRST_REST)
        await _settle()
        stands = await store.read(lambda books: halt(books, LaneName("lane")))
        (until,) = clock.waiting

    assert (stands, until - clock.now()) == (Halt(clock.now(), "409"), FIRST_REST)
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == ["lane_halted"] * 2


async def test_a_lane_that_returns_is_over() -> None:
    """It was drained."""
    clock = StoppedClock()
    runs = []

    async def lane() -> None:
        runs.append(clock.now())

    await LocalEngine(clock=clock, store=MemoryStore()).run({LaneName("lane"): lane})

    assert len(runs) == 1


@pytest.mark.parametrize("error", [KeyError("a fault of ours"), Unauthorised("token revoked")])
async def test_a_dead_lane_stops_no_other(error: Exception) -> None:
    """One network's trouble is not another's."""
    clock = StoppedClock()
    beats = []

    async def healthy() -> None:
        while True:
            await clock.sleep_until(clock.now() + timedelta(hours=1))
            beats.append(clock.now())

    async with _running(clock, broken=_Faulty(clock, error), healthy=healthy):
        clock.advance(timedelta(hours=1))

    assert len(beats) == 1
    assert isinstance(error, PlatformError | KeyError)
