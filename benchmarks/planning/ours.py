"""Planning as the planner does it: one function over the books, one transaction, one durable commit."""

import asyncio
import time

from benchmarks.memory import growth
from benchmarks.planning.town import LATEST, Prepared, message
from benchmarks.rounds import Measures
from benchmarks.votes.town import NOON
from core.delivery import Urgency
from core.ports.store import Books
from storage.store import SqlStore


def ours(town: Prepared) -> Measures:
    """Plan one delivery for each subscriber, then once more, which changes nothing."""
    return asyncio.run(_measured(town))


async def _measured(town: Prepared) -> Measures:
    def plan(books: Books) -> int:
        return books.deliveries.plan_for_subscribers(
            occurrence=town.occurrence,
            message=message(),
            accounts=town.accounts,
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=LATEST,
        )

    store = await SqlStore.open(town.url)
    try:
        with growth() as grown:
            began = time.perf_counter()
            planned = await store.write(plan)
            seconds = time.perf_counter() - began
        began = time.perf_counter()
        again = await store.write(plan)
        repeated = time.perf_counter() - began
    finally:
        await store.close()
    if (planned, again) != (town.subscribers, 0):
        raise ValueError(f"{planned} planned, then {again}")
    return {
        "seconds": seconds,
        "deliveries/s": planned / seconds,
        "memory MiB": grown.peak,
        "seconds, again": repeated,
    }
