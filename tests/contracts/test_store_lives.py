"""What every store tells of where the steps of a campaign stand."""

from core.delivery import DeliveryState
from core.ports.store import Store
from tests.contracts.doings import BRIDGE_CAMPAIGN, MARKET, SQUARE, planned, settled, started


async def test_deliveries_are_counted_by_what_made_them_due(store: Store) -> None:
    """Those of one campaign; what nothing made due is none of it."""
    first, second = await started(store)
    (sent,) = await planned(store, SQUARE, occurrence=first.id)
    await planned(store, MARKET, occurrence=first.id)
    await planned(store, SQUARE, occurrence=second.id)
    await planned(store, SQUARE)
    await settled(store, sent, DeliveryState.SENT)

    counts = await store.read(lambda books: books.deliveries.by_occurrence(BRIDGE_CAMPAIGN))

    assert counts == {
        first.id: {DeliveryState.SENT: 1, DeliveryState.PLANNED: 1},
        second.id: {DeliveryState.PLANNED: 1},
    }
