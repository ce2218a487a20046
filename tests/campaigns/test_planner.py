"""What is due becomes deliveries: once, whole, in time or not at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.planner import Start
from core.alert import KEPT, AlertKind
from core.audience import RecipientKind
from core.campaign import CampaignState, OccurrenceState, StepKind
from core.delivery import DeliveryState, Urgency
from core.errors import Misconfigured
from core.identifiers import CampaignId, PollId
from core.messages import PollOpened, PollReminder, ResultsPublished, Thanks
from core.poll import PollState
from delivery.sobriety import freeze
from tests.campaigns.stage import HOUR, Interrupted, Stage, running, then
from tests.core.examples import BRIDGE, poll, words
from tests.fakes import ACCOUNT, NOON

DONE, PLANNED = OccurrenceState.DONE, OccurrenceState.PLANNED


# ── starting ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_starting_a_campaign_makes_its_steps_due_and_its_polls_known() -> None:
    """Nothing is sent yet."""
    stage = await Stage().started()

    assert await stage.states() == [PLANNED] * 6
    assert (await stage.poll()).state is PollState.PLANNED
    assert await stage.planner.next_due() == NOON + HOUR


async def test_starting_twice_changes_nothing() -> None:
    """Two officers, or one who is not sure."""
    stage = await Stage().started()
    stage.clock.advance(HOUR)

    again = await stage.planner.start(stage.campaign)

    assert again is Start.BEFORE
    assert await stage.planner.next_due() == NOON + HOUR


async def test_another_campaign_is_not_started_under_the_same_name() -> None:
    """An officer who corrected the file must learn that the town still follows the first one."""
    stage = await Stage().started()
    corrected = replace(stage.campaign, title=words("The footbridge, corrected"))

    assert await stage.planner.start(corrected) is Start.OTHER
    running = await stage.read(lambda books: books.campaigns.get(stage.campaign.id))
    assert running is not None
    assert running.campaign == stage.campaign


async def test_a_cancelled_campaign_is_not_started_anew() -> None:
    """It was stopped for ever: whoever starts it again must learn so."""
    stage = await Stage().started()
    await stage.planner.cancel(stage.campaign.id)

    assert await stage.planner.start(stage.campaign) is Start.CANCELLED


async def test_a_poll_of_another_campaign_is_not_taken_over() -> None:
    """Its ballots would answer another question."""
    stage = await Stage().started()
    other = replace(stage.campaign, id=CampaignId("tunnel"))

    with pytest.raises(Misconfigured, match="belongs to the campaign «bridge»"):
        await stage.planner.start(other)

    assert await stage.read(lambda books: books.campaigns.get(other.id)) is None


async def test_starting_wakes_those_who_wait_for_the_next_step() -> None:
    """They cannot know its instant otherwise."""
    stage = await Stage().started()

    assert stage.woken == 1


# ── steps ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_due_step_becomes_a_delivery_to_each_channel() -> None:
    """Under the account that serves it."""
    stage = await Stage().started()

    settled = await stage.at(1)

    (delivery,) = await stage.planned()
    assert (settled, (await stage.states())[0]) == (1, DONE)
    assert (str(delivery.recipient), delivery.account, delivery.urgency) == (
        "channel:square",
        ACCOUNT,
        Urgency.CAMPAIGN,
    )
    assert (delivery.due_at, delivery.expires_at) == (NOON + HOUR, NOON + 2 * HOUR)


async def test_a_channel_that_the_service_does_not_know_is_a_failure_that_is_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Somebody corrected the configuration since: what was to be said there must not be lost without a word."""
    stage = await Stage(channels=("closed-down", "square")).started()

    await stage.at(1)

    found = {each.recipient.name: (each.state, each.note) for each in await stage.planned()}
    assert found == {
        "square": (DeliveryState.PLANNED, ""),
        "closed-down": (DeliveryState.FAILED, "the configuration knows no channel «closed-down»"),
    }
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["channel_unknown"]


