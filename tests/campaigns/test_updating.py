"""A campaign file is corrected while its campaign runs: what has not started follows it, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from campaigns.calendar import NotChanged, move
from campaigns.updating import update
from core.campaign import After, Campaign, OccurrenceState, Question, Step, StepKind, named
from core.identifiers import CampaignId, PollId, StepName
from core.messages import AnnouncementPublished
from core.timetable import Rearrangement
from tests.campaigns.stage import HOUR, Stage, then
from tests.core.examples import BRIDGE, NEWS, announcement, poll, step, words
from tests.fakes import NOON

DAY = timedelta(days=1)
SECOND = PollId("bridge_colour")
PLANNED, DONE = OccurrenceState.PLANNED, OccurrenceState.DONE


async def _updates(stage: Stage, plan: Campaign) -> Rearrangement | None:
    now = stage.clock.now()
    return await stage.store.write(partial(update, plan, now))


async def _due(stage: Stage) -> list[tuple[str, float, OccurrenceState]]:
    """Each occurrence: step, hours after noon, state."""
    found = await stage.read(lambda books: books.campaigns.occurrences(stage.campaign.id))
    return [(each.step, (each.due_at - NOON) / HOUR, each.state) for each in found]


def _with_steps(stage: Stage, *steps: Step) -> Campaign:
    return replace(stage.campaign, steps=named(steps))


async def test_steps_to_come_are_added_moved_and_dropped() -> None:
    """And what was done stays done."""
    stage = await Stage().started()
    await stage.at(1)
    announced, opened, _, closed, *_ = stage.campaign.steps
    later = replace(closed, when=After(5 * HOUR))
    thanked = step(StepKind.THANK, After(DAY))

    changes = await _updates(stage, _with_steps(stage, announced, opened, later, thanked))

    assert changes is not None
    assert await _due(stage) == [
        ("announce-news", 1, DONE),
        ("open_poll-route", 2, PLANNED),
        ("close_poll-route", 7, PLANNED),
        ("thank-route", 31, PLANNED),
    ]
    assert (await stage.poll()).closes_at == NOON + 7 * HOUR


async def test_words_that_are_corrected_are_said_as_corrected() -> None:
    """At their time, which does not change."""
    stage = await Stage(steps=(then(StepKind.ANNOUNCE),)).started()
    corrected = replace(announcement(), title=words("The footbridge, corrected"))

    changes = await _updates(stage, replace(stage.campaign, announcements=(corrected,)))
    await stage.at(1)

    assert changes == Rearrangement()
    assert [each.message for each in await stage.planned()] == [AnnouncementPublished(announcement=corrected)]


async def test_the_same_file_again_changes_nothing() -> None:
    """Officers repeat commands."""
    stage = await Stage().started()
    before = await _due(stage)

    assert await _updates(stage, stage.campaign) is None
    assert await _due(stage) == before


async def test_a_poll_to_come_follows_the_file() -> None:
    """Another question, another time; one more poll; one less."""
    stage = await Stage().started()
    asked = replace(stage.campaign.questions[0], question=words("Which way?"))
    second = Question(id=SECOND, question=words("Which colour?"), options=(words("Red"), words("Blue")))
    more = (step(StepKind.OPEN_POLL, After(HOUR), SECOND), step(StepKind.CLOSE_POLL, After(HOUR), SECOND))

    await _updates(stage, replace(_with_steps(stage, *stage.campaign.steps, *more), questions=(asked, second)))
    both = [(each.id, each.question.en) for each in await stage.read(lambda books: books.polls.all())]
    await _updates(stage, replace(_with_steps(stage, *more), questions=(second,)))

    assert both == [(BRIDGE, "Which way?"), (SECOND, "Which colour?")]
    assert [each.id for each in await stage.read(lambda books: books.polls.all())] == [SECOND]


async def test_the_closing_of_an_open_poll_keeps_its_time_under_another_name() -> None:
    """A poll whose closing was dropped would never end."""
    stage = await Stage().started()
    await stage.at(2)
    named_anew = (
        replace(each, name=StepName("the-end")) if each.kind is StepKind.CLOSE_POLL else each
        for each in stage.campaign.steps
    )

    await _updates(stage, _with_steps(stage, *named_anew))

    closings = [(hours, state) for name, hours, state in await _due(stage) if name in {"the-end", "close_poll-route"}]
    assert closings == [(4, PLANNED)]


def _another_question(plan: Campaign) -> Campaign:
    return replace(plan, questions=(replace(plan.questions[0], question=words("Which way?")),))


def _another_closing(plan: Campaign) -> Campaign:
    steps = [replace(each, when=After(DAY)) if each.kind is StepKind.CLOSE_POLL else each for each in plan.steps]
    return replace(plan, steps=tuple(steps))


def _no_poll(plan: Campaign) -> Campaign:
    return replace(plan, questions=(), steps=plan.steps[:1])


@pytest.mark.parametrize("changed", [_another_question, _another_closing, _no_poll])
async def test_a_poll_that_has_opened_stays_what_it_is(changed: Callable[[Campaign], Campaign]) -> None:
    """People were told what it asks and when it closes."""
    stage = await Stage().started()
    await stage.at(1)
    await stage.at(2)
    before, asked = await _due(stage), await stage.poll()

    with pytest.raises(NotChanged, match="has opened"):
        await _updates(stage, changed(stage.campaign))

    assert (await _due(stage), await stage.poll()) == (before, asked)


async def test_the_steps_around_an_open_poll_still_change() -> None:
    """A reminder more, and the thanks later: neither the question nor its closing."""
    stage = await Stage().started()
    await stage.at(1)
    await stage.at(2)
    *steps, thanked = stage.campaign.steps
    last = step(StepKind.REMIND, After(-HOUR / 2, step=StepName("close_poll-route")))
    more = replace(last, name=StepName("last-call"))

    await _updates(stage, _with_steps(stage, *steps, replace(thanked, when=After(DAY)), more))

    assert [(name, hours) for name, hours, _ in await _due(stage)][2:] == [
        ("remind-route", 3),
        ("last-call", 3.5),
        ("close_poll-route", 4),
        ("publish_results-route", 5),
        ("thank-route", 29),
    ]


@pytest.mark.parametrize("name", ["new", "announce-news"])
async def test_a_step_whose_time_has_passed_is_refused(name: str) -> None:
    """A new one, or one that is put back: nobody means that it be said late."""
    stage = await Stage(steps=(replace(then(StepKind.ANNOUNCE), when=After(10 * HOUR)),)).started()
    stage.clock.move_to(NOON + 5 * HOUR)
    past = step(StepKind.ANNOUNCE, After(HOUR, step=None), NEWS)

    with pytest.raises(NotChanged, match=f"the time of the step «{name}» has passed"):
        await _updates(stage, _with_steps(stage, replace(past, name=StepName(name))))


async def test_what_an_officer_moved_stays_where_it_was_put() -> None:
    """The file did not know of it."""
    stage = await Stage(steps=(then(StepKind.ANNOUNCE),)).started()
    (occurrence,) = await stage.read(lambda books: books.campaigns.occurrences(stage.campaign.id))
    await stage.store.write(partial(move, occurrence.id, NOON + DAY, NOON))

    await _updates(stage, _with_steps(stage, step(StepKind.ANNOUNCE, After(2 * HOUR), NEWS)))

    assert await _due(stage) == [("announce-news", 24, PLANNED)]


async def test_a_poll_of_another_campaign_is_not_taken_over() -> None:
    """Its ballots would answer another question."""
    stage = await Stage().started()
    other = replace(poll(), id=SECOND, campaign=CampaignId("tunnel"))
    await stage.store.write(lambda books: books.polls.add(other))
    second = Question(id=SECOND, question=words("Which colour?"), options=(words("Red"), words("Blue")))
    more = (step(StepKind.OPEN_POLL, After(HOUR), SECOND), step(StepKind.CLOSE_POLL, After(HOUR), SECOND))
    plan = _with_steps(stage, *stage.campaign.steps, *more)

    with pytest.raises(NotChanged, match="belongs to the campaign «tunnel»"):
        await _updates(stage, replace(plan, questions=(*plan.questions, second)))


@pytest.mark.parametrize("cancelled", [False, True])
async def test_only_a_running_campaign_is_updated(*, cancelled: bool) -> None:
    """One that was stopped, or never started, has no occurrences to change."""
    stage = Stage()
    if cancelled:
        await stage.started()
        await stage.planner.cancel(stage.campaign.id)

    with pytest.raises(NotChanged, match="no campaign «bridge» is running"):
        await _updates(stage, stage.campaign)
