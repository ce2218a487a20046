"""The metronome: ticks that go on whatever happens, and an alarm that wakes the planner on the instant."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import StorageError
from core.poll import PollState
from delivery.bells import Bell
from scheduler import STEP_BACK, Metronome, RealTime, Tick
from tests.campaigns.stage import HOUR, Stage
from tests.delivery.post_office import FailingStore
from tests.fakes import NOON

SOON = timedelta(milliseconds=5)


class _Look:
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


def _tick(look: Callable[[], object], *, period: timedelta = SOON, name: str = "look") -> Tick:
    return Tick(name=name, period=period, look=look)  # type: ignore[arg-type]  # coroutine functions, all of them


@asynccontextmanager
async def _beating(
    stage: Stage, *ticks: Tick, bell: Bell | None = None, watch: timedelta = SOON, real: RealTime | None = None
) -> AsyncIterator[Metronome]:
    metronome = Metronome(
        planner=stage.planner,
        ticks=ticks,
        clock=stage.clock,
        bell=bell or Bell(),
        planning=SOON,
        watch=watch,
        real=real,
    )
    async with asyncio.TaskGroup() as group:
        running = group.create_task(metronome.run())
        yield metronome
        running.cancel()


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  APScheduler beats on real time and announces nothing
            await asyncio.sleep(0.001)


# ── ticks ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_tick_is_looked_at_at_once_and_then_again_and_again() -> None:
    """A restarted town does not wait for its first look."""
    look = _Look()

    async with _beating(Stage(), _tick(look)):
        await look.seen(3)

    assert look.times >= 3


async def test_a_tick_with_a_long_period_is_looked_at_once_at_the_start() -> None:
    """Housekeeping, for instance."""
    look = _Look()

    async with _beating(Stage(), _tick(look, period=HOUR)):
        await look.seen()

    assert look.times == 1


async def test_a_tick_that_fails_is_looked_at_again(caplog: pytest.LogCaptureFixture) -> None:
    """One line when it begins to fail, one when it succeeds again."""
    look = _Look(StorageError("locked"), StorageError("locked"))

    async with _beating(Stage(), _tick(look)):
        await look.seen(4)

    ours = [record.message for record in caplog.records if record.name == "parvis.scheduler"]
    assert ours == ["tick_failing", "tick_succeeds_again"]


async def test_a_tick_that_fails_stops_no_other() -> None:
    """They are guarded one by one."""
    healthy = _Look()

    async with _beating(Stage(), _tick(_Look(*[KeyError("x")] * 99), name="bad"), _tick(healthy, name="good")):
        await healthy.seen(3)

    assert healthy.times >= 3


async def test_a_slow_look_is_never_made_twice_at_a_time() -> None:
    """What it missed meanwhile is made up for once."""
    under_way: list[int] = []
    most: list[int] = []

    async def slow() -> None:
        under_way.append(1)
        most.append(len(under_way))
        await asyncio.sleep(0.03)
        under_way.pop()

    async with _beating(Stage(), _tick(slow)):
        await _until(lambda: len(most) >= 2)

    assert set(most) == {1}


async def test_a_look_under_way_may_end_before_the_metronome_stops() -> None:
    """An orderly stop leaves no work half done."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await asyncio.sleep(0.03)
        ended.set()

    async with _beating(Stage(), _tick(slow, period=HOUR)):
        await begun.wait()

    assert ended.is_set()


# ── the watchdog ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_tick_without_success_for_three_periods_is_stale(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever supervises the process may restart it; the log says it once."""
    seconds = [0.0]
    look = _Look(*[KeyError("x")] * 9999)
    real = RealTime(reading=lambda: seconds[0])

    async with _beating(Stage(), _tick(look, period=timedelta(seconds=1)), real=real) as metronome:
        await look.seen()
        fresh = metronome.stale()
        seconds[0] = 3.5
        await _until(lambda: "tick_stale" in [record.message for record in caplog.records])
        stale = metronome.stale()

    assert ("look" in fresh, "look" in stale) == (False, True)


async def test_a_database_that_takes_nothing_makes_no_tick_stale() -> None:
    """A restart cures no full disk, and meanwhile nobody would be told that their vote is not counted."""
    seconds = [0.0]
    look = _Look(*[StorageError("database or disk is full")] * 9999)
    real = RealTime(reading=lambda: seconds[0])

    async with _beating(Stage(), _tick(look, period=timedelta(milliseconds=100)), real=real) as metronome:
        await look.seen()
        seconds[0] = 3.5
        await look.seen(2)
        stale = metronome.stale()

    assert "look" not in stale


