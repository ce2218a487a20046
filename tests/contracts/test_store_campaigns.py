"""Campaigns and what they make due: started once, settled once, stopped with all they planned."""

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.audience import Recipient, RecipientKind
from core.campaign import After, Campaign, CampaignState, Condition, OccurrenceState, StepKind
from core.delivery import DeliveryState
from core.errors import StorageError
from core.identifiers import CampaignId, OccurrenceId, StepName
from core.ports.books.campaigns import Running
from core.ports.store import Store
from core.recurrence import Chosen, Recurrence, Unit
from core.timetable import Due, Timetable
from tests.contracts.doings import BRIDGE_CAMPAIGN, LATER, MARKET, SQUARE, planned, saved, settled, started
from tests.core.examples import BRIDGE, NOON, campaign, step
from tests.core.examples import NEWS as NEWS_ID

HOUR = timedelta(hours=1)
LOCAL = NOON.replace(tzinfo=None)
PERSON = Recipient(RecipientKind.PERSON, "c2VhbGVk")
OPENING, CLOSING = StepName("open_poll-route"), StepName("close_poll-route")
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

    again = await store.write(lambda books: books.campaigns.start(plan, at=LATER, due=Timetable(plan, LATER).all()))

    assert not again
    assert await store.read(lambda books: books.campaigns.occurrences(BRIDGE_CAMPAIGN)) == before


async def test_a_campaign_nobody_started_is_unknown(store: Store) -> None:
    """Asked for, cancelled, listed: nothing."""
    assert await store.read(lambda books: books.campaigns.get(BRIDGE_CAMPAIGN)) is None
    assert await store.write(lambda books: books.campaigns.cancel(BRIDGE_CAMPAIGN)) is False
    assert await store.read(lambda books: books.campaigns.all()) == ()


async def test_campaigns_are_listed_the_oldest_first(store: Store) -> None:
    """As they were started."""
    await started(store, _plan("z_first"))
    second = _plan("a_second")
    await store.write(lambda books: books.campaigns.start(second, at=LATER, due=Timetable(second, LATER).all()))

    both = ("z_first", "a_second")
    assert await store.read(lambda books: tuple(each.campaign.id for each in books.campaigns.all())) == both
    assert await store.read(lambda books: books.campaigns.running()) == both
    await store.write(lambda books: books.campaigns.cancel(second.id))
    assert await store.read(lambda books: books.campaigns.running()) == ("z_first",)


async def test_occurrences_stand_by_step_at_their_instants(store: Store) -> None:
    """One per step, planned."""
    occurrences = await started(store)

    assert [(each.step, each.due_at, each.state) for each in occurrences] == [
        (OPENING, NOON, PLANNED),
        (CLOSING, LATER, PLANNED),
    ]


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


# ── a timetable that changes ───────────────────────────────────────────────────────────────────────────────


async def test_occurrences_may_be_added_to_a_running_campaign(store: Store) -> None:
    """Those of a step that recurs come by and by; they are listed by their time."""
    first, second = await started(store)
    sooner = Due(step=CLOSING, local=LOCAL, planned_at=NOON, at=NOON - timedelta(days=1))

    await store.write(lambda books: books.campaigns.plan(BRIDGE_CAMPAIGN, [sooner]))

    added, *others = await store.read(lambda books: books.campaigns.occurrences(BRIDGE_CAMPAIGN))
    assert (added.step, added.local, added.due_at, added.moved) == (CLOSING, LOCAL, sooner.at, False)
    assert others == [first, second]
    assert await store.read(lambda books: books.campaigns.occurrence(added.id)) == added


async def test_an_occurrence_is_planned_once(store: Store) -> None:
    """A step has one occurrence at a time of the plan, whoever adds it."""
    await started(store)
    again = Timetable(_plan(), NOON).all()

    with pytest.raises(StorageError):
        await store.write(lambda books: books.campaigns.plan(BRIDGE_CAMPAIGN, again))


