"""The metronome: ticks that go on whatever happens, and an alarm that wakes the planner on the instant."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import StorageError
from core.poll import PollState
from delivery.bells import Bell
from scheduler import Metronome, RealTime
from tests.campaigns.stage import HOUR, Stage
from tests.delivery.post_office import FailingStore
from tests.fakes import NOON
from tests.metronomes import Look, beating, tick, until

# ── ticks ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_tick_is_looked_at_at_once_and_then_again_and_again() -> None:
    """A restarted town does not wait for its first look."""
    look = Look()

    async with beating(Stage(), tick(look)):
        await look.seen(3)

    assert look.times >= 3


async def test_a_tick_with_a_long_period_is_looked_at_once_at_the_start() -> None:
    """Housekeeping, for instance."""
    look = Look()

    async with beating(Stage(), tick(look, period=HOUR)):
        await look.seen()

    assert look.times == 1


async def test_a_tick_that_fails_is_looked_at_again(caplog: pytest.LogCaptureFixture) -> None:
    """One line when it begins to fail, one when it succeeds again."""
    look = Look(StorageError("locked"), StorageError("locked"))

    async with beating(Stage(), tick(look)):
        await look.seen(4)

    said = [record.message for record in caplog.records if record.name == "parvis.scheduler"]
    assert [line for line in said if line != "tick_stale"] == ["tick_failing", "tick_succeeds_again"]  # stale if slow


@pytest.mark.parametrize(("error", "traced"), [(StorageError("locked"), False), (KeyError("x"), True)], ids=str)
async def test_only_a_fault_of_ours_is_traced(
    error: Exception, *, traced: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """A locked database is one line: where it was noticed explains nothing."""
    look = Look(error)

    async with beating(Stage(), tick(look)):
        await look.seen(2)

    (failing,) = [record for record in caplog.records if record.message == "tick_failing"]
    assert (bool(failing.exc_info), vars(failing)["detail"]) == (traced, str(error))


async def test_apscheduler_says_nothing_of_a_look_that_takes_long(caplog: pytest.LogCaptureFixture) -> None:
    """While a database is locked it would say so every second, for each tick."""
    times: list[int] = []

    async def slow() -> None:
        times.append(1)
        await asyncio.sleep(0.03)

    async with beating(Stage(), tick(slow)):
        await until(lambda: len(times) >= 2)

    assert [record.message for record in caplog.records if record.name.startswith("apscheduler")] == []


async def test_a_tick_that_fails_stops_no_other() -> None:
    """They are guarded one by one."""
    healthy = Look()

    async with beating(Stage(), tick(Look(*[KeyError("x")] * 99), name="bad"), tick(healthy, name="good")):
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

    async with beating(Stage(), tick(slow)):
        await until(lambda: len(most) >= 2)

    assert set(most) == {1}


async def test_a_look_under_way_may_end_before_the_metronome_stops() -> None:
    """An orderly stop leaves no work half done."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await asyncio.sleep(0.03)
        ended.set()

    async with beating(Stage(), tick(slow, period=HOUR)):
        await begun.wait()

    assert ended.is_set()


# ── the watchdog ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_tick_without_success_for_three_periods_is_stale(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever supervises the process may restart it; the log says it once."""
    seconds = [0.0]
    look = Look(*[KeyError("x")] * 9999)
    real = RealTime(reading=lambda: seconds[0])

    async with beating(Stage(), tick(look, period=timedelta(seconds=1)), real=real) as metronome:
        await look.seen()
        fresh = metronome.stale()
        seconds[0] = 3.5
        await until(lambda: "tick_stale" in [record.message for record in caplog.records])
        stale = metronome.stale()

    assert ("look" in fresh, "look" in stale) == (False, True)


async def test_nobody_is_restarted_for_a_tick_that_is_not_vital(caplog: pytest.LogCaptureFixture) -> None:
    """Pre-flight may wait long for a hundred dead sites, or stumble over one: votes go on. The log says so."""
    seconds = [0.0]
    look = Look(*[KeyError("x")] * 9999)
    advice = replace(tick(look, period=timedelta(seconds=1)), vital=False)

    async with beating(Stage(), advice, real=RealTime(reading=lambda: seconds[0])) as metronome:
        await look.seen()
        seconds[0] = 3.5
        await until(
            lambda: "look" in [record.__dict__.get("tick") for record in caplog.records if record.msg == "tick_stale"]
        )
        stale = metronome.stale()

    assert "look" not in stale