async def test_nothing_is_stale_before_the_start() -> None:
    """A metronome that does not beat yet is not late."""
    metronome = Metronome(planner=Stage().planner, ticks=(), clock=Stage().clock, bell=Bell())

    assert metronome.stale() == ()


async def test_ticks_go_on_when_the_machines_clock_is_set_back() -> None:
    """APScheduler would wait for the old time to come again; the watch wakes it."""
    look = _Look()
    long_ago = RealTime(wall=lambda: datetime.now(UTC) - 3 * HOUR)

    async with _beating(Stage(), _tick(look, period=HOUR), real=long_ago):
        await look.seen(2)

    assert look.times >= 2


async def test_years_that_were_missed_are_made_up_for_by_one_look() -> None:
    """A dead battery, then a time server: APScheduler by itself would list every missed second, one by one."""
    look = _Look()
    years_ago = RealTime(wall=lambda: datetime.now(UTC) - timedelta(days=9000))

    async with _beating(Stage(), _tick(look), _tick(_Look(), period=HOUR, name="slow"), real=years_ago):
        await look.seen(3)

    assert look.times < 1000


# ── planning ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_planner_is_woken_at_the_instant_of_the_next_step() -> None:
    """Not at the next tick: the alarm sleeps on the town's clock."""
    stage = await Stage().started()

    async with _beating(stage):
        await _until(lambda: stage.clock.waiting == [NOON + HOUR])
        stage.clock.advance(HOUR)
        await _until(lambda: stage.woken == 2)

    assert len(await stage.planned()) == 1


async def test_a_bell_sets_the_alarm_anew() -> None:
    """A campaign was started: its first step is earlier than anything known."""
    stage, bell, look = Stage(), Bell(), _Look()

    async with _beating(stage, _tick(look), bell=bell):
        await look.seen()
        await stage.started()
        bell.ring()
        await _until(lambda: stage.clock.waiting == [NOON + HOUR])

    assert await stage.planned() == []


async def test_a_campaign_started_by_another_process_is_noticed() -> None:
    """The planner's own tick sees what is due."""
    stage = await Stage().started()
    await stage.at(0.99)
    stage.clock.advance(HOUR)

    async with _beating(stage):
        await _until(lambda: stage.woken == 2)

    assert len(await stage.planned()) == 1


async def test_an_alarm_that_cannot_be_set_is_set_later() -> None:
    """The database was locked at that moment."""
    stage = await Stage().started()
    store = FailingStore(stage.store)
    store.reads = [StorageError("locked")] * 2
    stage.planner = stage.new_planner(store)

    async with _beating(stage):
        await _until(lambda: stage.clock.waiting == [NOON + HOUR])

    assert store.reads == []


async def test_the_alarm_does_not_insist_while_a_step_has_to_wait() -> None:
    """A poll that waits for votes is looked at by the tick, once a second, and not without a pause."""
    stage = await Stage().started()
    for hour in (1, 2, 3):
        await stage.at(hour)
    await stage.receives()
    stage.clock.move_to(NOON + 4 * HOUR)

    look = _Look()
    async with _beating(stage, _tick(look)) as metronome:
        await look.seen(3)
        await _until(lambda: not metronome.busy)
        waiting = list(stage.clock.waiting)

    assert (waiting, (await stage.poll()).state) == ([], PollState.OPEN)


async def test_a_clock_that_goes_back_pauses_planning_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """A dead battery: yesterday's instants must not be lived through again."""
    stage = await Stage().started()
    bell = Bell()
    async with _beating(stage, bell=bell) as metronome:
        await _until(lambda: stage.clock.waiting == [NOON + HOUR])
        stage.clock.move_to(NOON - STEP_BACK - timedelta(seconds=1))
        await _until(lambda: metronome.paused)
        stage.clock.move_to(NOON + HOUR)
        await _until(lambda: not metronome.paused)

    ours = [record.message for record in caplog.records if record.name == "parvis.scheduler"]
    assert ours == ["clock_went_back", "clock_is_right_again"]


async def test_while_the_clock_is_behind_nothing_is_planned() -> None:
    """Even what was started meanwhile, by the wrong clock, and is due by it."""
    stage, look = Stage(), _Look()
    async with _beating(stage, _tick(look)) as metronome:
        stage.clock.move_to(NOON - 3 * HOUR)
        await _until(lambda: metronome.paused)
        await stage.started()
        stage.clock.advance(HOUR)
        await look.seen(3)

    assert await stage.planned() == []


async def test_a_small_step_back_is_no_alarm() -> None:
    """Time servers correct by seconds."""
    stage = await Stage().started()

    look = _Look()
    async with _beating(stage, _tick(look)) as metronome:
        stage.clock.move_to(NOON - STEP_BACK)
        await look.seen(3)

    assert not metronome.paused
