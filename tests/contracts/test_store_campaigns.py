"""Campaigns and what they make due: started once, settled once, stopped with all they planned."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.audience import Recipient, RecipientKind
from core.campaign import After, Campaign, CampaignState, OccurrenceState, StepKind
from core.delivery import DeliveryState
from core.identifiers import CampaignId, OccurrenceId
from core.ports.books.campaigns import Running
from core.ports.store import Store
from tests.contracts.doings import BRIDGE_CAMPAIGN, LATER, MARKET, SQUARE, planned, saved, settled, started
from tests.core.examples import NOON, campaign, step

PERSON = Recipient(RecipientKind.PERSON, "c2VhbGVk")
PLANNED, DONE, CANCELLED = OccurrenceState.PLANNED, OccurrenceState.DONE, OccurrenceState.CANCELLED


def _plan(name: str = "bridge") -> Campaign:
    return replace(campaign(step(StepKind.OPEN_POLL, After(timedelta()))), id=CampaignId(name))


async def test_a_campaign_comes_back_as_it_was_started(store: Store) -> None:
    """Zone, delays and all."""
    plan = replace(_plan(), zone=ZoneInfo("Indian/Reunion"))
    await started(store, plan)

    running = await store.read(lambda books: books.campaigns.get(plan.id))

    assert running == Running(campaign=plan, started_at=NOON, state=CampaignState.RUNNING)


async def test_a_campaign_starts_once(store: Store) -> None:
    """The officer presses twice; the town hears once."""
    before = await started(store)
    plan = _plan()

    again = await store.write(lambda books: books.campaigns.start(plan, at=LATER, due=plan.instants(LATER)))

    assert not again
    assert await store.read(lambda books: books.campaigns.occurrences(BRIDGE_CAMPAIGN)) == before


async def test_a_campaign_nobody_started_is_unknown(store: Store) -> None:
    """Asked for, cancelled, listed: nothing."""
    assert await store.read(lambda books: books.campaigns.get(BRIDGE_CAMPAIGN)) is None
    assert await store.write(lambda books: books.campaigns.cancel(BRIDGE_CAMPAIGN)) is False
    assert await store.read(lambda books: books.campaigns.all()) == ()


async def test_instants_must_match_the_steps(store: Store) -> None:
    """A step without an instant would never happen."""
    with pytest.raises(ValueError, match="zip"):
        await store.write(lambda books: books.campaigns.start(_plan(), at=NOON, due=[]))

    assert await store.read(lambda books: books.campaigns.all()) == ()


async def test_campaigns_are_listed_the_oldest_first(store: Store) -> None:
    """As they were started."""
    await started(store, _plan("z_first"))
    second = _plan("a_second")
    await store.write(lambda books: books.campaigns.start(second, at=LATER, due=[LATER]))

    assert await store.read(lambda books: [each.campaign.id for each in books.campaigns.all()]) == [
        "z_first",
        "a_second",
    ]


async def test_occurrences_stand_by_step_at_their_instants(store: Store) -> None:
    """One per step, planned."""
    occurrences = await started(store)

    assert [(each.step, each.due_at, each.state) for each in occurrences] == [(0, NOON, PLANNED), (1, LATER, PLANNED)]


async def test_what_is_due_is_due_at_its_instant(store: Store) -> None:
    """Inclusive; the earliest first."""
    first, second = await started(store)

    assert await store.read(lambda books: books.campaigns.due(NOON - timedelta(microseconds=1))) == ()
    assert await store.read(lambda books: books.campaigns.due(NOON)) == (first,)
    assert await store.read(lambda books: books.campaigns.due(LATER)) == (first, second)


async def test_what_is_settled_is_no_longer_due(store: Store) -> None:
    """And settled once: the second planner to come finds it done."""
    first, second = await started(store)

    once = await store.write(lambda books: books.campaigns.settle(first.id, DONE))
    twice = await store.write(lambda books: books.campaigns.settle(first.id, OccurrenceState.MISSED))

    assert (once, twice) == (True, False)
    assert await store.read(lambda books: books.campaigns.due(LATER)) == (second,)
    assert await store.read(lambda books: books.campaigns.occurrences(BRIDGE_CAMPAIGN)) == (
        replace(first, state=DONE),
        second,
    )


async def test_an_occurrence_nobody_knows_is_not_settled(store: Store) -> None:
    """Nor does its campaign run or stop."""
    assert await store.write(lambda books: books.campaigns.settle(OccurrenceId(0), DONE)) is False
    assert await store.read(lambda books: books.campaigns.is_stopped(OccurrenceId(0))) is False


async def test_the_next_instant_is_known(store: Store) -> None:
    """The clock is set to it."""
    assert await store.read(lambda books: books.campaigns.next_due()) is None
    first, _ = await started(store)

    assert await store.read(lambda books: books.campaigns.next_due()) == NOON

    await store.write(lambda books: books.campaigns.settle(first.id, DONE))
    assert await store.read(lambda books: books.campaigns.next_due()) == LATER


async def test_a_cancelled_campaign_plans_nothing_more(store: Store) -> None:
    """Its occurrences are cancelled, those already done stay done."""
    first, second = await started(store)
    await store.write(lambda books: books.campaigns.settle(first.id, DONE))

    stopped = await store.write(lambda books: books.campaigns.cancel(BRIDGE_CAMPAIGN))

    assert stopped
    assert await store.read(lambda books: (books.campaigns.due(LATER), books.campaigns.next_due())) == ((), None)
    occurrences = await store.read(lambda books: books.campaigns.occurrences(BRIDGE_CAMPAIGN))
    assert [each.state for each in occurrences] == [DONE, CANCELLED]
    assert await store.read(lambda books: books.campaigns.is_stopped(second.id))


async def test_a_campaign_is_cancelled_once(store: Store) -> None:
    """Whoever comes second is told so."""
    await started(store)

    assert await store.write(lambda books: books.campaigns.cancel(BRIDGE_CAMPAIGN)) is True
    assert await store.write(lambda books: books.campaigns.cancel(BRIDGE_CAMPAIGN)) is False


async def test_cancelling_stops_its_planned_deliveries_and_no_others(store: Store) -> None:
    """What is out stays out, what may be out stays in doubt; another campaign goes on."""
    occurrence, _ = await started(store)
    (other,) = await started(store, _plan("other"))
    out, waiting = await planned(store, SQUARE, MARKET, occurrence=occurrence.id)
    (doubtful,) = await planned(store, PERSON, occurrence=occurrence.id)
    await saved(store, replace(doubtful, doubted_at=NOON), DeliveryState.PLANNED)
    (elsewhere,) = await planned(store, SQUARE, occurrence=other.id)
    await settled(store, out, DeliveryState.SENT)

    await store.write(lambda books: books.campaigns.cancel(BRIDGE_CAMPAIGN))

    states = await store.read(lambda books: {each.id: each.state for each in books.deliveries.all()})
    assert states == {
        out.id: DeliveryState.SENT,
        waiting.id: DeliveryState.CANCELLED,
        doubtful.id: DeliveryState.UNCERTAIN,
        elsewhere.id: DeliveryState.PLANNED,
    }