async def test_nothing_is_done_before_its_time() -> None:
    """Not by a second."""
    stage = await Stage().started()
    stage.clock.move_to(NOON + HOUR - timedelta(seconds=1))

    assert await stage.planner.look() == 0


async def test_subscribers_are_written_to_when_the_campaign_says_so() -> None:
    """Only those who asked for it."""
    stage = await Stage(subscribers=True).started()
    await stage.citizen("asked", subscribed=True)
    await stage.citizen("did not", subscribed=False)

    await stage.at(1)

    assert [each.recipient.kind for each in await stage.planned()] == [RecipientKind.CHANNEL, RecipientKind.CITIZEN]


async def test_opening_opens_the_poll_and_shows_it_open() -> None:
    """In one transaction: no button without an open poll behind it."""
    stage = await Stage().started()
    await stage.at(1)

    await stage.at(2)

    message = (await stage.planned())[-1].message
    assert isinstance(message, PollOpened)
    assert ((await stage.poll()).state, message.poll.state) == (PollState.OPEN, PollState.OPEN)


async def test_the_key_of_a_poll_exists_before_it_opens() -> None:
    """A ballot without a durable key could not be told from another after a crash."""
    stage = await Stage().started()
    before = stage.vault.has_poll_key(BRIDGE)

    await stage.at(1)
    await stage.at(2)

    assert (before, stage.vault.has_poll_key(BRIDGE)) == (False, True)


async def test_a_reminder_says_how_many_have_voted() -> None:
    """And goes out only while one can vote."""
    stage = await running(until=2)
    await stage.votes(1)

    await stage.at(3)

    message = (await stage.planned())[-1]
    assert isinstance(message.message, PollReminder)
    assert (message.message.voters, message.expires_at) == (1, (await stage.poll()).closes_at)


async def test_closing_freezes_the_count_and_says_nothing() -> None:
    """The messages that show the poll follow by themselves."""
    stage = await running(until=3)
    await stage.votes(1)
    before = len(await stage.planned())

    await stage.at(4)

    assert (await stage.poll()).state is PollState.CLOSED
    assert (await stage.read(lambda books: books.polls.tally(BRIDGE))).counts == (0, 1)
    assert len(await stage.planned()) == before


async def test_a_poll_closes_in_time_although_the_town_keeps_silent() -> None:
    """Its hours were promised to those who vote; what is said of it waits in the ledger."""
    stage = await running(until=3)
    await stage.store.write(lambda books: freeze(books, "mourning", at=NOON))

    await stage.at(4)

    assert (await stage.poll()).state is PollState.CLOSED


async def test_results_and_thanks_carry_the_frozen_count() -> None:
    """What is published is what was counted."""
    stage = await running(until=3)
    await stage.votes(1)
    await stage.at(4)

    await stage.at(5)
    await stage.at(6)

    results, thanks = [delivery.message for delivery in await stage.planned()][-2:]
    assert isinstance(results, ResultsPublished)
    assert isinstance(thanks, Thanks)
    assert (results.tally.counts, results.poll.state, thanks.voters) == ((0, 1), PollState.CLOSED, 1)


async def test_a_settled_step_calls_for_attention() -> None:
    """There is something to send, and another instant to wait for."""
    stage = await Stage().started()

    await stage.at(0.5)
    quiet = stage.woken
    await stage.at(1)

    assert (quiet, stage.woken) == (1, 2)


# ── stopping ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_cancelled_campaign_plans_nothing_more() -> None:
    """And what it had planned is not sent."""
    stage = await running(until=1)

    cancelled = await stage.planner.cancel(stage.campaign.id)

    assert cancelled
    assert await stage.at(2) == 0
    assert [delivery.state for delivery in await stage.planned()] == [DeliveryState.CANCELLED]


