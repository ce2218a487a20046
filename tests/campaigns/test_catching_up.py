"""After three days of silence: what is late waits, or goes out one by one, the newest first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns import catching_up
from campaigns.catching_up import MOST_AN_HOUR, PROMPT
from core.campaign import After, CatchUp, OccurrenceState, StepKind
from core.identifiers import OccurrenceId
from tests.campaigns.stage import HOUR, Stage, then
from tests.core.examples import NEWS, step

DAY = timedelta(days=1)
DONE, MISSED, PLANNED = OccurrenceState.DONE, OccurrenceState.MISSED, OccurrenceState.PLANNED


def every_six_hours(count: int, *, grace: timedelta = 9 * DAY, catch_up: CatchUp = CatchUp.ASK) -> Stage:
    """A campaign of so many announcements, none of which perishes soon."""
    stage = Stage(steps=tuple(step(StepKind.ANNOUNCE, After(6 * HOUR), NEWS) for _ in range(count)))
    steps = tuple(replace(each, grace=grace) for each in stage.campaign.steps)
    stage.campaign = replace(stage.campaign, steps=steps, catch_up=catch_up)
    return stage


async def slept(stage: Stage, length: timedelta = 3 * DAY) -> Stage:
    """Start the campaign, look, and look again after so long, by another planner: the service was down."""
    await stage.started()
    await stage.at(0)
    stage.planner = stage.new_planner()
    stage.clock.advance(length)
    await stage.planner.look()
    return stage


async def numbers(stage: Stage) -> list[OccurrenceId]:
    """What is late, the newest first."""
    return [each.id for each in await stage.read(lambda books: catching_up.late(stage.clock.now(), books))]


async def release(stage: Stage, *chosen: OccurrenceId) -> list[bool]:
    """An officer lets these go out."""
    return await stage.store.write(lambda books: [catching_up.release(each, books) for each in chosen])


async def hours_pass(stage: Stage, hours: int) -> list[int]:
    """How many steps were settled in each of so many hours, looking every ten minutes."""
    settled = []
    for _ in range(hours):
        settled.append(0)
        for _ in range(6):
            settled[-1] += await stage.planner.look()
            stage.clock.advance(HOUR / 6)
    return settled


async def test_what_fell_due_in_three_days_of_silence_waits_for_an_officer() -> None:
    """However long nobody chooses."""
    stage = await slept(every_six_hours(10))

    settled = await hours_pass(stage, 2)

    assert (settled, await stage.planned()) == ([0, 0], [])
    assert await stage.states() == [PLANNED] * 10
    assert len(await numbers(stage)) == 10


async def test_what_an_officer_releases_goes_out_and_the_rest_waits() -> None:
    """Item by item."""
    stage = await slept(every_six_hours(3))
    newest, _, oldest = await numbers(stage)

    done = await release(stage, oldest, OccurrenceId(999))
    await stage.planner.look()

    assert done == [True, False]
    assert await stage.states() == [DONE, PLANNED, PLANNED]
    assert newest in await numbers(stage)


async def test_ten_late_posts_do_not_flood() -> None:
    """Four an hour at most, whoever released them; the newest first."""
    stage = await slept(every_six_hours(10))
    await release(stage, *await numbers(stage))

    settled = [await stage.planner.look()]
    first = await stage.states()
    settled += await hours_pass(stage, 3)

    assert first == [PLANNED] * 6 + [DONE] * MOST_AN_HOUR
    assert settled == [4, 0, 4, 2]
    assert await numbers(stage) == []


async def test_a_campaign_may_catch_up_by_itself() -> None:
    """The town decided so before."""
    stage = await slept(every_six_hours(6, catch_up=CatchUp.NEWEST_FIRST))

    first = await stage.states()
    await hours_pass(stage, 3)

    assert first == [PLANNED] * 2 + [DONE] * 4
    assert await stage.states() == [DONE] * 6


async def test_a_campaign_may_drop_what_is_late() -> None:
    """What is due from now on goes out as ever."""
    stage = await slept(every_six_hours(14, catch_up=CatchUp.DROP), 3 * DAY - HOUR)
    stage.clock.advance(HOUR)

    assert await stage.planner.look() == 1
    assert await stage.states() == [MISSED] * 11 + [DONE] + [PLANNED] * 2


async def test_nothing_perishable_is_said_late() -> None:
    """Its grace is over: no officer and no policy changes that."""
    stage = every_six_hours(6, grace=HOUR, catch_up=CatchUp.NEWEST_FIRST)

    await slept(stage)

    assert await stage.states() == [MISSED] * 6
    assert await stage.planned() == []


async def test_what_waits_perishes_in_time() -> None:
    """An officer who never chooses lets nothing old out, either."""
    stage = await slept(every_six_hours(3, grace=3 * DAY))
    await hours_pass(stage, 2)
    waiting = await stage.states()
    stage.clock.advance(DAY)
    await stage.planner.look()

    assert (waiting, await stage.states()) == ([PLANNED] * 3, [MISSED] * 3)
    assert await numbers(stage) == []


async def test_a_short_break_is_no_outage() -> None:
    """An upgrade takes a minute; what is a quarter of an hour old is not late."""
    stage = every_six_hours(1)
    await stage.started()
    await stage.at(5.9)
    stage.clock.advance(HOUR / 10 + PROMPT - HOUR / 60)

    assert await stage.planner.look() == 1


async def test_what_is_due_just_now_goes_out_although_others_wait() -> None:
    """At its time, and without taking a turn."""
    stage = await slept(every_six_hours(13), 3 * DAY + 5 * HOUR)
    stage.clock.advance(HOUR)

    assert await stage.planner.look() == 1
    assert (await stage.states())[-1] is DONE


async def test_a_poll_closes_whatever_happened() -> None:
    """And its results, which everybody was promised, ask nobody; the thanks do."""
    stage = Stage(
        steps=(
            then(StepKind.OPEN_POLL),
            then(StepKind.CLOSE_POLL, DAY),
            then(StepKind.PUBLISH_RESULTS),
            then(StepKind.THANK),
        )
    )
    steps = tuple(replace(each, grace=9 * DAY) for each in stage.campaign.steps)
    stage.campaign = replace(stage.campaign, steps=steps)
    await stage.started()
    await stage.at(1)

    await stage.at(72)
    await stage.at(72.5)

    assert await stage.states() == [DONE, DONE, DONE, PLANNED]


async def test_a_town_that_was_held_was_looked_at_by_nobody() -> None:
    """When it is released, nothing floods either."""
    stage = every_six_hours(4)
    await stage.started()
    await stage.at(0)
    await stage.store.write(lambda books: books.town.set_fact("held", "restored"))
    await hours_pass(stage, 30)
    await stage.store.write(lambda books: books.town.set_fact("held", None))

    await hours_pass(stage, 1)

    assert await stage.planned() == []
    assert len(await numbers(stage)) == 4


async def test_a_town_that_is_released_between_two_notes_is_not_flooded_at_once() -> None:
    """The planner looks every second, and notes it once a minute: a look at a town that was held counts for nothing."""
    stage = every_six_hours(4)
    await stage.started()
    await stage.at(0)
    await stage.store.write(lambda books: books.town.set_fact("held", "restored"))
    await stage.at(30)
    await stage.store.write(lambda books: books.town.set_fact("held", None))

    stage.clock.advance(timedelta(seconds=1))
    await stage.planner.look()

    assert await stage.planned() == []
    assert len(await numbers(stage)) == 4


async def test_what_is_late_is_said_once_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """By the service that finds it."""
    stage = await slept(every_six_hours(2))
    await hours_pass(stage, 1)

    assert caplog.messages.count("step_late") == 2
