"""Campaigns take turns, what is urgent overtakes, and each recipient gets things in order: the same in every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.audience import Recipient, RecipientKind
from core.campaign import After, Occurrence, StepKind
from core.delivery import Delivery, DeliveryState, Urgency, claimed, handed_back
from core.identifiers import CampaignId
from core.ports.store import Store
from tests.contracts.doings import ACCOUNT, MARKET, SQUARE, planned, saved, started
from tests.core.examples import NOON, campaign, step

PLANNED = DeliveryState.PLANNED
MINUTE = timedelta(minutes=1)


def somebody(number: int) -> Recipient:
    """A citizen."""
    return Recipient(RecipientKind.CITIZEN, str(number))


async def _another(store: Store, name: str) -> Occurrence:
    plan = replace(campaign(step(StepKind.OPEN_POLL, After(timedelta()))), id=CampaignId(name))
    (occurrence,) = await started(store, plan)
    return occurrence


async def _claimable(store: Store, limit: int = 99) -> tuple[Delivery, ...]:
    return await store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=NOON, limit=limit))


async def test_campaigns_take_turns(store: Store) -> None:
    """One with many subscribers keeps nobody else waiting until all of its own are served."""
    large, small = await _another(store, "large"), await _another(store, "small")
    many = await planned(store, *map(somebody, range(5)), occurrence=large.id, due_at=NOON - MINUTE)
    few = await planned(store, *map(somebody, range(10, 12)), occurrence=small.id)

    found = await _claimable(store)

    assert found == (many[0], few[0], many[1], few[1], *many[2:])
    assert await _claimable(store, 3) == found[:3]


async def test_the_steps_of_one_campaign_share_its_turn(store: Store) -> None:
    """Two steps at once are no way to the front."""
    first, second = await started(store)
    other = await _another(store, "other")
    ours = (
        *await planned(store, somebody(1), occurrence=first.id),
        *await planned(store, somebody(2), occurrence=second.id),
    )
    theirs = await planned(store, somebody(3), somebody(4), occurrence=other.id)

    assert await _claimable(store) == (ours[0], theirs[0], ours[1], theirs[1])


async def test_who_belongs_to_no_campaign_has_a_turn_too(store: Store) -> None:
    """An answer is not behind a broadcast."""
    crowd = await planned(store, *map(somebody, range(3)), occurrence=(await _another(store, "large")).id)
    single = await planned(store, somebody(9))

    assert await _claimable(store) == (crowd[0], *single, *crowd[1:])


async def test_what_is_urgent_overtakes_every_campaign(store: Store) -> None:
    """Water is cut off now, the festival is next month."""
    await planned(store, *map(somebody, range(3)), occurrence=(await _another(store, "large")).id)
    await planned(store, somebody(8), occurrence=(await _another(store, "small")).id)
    urgent = await planned(store, SQUARE, MARKET, urgency=Urgency.NOTICE)

    assert (await _claimable(store))[:2] == urgent


async def test_one_recipient_gets_what_was_planned_first_first(store: Store) -> None:
    """It comes in the turn of the campaign that would overtake."""
    large, small = await _another(store, "large"), await _another(store, "small")
    many = await planned(store, *map(somebody, range(4)), occurrence=large.id, due_at=NOON - MINUTE)
    same = await planned(store, somebody(3), somebody(7), occurrence=small.id)

    found = await _claimable(store)

    assert found == (many[0], many[3], same[0], many[1], same[1], many[2])
    assert await _claimable(store, 2) == found[:2]


async def test_nothing_overtakes_what_is_under_way_to_the_same_recipient(store: Store) -> None:
    """Its sender may be dead, and the call made: until that is settled nothing follows."""
    first, _ = await planned(store, SQUARE, SQUARE)
    (elsewhere,) = await planned(store, MARKET)
    await saved(store, claimed(first, NOON), PLANNED)

    assert await _claimable(store) == (elsewhere,)


async def test_nothing_overtakes_what_was_told_to_wait(store: Store) -> None:
    """Whoever takes the lane over keeps the order of the chat."""
    first, second = await planned(store, SQUARE, SQUARE)
    await saved(store, mine := claimed(first, NOON), PLANNED)
    later = replace(handed_back(mine), due_at=NOON + MINUTE)
    await saved(store, later, DeliveryState.SENDING, NOON)

    assert await _claimable(store) == ()
    assert await store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=NOON + MINUTE, limit=9)) == (later,)
    assert second.state is PLANNED


@pytest.mark.parametrize("how", ["more urgent", "out in part", "too late", "settled"])
async def test_what_holds_nobody_back(store: Store, how: str) -> None:
    """What is more urgent waits for nothing; what is out in part has its place; what is over is over."""
    (first,) = await planned(store, SQUARE, expires_at=NOON if how == "too late" else NOON + MINUTE)
    (second,) = await planned(store, SQUARE, urgency=Urgency.NOTICE if how == "more urgent" else Urgency.CAMPAIGN)
    await saved(store, mine := claimed(first, NOON - MINUTE), PLANNED)
    back = replace(handed_back(mine), due_at=NOON + MINUTE)
    after = {
        "more urgent": back,
        "out in part": replace(back, parts=2, done=1),
        "too late": back,
        "settled": replace(mine, state=DeliveryState.UNCERTAIN, lease_until=None),
    }
    await saved(store, after[how], DeliveryState.SENDING, mine.claimed_at)

    assert await _claimable(store) == (second,)


async def test_the_next_instant_is_that_of_any_campaign(store: Store) -> None:
    """The lane rests until then."""
    await planned(store, SQUARE, occurrence=(await _another(store, "late")).id, due_at=NOON + 2 * MINUTE)
    await planned(store, SQUARE, occurrence=(await _another(store, "soon")).id, due_at=NOON + MINUTE)

    assert await store.read(lambda books: books.deliveries.next_due(ACCOUNT)) == NOON + MINUTE