async def test_cancelling_closes_the_polls_of_the_campaign_unpublished() -> None:
    """A question that is no longer asked must not go on collecting answers."""
    stage = await running(until=2)

    await stage.planner.cancel(stage.campaign.id)

    poll = await stage.poll()
    assert (poll.state, poll.closed_at) == (PollState.STOPPED, stage.clock.now())


async def test_cancelling_leaves_the_polls_of_others_open() -> None:
    """Two campaigns run side by side."""
    stage = await running(until=2)
    other = replace(poll(state=PollState.PLANNED), id=PollId("tunnel_depth"), campaign=CampaignId("tunnel"))
    await stage.store.write(lambda books: books.polls.add(other))
    await stage.store.write(lambda books: books.polls.open(other.id))

    await stage.planner.cancel(stage.campaign.id)

    assert (await stage.poll(other.id)).state is PollState.OPEN


async def test_cancelling_what_does_not_run_says_so() -> None:
    """Nothing is cancelled twice."""
    stage = await running(until=1)
    await stage.planner.cancel(stage.campaign.id)

    assert not await stage.planner.cancel(stage.campaign.id)
    stands = await stage.read(lambda books: books.campaigns.get(stage.campaign.id))
    assert stands is not None
    assert stands.state is CampaignState.CANCELLED


async def test_while_the_town_is_held_nothing_is_planned() -> None:
    """After a restore nobody knows yet what has already been published."""
    stage = await Stage().started()
    await stage.store.write(lambda books: books.town.set_fact("held", "restored"))

    assert await stage.at(1) == 0
    assert await stage.states() == [PLANNED] * 6


# ── once ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_two_planners_at_once_plan_once() -> None:
    """An alarm and a tick, or two processes: the compare-and-set decides."""
    stage = await Stage().started()
    stage.clock.move_to(NOON + HOUR)

    async with asyncio.TaskGroup() as group:
        looks = [group.create_task(planner.look()) for planner in (stage.planner, stage.new_planner())]

    assert (sum(look.result() for look in looks), len(await stage.planned())) == (1, 1)


async def test_a_step_settled_meanwhile_is_left_alone() -> None:
    """Between looking and writing somebody else may have been quicker."""
    stage = await Stage().started()
    stage.clock.move_to(NOON + HOUR)
    slow = stage.new_planner(Interrupted(stage.store, stage.planner.look))

    assert await slow.look() == 0
    assert len(await stage.planned()) == 1


async def test_the_planner_is_busy_while_it_looks_and_only_then() -> None:
    """The clock of a rehearsal jumps when nobody is busy."""
    stage = await Stage().started()
    seen = []

    async def see() -> None:
        seen.append(planner.busy)

    planner = stage.new_planner(Interrupted(stage.store, see))
    stage.clock.move_to(NOON + HOUR)
    await planner.look()

    assert (seen, planner.busy) == ([True], False)


@given(hours=st.lists(st.floats(min_value=0, max_value=12), max_size=8))
async def test_however_often_and_late_the_planner_looks_each_step_is_planned_once(hours: list[float]) -> None:
    """One delivery per step that was done and says something, and none for the others."""
    stage = await Stage().started()

    for hour in sorted(hours):
        await stage.at(hour)
        await stage.new_planner().look()

    speaking = [
        state is DONE and step.kind is not StepKind.CLOSE_POLL
        for state, step in zip(await stage.states(), stage.campaign.steps, strict=True)
    ]
    occurrences = [delivery.occurrence for delivery in await stage.planned()]
    assert (len(occurrences), len(set(occurrences))) == (sum(speaking), sum(speaking))


async def test_a_step_that_is_missed_is_told_to_the_staff() -> None:
    """In the transaction that misses it; for a day, for nobody can change it any more."""
    stage = await Stage(steps=(then(StepKind.ANNOUNCE),)).started()
    await stage.at(5)

    (alert,) = await stage.store.read(lambda books: books.alerts.standing())

    assert (alert.matter.kind, alert.matter.until) == (AlertKind.MISSED, stage.clock.now() + KEPT)
