"""What a town that keeps silent asks of the ledger, of every store alike."""

from datetime import timedelta

from core.delivery import Urgency
from core.ports.store import Store
from tests.contracts.doings import ACCOUNT, BRIDGE_CAMPAIGN, LATER, MARKET, SQUARE, planned, started
from tests.core.examples import NOON


async def test_what_is_less_urgent_than_wanted_is_not_looked_at(store: Store) -> None:
    """Neither as due now nor as due later: in sober mode the lane would turn in circles."""
    await planned(store, SQUARE)
    notice = await planned(store, SQUARE, urgency=Urgency.NOTICE, due_at=NOON + timedelta(minutes=1))
    soon = NOON + timedelta(minutes=2)

    due = await store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=soon, limit=9, least=Urgency.NOTICE))
    following = await store.read(lambda books: books.deliveries.next_due(ACCOUNT, least=Urgency.NOTICE))

    assert (due, following) == (notice, NOON + timedelta(minutes=1))


async def test_what_is_planned_of_one_campaign_becomes_as_urgent_as_wanted(store: Store) -> None:
    """Not what is too late, nor what others planned."""
    occurrence, _ = await started(store)
    (ours,) = await planned(store, SQUARE, occurrence=occurrence.id, expires_at=LATER + timedelta(hours=1))
    await planned(store, MARKET, occurrence=occurrence.id)
    await planned(store, MARKET, expires_at=LATER + timedelta(hours=1))

    hasten = [
        await store.write(lambda books: books.deliveries.hasten(BRIDGE_CAMPAIGN, Urgency.NOTICE, at=LATER))
        for _ in range(2)
    ]

    found = await store.read(lambda books: books.deliveries.all())
    assert (hasten, [each.id for each in found if each.urgency is Urgency.NOTICE]) == ([1, 0], [ours.id])


async def test_what_is_kept_from_going_out_is_listed_whatever_else_is_planned(store: Store) -> None:
    """Notices that are newer take none of its places in a short list."""
    kept = await planned(store, SQUARE)
    await planned(store, MARKET, urgency=Urgency.NOTICE)

    assert await store.read(lambda books: books.deliveries.all(below=Urgency.NOTICE, limit=1)) == kept
