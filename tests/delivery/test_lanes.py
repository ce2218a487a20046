"""One task per lane, none in another's way."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from core.errors import PlatformError, Rival, StorageError, Superseded, Unauthorised
from core.identifiers import LaneName
from core.ports.engine import Engine, Fence, Halt, Keep, Lane, Placement, Work, halt
from core.ports.store import Store
from delivery.lanes import FIRST_PAUSE, FIRST_REST, LETTING_GO, LONGEST_PAUSE, LONGEST_REST, Here, LaneEngine
from storage.memory import MemoryStore
from tests.fakes import StoppedClock

ENGINE: type[Engine] = LaneEngine  # the type checker compares it with the port


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
async def _running(clock: StoppedClock, **lanes: Work) -> AsyncIterator[Store]:
    async with _placed(Here(), clock, lanes) as store:
        yield store


@asynccontextmanager
async def _placed(placement: Placement, clock: StoppedClock, lanes: Mapping[str, Work]) -> AsyncIterator[Store]:
    async with asyncio.TaskGroup() as group:
        store = MemoryStore()
        engine = LaneEngine(clock=clock, store=store, placement=placement)
        task = group.create_task(engine.run([Lane(Fence(LaneName(name)), work) for name, work in lanes.items()]))
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

    await LaneEngine(clock=clock, store=MemoryStore()).run([Lane(Fence(LaneName("lane")), lane)])

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


# ── lanes that move between processes ──


class _Elsewhere:
    """A placement that other processes share; every lane happens to be here."""

    shared = True

    async def run(self, lanes: Collection[LaneName], keep: Keep) -> None:
        """Keep them all."""
        await Here().run(lanes, keep)


async def test_each_run_of_a_lane_takes_it_over() -> None:
    """Whoever ran it before, here or elsewhere, writes nothing for it any more."""
    clock = StoppedClock()

    async with _running(clock, lane=_Faulty(clock, StorageError("locked"))) as store:
        first = await store.read(lambda books: books.lanes.token(LaneName("lane")))
        clock.advance(FIRST_PAUSE)
        await _settle()

        assert (first, await store.read(lambda books: books.lanes.token(LaneName("lane")))) == (1, 2)


async def test_work_begins_once_the_lane_is_held() -> None:
    """Its first write must not be refused."""
    clock, store, fence = StoppedClock(), MemoryStore(), Fence(LaneName("lane"))

    async def work() -> None:
        await store.read(fence.check)

    await LaneEngine(clock=clock, store=store).run([Lane(fence, work)])


@pytest.mark.parametrize(
    "error", [Superseded("lost"), ExceptionGroup("tasks", [Superseded("lost")])], ids=["alone", "in a group"]
)
async def test_a_lane_that_others_run_now_is_let_go_with_one_line(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Taking it back would only begin a quarrel."""
    clock = StoppedClock()
    lane = _Faulty(clock, error)

    async with _running(clock, lane=lane):
        clock.advance(LONGEST_REST)
        await _settle()

    assert lane.runs == 1
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == ["lane_let_go"]


async def test_who_lost_a_lane_may_listen_for_a_moment_and_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """Its last long poll ends by itself: resting for a minute would leave people unheard."""
    clock = StoppedClock()
    lane = _Faulty(clock, Rival("409"))

    async with _placed(_Elsewhere(), clock, {"lane": lane}):
        clock.advance(FIRST_PAUSE)
        await _settle()

    assert lane.runs == 2
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_rival_that_does_not_let_go_is_one() -> None:
    """A program that is none of ours."""
    clock = StoppedClock()

    async with _placed(_Elsewhere(), clock, {"lane": _Faulty(clock, Rival("409"))}) as store:
        for _ in range(3):
            clock.advance(LETTING_GO)
            await _settle()

        assert await store.read(lambda books: halt(books, LaneName("lane"))) is not None
