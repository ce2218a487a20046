"""The contenders of the planning benchmark really plan."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.planning.others import limit, usual
from benchmarks.planning.ours import ours
from benchmarks.planning.town import FEW, MANY, Work, furnish, on_a_town
from core.delivery import DeliveryState
from storage.store import SqlStore

SUBSCRIBERS = 30


async def _planned(url: str) -> int:
    store = await SqlStore.open(url)
    try:
        return (await store.read(lambda books: books.deliveries.count()))[DeliveryState.PLANNED]
    finally:
        await store.close()


@pytest.mark.parametrize("work", [ours, limit, usual])
def test_every_contender_plans_one_delivery_for_each_subscriber(work: Work, tmp_path: Path) -> None:
    """A contender that skipped something would look faster than it is."""
    url = f"sqlite:///{tmp_path / 'town.db'}"
    furnish(url, SUBSCRIBERS)

    on_a_town(url, (FEW, MANY), SUBSCRIBERS, work)

    assert asyncio.run(_planned(url)) == SUBSCRIBERS
