"""What a town that keeps silent asks of the ledger, of every store alike."""

from datetime import timedelta

from core.delivery import Urgency
from core.ports.store import Store
from tests.contracts.doings import ACCOUNT, SQUARE, planned
from tests.core.examples import NOON


async def test_what_is_less_urgent_than_wanted_is_not_looked_at(store: Store) -> None:
    """Neither as due now nor as due later: in sober mode the lane would turn in circles."""
    await planned(store, SQUARE)
    notice = await planned(store, SQUARE, urgency=Urgency.NOTICE, due_at=NOON + timedelta(minutes=1))
    soon = NOON + timedelta(minutes=2)

    due = await store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=soon, limit=9, least=Urgency.NOTICE))
    following = await store.read(lambda books: books.deliveries.next_due(ACCOUNT, least=Urgency.NOTICE))

    assert (due, following) == (notice, NOON + timedelta(minutes=1))
