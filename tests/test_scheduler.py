"""The metronome: ticks that go on whatever happens, and an alarm that wakes the planner on the instant."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from core.campaign import OccurrenceState
from core.errors import StorageError
from core.poll import PollState
from delivery.bells import Bell
from scheduler import CONFIRMED_AFTER, STEP_AHEAD, STEP_BACK, ClockGuard, Metronome, RealTime, Tick
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


def _tick(
    look: Callable[[], object], *, period: timedelta = SOON, name: str = "look", by_the_clock: bool = False
) -> Tick:
    return Tick(name=name, period=period, look=look, by_the_clock=by_the_clock)  # type: ignore[arg-type]  # coroutine functions, all of them


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


@pytest.mark.parametrize(("error", "traced"), [(StorageError("locked"), False), (KeyError("x"), True)], ids=str)
async def test_only_a_fault_of_ours_is_traced(
    error: Exception, *, traced: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """A locked database is one line: where it was noticed explains nothing."""
    look = _Look(error)

    async with _beating(Stage(), _tick(look)):
        await look.seen(2)

    (failing,) = [record for record in caplog.records if record.message == "tick_failing"]
    assert (bool(failing.exc_info), vars(failing)["detail"]) == (traced, str(error))


async def test_apscheduler_says_nothing_of_a_look_that_takes_long(caplog: pytest.LogCaptureFixture) -> None:
    """While a database is locked it would say so every second, for each tick."""
    times: list[int] = []

    async def slow() -> None:
        times.append(1)
        await asyncio.sleep(0.03)

    async with _beating(Stage(), _tick(slow)):
        await _until(lambda: len(times) >= 2)

    assert [record.message for record in caplog.records if record.name.startswith("apscheduler")] == []


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


# ── the machine's clock ────────────────────────────────────────────────────────────────────────────────────


class _Machine:
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


A_SECOND = timedelta(seconds=1)


def test_a_clock_that_runs_is_believed() -> None:
    """However long the machine has been up, and however long nobody looked."""
    machine = _Machine()
    guard = ClockGuard(machine.real)

    machine.passes(timedelta(days=400))

    assert guard.look()


@pytest.mark.parametrize("leap", [-STEP_BACK, STEP_AHEAD], ids=["back", "ahead"])
def test_a_small_step_is_believed(leap: timedelta) -> None:
    """Time servers correct by seconds."""
    machine = _Machine()
    guard = ClockGuard(machine.real)

    machine.leaps(leap)

    assert guard.look()


@pytest.mark.parametrize("leap", [-STEP_BACK - A_SECOND, STEP_AHEAD + A_SECOND], ids=["back", "ahead"])
def test_a_leap_is_doubted_and_said_once(leap: timedelta, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever reads the log learns how far."""
    machine = _Machine()
    guard = ClockGuard(machine.real)

    machine.leaps(leap)

    assert [guard.look(), guard.look()] == [False, False]
    assert [(record.message, vars(record)["leapt_by_seconds"]) for record in caplog.records] == [
        ("clock_in_doubt", leap.total_seconds())
    ]


def test_a_wrong_reading_is_forgotten_as_soon_as_the_clock_is_right_again(caplog: pytest.LogCaptureFixture) -> None:
    """A year ahead, then put right a minute later: the town goes on at once."""
    machine = _Machine()
    guard = ClockGuard(machine.real)
    machine.leaps(timedelta(days=400))
    guard.look()

    machine.passes(timedelta(minutes=1))
    machine.leaps(timedelta(days=-400))

    assert guard.look()
    assert [record.message for record in caplog.records] == ["clock_in_doubt", "clock_believed_again"]


@pytest.mark.parametrize("leap", [-3 * HOUR, timedelta(days=9000)], ids=["back", "ahead"])
def test_a_clock_that_stands_by_its_new_time_is_believed(leap: timedelta) -> None:
    """It was wrong before, and was put right; or the machine slept."""
    machine = _Machine()
    guard = ClockGuard(machine.real)
    machine.leaps(leap)
    guard.look()

    machine.passes(CONFIRMED_AFTER - A_SECOND)
    before = guard.look()
    machine.passes(A_SECOND)

    assert (before, guard.look()) == (False, True)


def test_a_clock_that_leaps_again_is_doubted_anew() -> None:
    """Only one that holds still is believed."""
    machine = _Machine()
    guard = ClockGuard(machine.real)
    machine.leaps(3 * HOUR)
    guard.look()

    machine.passes(CONFIRMED_AFTER)
    machine.leaps(3 * HOUR)

    assert not guard.look()


@pytest.mark.parametrize("leap", [-3 * HOUR, timedelta(days=400)], ids=["back", "ahead"])
async def test_while_the_clock_is_in_doubt_nothing_is_judged_by_it(leap: timedelta) -> None:
    """One wrong reading must not let a whole campaign be missed, nor what is kept be destroyed."""
    stage, forgetting, heartbeat = await Stage().started(), _Look(), _Look()
    machine = _Machine()
    ticks = (_tick(forgetting, by_the_clock=True, name="forgetting"), _tick(heartbeat, name="heartbeat"))

    async with _beating(stage, *ticks, real=machine.real) as metronome:
        await _until(lambda: stage.clock.waiting == [NOON + HOUR])
        machine.leaps(leap)
        await _until(lambda: metronome.paused)
        looked_before = forgetting.times
        stage.clock.move_to(NOON + timedelta(days=400))
        await heartbeat.seen(3)
        states, looked = await stage.states(), forgetting.times

    assert states == [OccurrenceState.PLANNED] * 6
    assert looked <= looked_before + 1  # one may have been under way


async def test_planning_goes_on_by_itself_once_the_clock_is_believed_again() -> None:
    """Nobody has to restart anything."""
    stage, machine = await Stage().started(), _Machine()

    async with _beating(stage, real=machine.real) as metronome:
        machine.leaps(-3 * HOUR)
        await _until(lambda: metronome.paused)
        machine.leaps(3 * HOUR)
        await _until(lambda: not metronome.paused)
        stage.clock.advance(HOUR)
        await _until(lambda: stage.woken == 2)

    assert len(await stage.planned()) == 1


async def test_a_town_on_stage_may_leap_as_it_likes() -> None:
    """The clock of a rehearsal is no clock of the machine."""
    stage = await Stage().started()

    async with _beating(stage) as metronome:
        stage.clock.advance(HOUR)
        await _until(lambda: stage.woken == 2)
        paused = metronome.paused

    assert not paused
