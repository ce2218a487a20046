"""Nothing is judged by a machine's clock that leaps, until it is right again or holds still."""

from datetime import timedelta

import pytest

from core.campaign import OccurrenceState
from scheduler import CONFIRMED_AFTER, STEP_AHEAD, STEP_BACK, ClockGuard
from tests.campaigns.stage import HOUR, Stage
from tests.fakes import NOON
from tests.metronomes import Look, Machine, beating, tick, until

A_SECOND = timedelta(seconds=1)


def test_a_clock_that_runs_is_believed() -> None:
    """However long the machine has been up, and however long nobody looked."""
    machine = Machine()
    guard = ClockGuard(machine.real)

    machine.passes(timedelta(days=400))

    assert guard.look()


@pytest.mark.parametrize("leap", [-STEP_BACK, STEP_AHEAD], ids=["back", "ahead"])
def test_a_small_step_is_believed(leap: timedelta) -> None:
    """Time servers correct by seconds."""
    machine = Machine()
    guard = ClockGuard(machine.real)

    machine.leaps(leap)

    assert guard.look()


@pytest.mark.parametrize("leap", [-STEP_BACK - A_SECOND, STEP_AHEAD + A_SECOND], ids=["back", "ahead"])
def test_a_leap_is_doubted_and_said_once(leap: timedelta, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever reads the log learns how far."""
    machine = Machine()
    guard = ClockGuard(machine.real)

    machine.leaps(leap)

    assert [guard.look(), guard.look()] == [False, False]
    assert [(record.message, vars(record)["leapt_by_seconds"]) for record in caplog.records] == [
        ("clock_in_doubt", leap.total_seconds())
    ]


def test_a_wrong_reading_is_forgotten_as_soon_as_the_clock_is_right_again(caplog: pytest.LogCaptureFixture) -> None:
    """A year ahead, then put right a minute later: the town goes on at once."""
    machine = Machine()
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
    machine = Machine()
    guard = ClockGuard(machine.real)
    machine.leaps(leap)
    guard.look()

    machine.passes(CONFIRMED_AFTER - A_SECOND)
    before = guard.look()
    machine.passes(A_SECOND)

    assert (before, guard.look()) == (False, True)


def test_a_clock_that_leaps_again_is_doubted_anew() -> None:
    """Only one that holds still is believed."""
    machine = Machine()
    guard = ClockGuard(machine.real)
    machine.leaps(3 * HOUR)
    guard.look()

    machine.passes(CONFIRMED_AFTER)
    machine.leaps(3 * HOUR)

    assert not guard.look()


@pytest.mark.parametrize("leap", [-3 * HOUR, timedelta(days=400)], ids=["back", "ahead"])
async def test_while_the_clock_is_in_doubt_nothing_is_judged_by_it(leap: timedelta) -> None:
    """One wrong reading must not let a whole campaign be missed, nor what is kept be destroyed."""
    stage, forgetting, heartbeat = await Stage().started(), Look(), Look()
    machine = Machine()
    ticks = (tick(forgetting, by_the_clock=True, name="forgetting"), tick(heartbeat, name="heartbeat"))

    async with beating(stage, *ticks, real=machine.real) as metronome:
        await until(lambda: stage.clock.waiting == [NOON + HOUR])
        machine.leaps(leap)
        await until(lambda: metronome.paused and not stage.planner.busy)  # a look may have been under way
        looked_before = forgetting.times
        stage.clock.move_to(NOON + timedelta(days=400))
        await heartbeat.seen(3)
        states, looked = await stage.states(), forgetting.times

    assert states == [OccurrenceState.PLANNED] * 6
    assert looked <= looked_before + 1  # one may have been under way


async def test_planning_goes_on_by_itself_once_the_clock_is_believed_again() -> None:
    """Nobody has to restart anything."""
    stage, machine = await Stage().started(), Machine()

    async with beating(stage, real=machine.real) as metronome:
        machine.leaps(-3 * HOUR)
        await until(lambda: metronome.paused)
        machine.leaps(3 * HOUR)
        await until(lambda: not metronome.paused)
        stage.clock.advance(HOUR)
        await until(lambda: stage.woken == 2)

    assert len(await stage.planned()) == 1


async def test_a_town_on_stage_may_leap_as_it_likes() -> None:
    """The clock of a rehearsal is no clock of the machine."""
    stage = await Stage().started()

    async with beating(stage) as metronome:
        stage.clock.advance(HOUR)
        await until(lambda: stage.woken == 2)
        paused = metronome.paused

    assert not paused
