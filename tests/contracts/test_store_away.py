"""Which networks are waited for, as every store says it."""

from dataclasses import replace

from core.delivery import PATIENCE, DeliveryState
from core.ports.store import Store
from tests.contracts.doings import ACCOUNT, SQUARE, planned, saved
from tests.core.examples import NOON

PLANNED = DeliveryState.PLANNED


async def test_a_network_is_away_when_it_took_nothing_public_in_some_tries(store: Store) -> None:
    """What was tried less often, or was never claimed, says nothing of it."""
    first, second = await planned(store, SQUARE, SQUARE)
    await saved(store, replace(first, claimed_at=NOON, attempts=PATIENCE, note="no route"), PLANNED)
    assert await store.read(lambda books: books.deliveries.away()) == {ACCOUNT: "no route"}

    await saved(store, replace(first, claimed_at=NOON, attempts=PATIENCE - 1), PLANNED)
    await saved(store, replace(second, attempts=PATIENCE), PLANNED)
    assert await store.read(lambda books: books.deliveries.away()) == {}
