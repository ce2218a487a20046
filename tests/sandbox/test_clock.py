"""The stage clock: it leaps over empty hours, never over work in hand, and leaves a visitor time to look."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sandbox.clock import AT_ONCE, Pace, StageClock

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUIET = timedelta(milliseconds=1)
LONG = timedelta(seconds=30)  # no test waits that long


@asynccontextmanager
async def running(*, pace: Pace = AT_ONCE, flowing: bool = False) -> AsyncIterator[StageClock]:
    """A clock at nine that jumps."""
    clock = StageClock(NINE, quiet=QUIET, pace=pace, flowing=flowing)
    conductor = asyncio.create_task(clock.run())
    try:
        yield clock
    finally:
        conductor.cancel()
        await asyncio.wait([conductor])


async def a_moment() -> None:
    """Let many quiet windows pass."""
    await asyncio.sleep(0.02)


@asynccontextmanager
async def asleep(clock: StageClock, *instants: datetime) -> AsyncIterator[list[asyncio.Task[None]]]:
    """One sleeper for each instant."""
    tasks = [asyncio.create_task(clock.sleep_until(at)) for at in instants]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def test_a_sleeper_wakes_at_its_instant_without_waiting_for_it() -> None:
    """A day of the town is played in seconds."""
    async with running() as clock:
        await asyncio.wait_for(clock.sleep_until(NINE + HOUR), 1)

        assert clock.now() == NINE + HOUR


async def test_a_passed_instant_returns_at_once() -> None:
    """Nobody waits for what has been."""
    clock = StageClock(NINE)

    await clock.sleep_until(NINE - HOUR)

    assert clock.now() == NINE


async def test_sleepers_wake_in_the_order_of_their_instants() -> None:
    """The story keeps its order whatever the order in which its parts went to sleep."""
    woken: list[int] = []

    async def sleep(hours: int) -> None:
        await clock.sleep_until(NINE + hours * HOUR)
        woken.append(hours)

    async with running() as clock, asyncio.TaskGroup() as crowd:
        for hours in (3, 1, 2):
            crowd.create_task(sleep(hours))

    assert woken == [1, 2, 3]


async def test_sleepers_of_one_instant_wake_together_first_come_first_served() -> None:
    """A burst is a burst: no jump lies between them, and the same run gives the same order."""
    woken: list[str] = []

    async def sleep(name: str) -> None:
        await clock.sleep_until(NINE + HOUR)
        woken.append(name)

    async with running() as clock, asyncio.TaskGroup() as crowd:
        for name in "abc":
            crowd.create_task(sleep(name))

    assert woken == ["a", "b", "c"]


async def test_the_clock_stands_still_while_somebody_is_busy() -> None:
    """Time must not pass over a vote that is being stored."""
    async with running() as clock, asleep(clock, NINE + HOUR):
        clock.idle_when(lambda: False)

        await a_moment()

        assert clock.now() == NINE


async def test_the_clock_stands_still_while_a_counter_moves() -> None:
    """Work between two components that both look idle shows in what they have done so far."""
    calls = iter(range(1_000_000))
    async with running() as clock, asleep(clock, NINE + HOUR):
        clock.watch(lambda: next(calls))

        await a_moment()

        assert clock.now() == NINE


async def test_the_clock_jumps_when_the_work_is_done() -> None:
    """Busy is not for ever."""
    idle = asyncio.Event()
    async with running() as clock, asleep(clock, NINE + HOUR) as (sleeper,):
        clock.idle_when(idle.is_set)
        await a_moment()

        idle.set()
        await asyncio.wait_for(sleeper, 1)

        assert clock.now() == NINE + HOUR


async def test_a_sleeper_who_gave_up_is_not_waited_for() -> None:
    """A cancelled timer is no event of the story."""
    async with running() as clock, asleep(clock, NINE + HOUR) as (given_up,):
        await asyncio.sleep(0)
        given_up.cancel()

        await clock.sleep_until(NINE + 2 * HOUR)

        assert given_up.cancelled()
        assert clock.next_event is None


async def test_nothing_is_played_beyond_the_horizon() -> None:
    """The demo ends though the bots still have plans for next year."""
    async with running() as clock, asleep(clock, NINE + HOUR):
        clock.horizon = NINE + HOUR / 2

        await a_moment()

        assert clock.now() == NINE
        assert clock.next_event is None


async def test_a_paced_story_waits_for_those_who_look_on() -> None:
    """A visitor reads slower than a machine jumps."""
    async with running(pace=Pace(story=LONG)) as clock, asleep(clock, NINE + HOUR):
        await a_moment()

        assert clock.now() == NINE
        assert clock.next_event == NINE + HOUR


async def test_the_crowd_does_not_wait_for_the_pace_of_the_story() -> None:
    """Two hundred votes at three seconds each would be ten minutes."""
    async with running(pace=Pace(story=LONG)) as clock:
        await asyncio.wait_for(clock.aside.sleep_until(NINE + 2 * HOUR), 1)

        assert clock.now() == clock.aside.now() == NINE + 2 * HOUR


async def test_a_blink_is_not_paced() -> None:
    """The pause of one second between two posts is nothing to look at."""
    async with running(pace=Pace(story=LONG, attention=LONG)) as clock:
        clock.touch()

        await asyncio.wait_for(clock.sleep_until(NINE + timedelta(seconds=1)), 1)

        assert clock.now() == NINE + timedelta(seconds=1)


async def test_a_blink_passes_while_somebody_is_busy_and_time_is_stopped() -> None:
    """Who waits a second between two answers has work in hand all the while: waiting for idleness would be for ever."""
    async with running() as clock:
        clock.idle_when(lambda: False)
        clock.pause()

        await asyncio.wait_for(clock.sleep_until(NINE + timedelta(seconds=1)), 1)

        assert clock.now() == NINE + timedelta(seconds=1)


async def test_the_story_holds_its_breath_while_the_visitor_acts() -> None:
    """Who is about to vote must not see the poll close under the finger."""
    async with running(pace=Pace(attention=LONG)) as clock, asleep(clock, NINE + HOUR):
        clock.touch()

        await a_moment()

        assert clock.now() == NINE


async def test_skipping_goes_to_the_next_event_of_the_story_and_no_further() -> None:
    """The button says: next event, not all of them; the crowd's acts on the way are played, not dropped."""
    async with running(pace=Pace(story=LONG, aside=LONG, attention=LONG)) as clock:
        clock.touch()
        passer_by = asyncio.create_task(clock.aside.sleep_until(NINE + HOUR / 2))
        async with asleep(clock, NINE + HOUR, NINE + 2 * HOUR) as (next_event, _):
            clock.skip()

            await asyncio.wait_for(next_event, 1)
            await a_moment()

    assert passer_by.done()
    assert clock.now() == NINE + HOUR