async def test_a_database_that_takes_nothing_makes_no_tick_stale() -> None:
    """A restart cures no full disk, and meanwhile nobody would be told that their vote is not counted."""
    seconds = [0.0]
    look = Look(*[StorageError("database or disk is full")] * 9999)
    real = RealTime(reading=lambda: seconds[0])

    async with beating(Stage(), tick(look, period=timedelta(milliseconds=100)), real=real) as metronome:
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
    look = Look()
    long_ago = RealTime(wall=lambda: datetime.now(UTC) - 3 * HOUR)

    async with beating(Stage(), tick(look, period=HOUR), real=long_ago):
        await look.seen(2)

    assert look.times >= 2


async def test_years_that_were_missed_are_made_up_for_by_one_look() -> None:
    """A dead battery, then a time server: APScheduler by itself would list every missed second, one by one."""
    look = Look()
    years_ago = RealTime(wall=lambda: datetime.now(UTC) - timedelta(days=9000))

    async with beating(Stage(), tick(look), tick(Look(), period=HOUR, name="slow"), real=years_ago):
        await look.seen(3)

    assert look.times < 1000


# ── planning ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_planner_is_woken_at_the_instant_of_the_next_step() -> None:
    """Not at the next tick: the alarm sleeps on the town's clock."""
    stage = await Stage().started()

    async with beating(stage):
        await until(lambda: stage.clock.waiting == [NOON + HOUR])
        stage.clock.advance(HOUR)
        await until(lambda: stage.woken == 2)

    assert len(await stage.planned()) == 1


async def test_a_step_that_falls_due_while_the_alarm_is_set_does_not_wait_for_the_tick() -> None:
    """The alarm may be set anew at any instant, also at the very one."""
    stage, bell = await Stage().started(), Bell()
    store = FailingStore(stage.store)
    stage.planner = stage.new_planner(store)

    async with beating(stage, bell=bell, planning=HOUR):
        await until(lambda: (stage.woken, stage.clock.waiting) == (1, [NOON + HOUR]))
        store.once_read = lambda: stage.clock.move_to(NOON + HOUR)
        bell.ring()
        await until(lambda: stage.woken == 2)

    assert len(await stage.planned()) == 1


async def test_a_bell_sets_the_alarm_anew() -> None:
    """A campaign was started: its first step is earlier than anything known."""
    stage, bell, look = Stage(), Bell(), Look()

    async with beating(stage, tick(look), bell=bell):
        await look.seen()
        await stage.started()
        bell.ring()
        await until(lambda: stage.clock.waiting == [NOON + HOUR])

    assert await stage.planned() == []


async def test_a_campaign_started_by_another_process_is_noticed() -> None:
    """The planner's own tick sees what is due."""
    stage = await Stage().started()
    await stage.at(0.99)
    stage.clock.advance(HOUR / 60)  # in time: an outage is another matter

    async with beating(stage):
        await until(lambda: stage.woken == 2)

    assert len(await stage.planned()) == 1


async def test_an_alarm_that_cannot_be_set_is_set_later() -> None:
    """The database was locked at that moment."""
    stage = await Stage().started()
    store = FailingStore(stage.store)
    store.reads = [StorageError("locked")] * 2
    stage.planner = stage.new_planner(store)

    async with beating(stage):
        await until(lambda: stage.clock.waiting == [NOON + HOUR])

    assert store.reads == []


async def test_the_alarm_does_not_insist_while_a_step_has_to_wait() -> None:
    """A poll that waits for votes is looked at by the tick, once a second, and not without a pause."""
    stage = await Stage().started()
    for hour in (1, 2, 3):
        await stage.at(hour)
    await stage.receives()
    stage.clock.move_to(NOON + 4 * HOUR)

    look = Look()
    async with beating(stage, tick(look)) as metronome:
        await look.seen(3)
        await until(lambda: not metronome.busy)
        waiting = list(stage.clock.waiting)

    assert (waiting, (await stage.poll()).state) == ([], PollState.OPEN)