async def test_a_planned_occurrence_is_moved_and_marked_when_an_officer_did_it(store: Store) -> None:
    """Its place in the plan stays; what is settled is not moved."""
    first, second = await started(store)
    await store.write(lambda books: books.campaigns.settle(second.id, DONE))

    shifted = await store.write(lambda books: books.campaigns.move(first.id, LATER, by_hand=False))
    moved = await store.write(lambda books: books.campaigns.move(first.id, LATER + HOUR, by_hand=True))
    again = await store.write(lambda books: books.campaigns.move(first.id, LATER, by_hand=False))
    refused = await store.write(lambda books: books.campaigns.move(second.id, NOON, by_hand=True))

    assert (shifted, moved, again, refused) == (True, True, True, False)
    assert await store.read(lambda books: books.campaigns.occurrence(first.id)) == replace(
        first, due_at=LATER, moved=True
    )


async def test_a_planned_occurrence_is_dropped_and_a_skipped_one_resumed(store: Store) -> None:
    """Of what was settled nothing is lost."""
    first, second = await started(store)
    await store.write(lambda books: books.campaigns.settle(second.id, OccurrenceState.SKIPPED))

    kept = await store.write(lambda books: books.campaigns.drop(second.id))
    dropped = await store.write(lambda books: books.campaigns.drop(first.id))
    skipped = OccurrenceState.SKIPPED
    resumed = await store.write(lambda books: books.campaigns.settle(second.id, PLANNED, expected=skipped))
    twice = await store.write(lambda books: books.campaigns.settle(second.id, PLANNED, expected=skipped))

    assert (kept, dropped, resumed, twice) == (False, True, True, False)
    assert await store.read(lambda books: books.campaigns.occurrences(BRIDGE_CAMPAIGN)) == (second,)
    assert await store.read(lambda books: books.campaigns.occurrence(first.id)) is None


async def test_the_plan_of_a_running_campaign_is_replaced(store: Store) -> None:
    """Of one that was cancelled nothing changes any more; one that nobody started stays unknown."""
    await started(store)
    other = replace(_plan(), zone=ZoneInfo("Pacific/Noumea"))
    await store.write(lambda books: books.campaigns.revise(other))
    await store.write(lambda books: books.campaigns.revise(_plan("unheard-of")))
    revised = await store.read(lambda books: books.campaigns.get(BRIDGE_CAMPAIGN))
    await store.write(lambda books: books.campaigns.cancel(BRIDGE_CAMPAIGN))

    await store.write(lambda books: books.campaigns.revise(_plan()))

    assert revised == Running(campaign=other, started_at=NOON, state=CampaignState.RUNNING)
    last = await store.read(lambda books: books.campaigns.get(BRIDGE_CAMPAIGN))
    assert last == replace(revised, state=CampaignState.CANCELLED)
    assert await store.read(lambda books: books.campaigns.get(CampaignId("unheard-of"))) is None


async def test_a_rule_and_a_condition_come_back_as_they_were(store: Store) -> None:
    """Every second Tuesday, only if few took part, so long before a step of that name."""
    tuesdays = Recurrence(unit=Unit.MONTH, on=(Chosen(weekday=1, rank=2), Chosen(working=True, rank=-1)), time=time(18))
    steps = (
        step(StepKind.OPEN_POLL, After(timedelta())),
        replace(step(StepKind.REMIND, tuesdays), only_if=Condition(poll=BRIDGE, below=50)),
        step(StepKind.REMIND, After(days=-2, step=StepName("closing"))),
        replace(step(StepKind.CLOSE_POLL, After(days=30, step=OPENING)), name=StepName("closing")),
        replace(step(StepKind.FOLLOW_UP, After(days=60)), words=NEWS_ID, only_if=Condition(poll=BRIDGE, quorum=9)),
    )
    plan = replace(campaign(*steps), place="FR-974")

    await started(store, plan)

    running = await store.read(lambda books: books.campaigns.get(plan.id))
    assert running is not None
    assert running.campaign == plan