async def test_a_paused_clock_stands_still_until_resumed() -> None:
    """The visitor may stop the town to read."""
    async with running() as clock, asleep(clock, NINE + HOUR) as (sleeper,):
        clock.pause()
        await a_moment()
        stood = clock.now()

        clock.resume()
        await asyncio.wait_for(sleeper, 1)

        assert stood == NINE
        assert not clock.paused


async def test_skipping_from_a_pause_plays_one_event_and_stays_paused() -> None:
    """Step by step, at the visitor's own speed."""
    async with running() as clock, asleep(clock, NINE + HOUR, NINE + 2 * HOUR) as (first, _):
        clock.pause()
        clock.skip()

        await asyncio.wait_for(first, 1)
        await a_moment()

        assert clock.now() == NINE + HOUR
        assert clock.paused


async def test_a_flowing_clock_runs_between_jumps_and_never_goes_back() -> None:
    """On a page a clock that stands still looks broken."""
    async with running(pace=Pace(story=LONG), flowing=True) as clock, asleep(clock, NINE + HOUR, NINE + 2 * HOUR) as s:
        seen = [clock.now()]
        await a_moment()
        seen.append(clock.now())
        clock.skip()
        await asyncio.wait([s[0]])
        seen.append(clock.now())

        assert seen == sorted(seen)
        assert NINE < seen[1] < NINE + HOUR <= seen[2]


async def test_a_flowing_clock_wakes_those_whose_instant_came_by_itself() -> None:
    """A second is a second, also when the story is held up."""
    async with running(pace=Pace(story=LONG, blink=timedelta()), flowing=True) as clock:
        await asyncio.wait_for(clock.sleep_until(NINE + timedelta(milliseconds=10)), 1)

        assert clock.now() < NINE + HOUR


async def test_watchers_hear_of_jumps_and_pauses() -> None:
    """The page shows the hour as it is."""
    heard: list[datetime] = []
    async with running() as clock:
        clock.subscribe(lambda: heard.append(clock.now()))

        await clock.sleep_until(NINE + HOUR)
        clock.pause()
        clock.resume()

        assert heard == [NINE + HOUR] * 3


async def test_where_something_is_at_work_time_is_no_faster_than_the_ceiling() -> None:
    """A hundred virtual seconds at a thousand times: a tenth of a real one."""
    async with running(pace=Pace(speed=1000)) as clock:
        clock.at_work_when(lambda: True)
        began = time.monotonic()

        await clock.sleep_until(NINE + timedelta(seconds=100))

        assert time.monotonic() - began >= 0.1


async def test_where_nothing_is_at_work_the_ceiling_holds_nobody_up() -> None:
    """A day at a thousand times would last a minute and a half."""
    async with running(pace=Pace(speed=1000)) as clock:
        clock.at_work_when(lambda: False)

        await asyncio.wait_for(clock.sleep_until(NINE + 24 * HOUR), 5)

        assert clock.now() == NINE + 24 * HOUR
