"""Votes through ``Store.cast``, from many clients at a time, each waiting for its answer before it casts again."""

import asyncio
import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine, event

from benchmarks.rounds import Measures, percentiles
from benchmarks.votes.town import Prepared
from core.poll import Vote
from core.ports.store import Store
from storage.store import SqlStore


def ours(town: Prepared, clients: int, together: int) -> Measures:
    """``together`` votes in one call of ``cast``; a call's latency counts for the votes in it."""
    return asyncio.run(_measured(town, clients, together))


async def _measured(town: Prepared, clients: int, together: int) -> Measures:
    store = await SqlStore.open(town.url)
    calls = [town.votes[start : start + together] for start in range(0, len(town.votes), together)]
    gc.collect()
    gc.freeze()  # what was prepared is nobody's burden
    try:
        with _commits() as commits:
            began, cpu = time.perf_counter(), time.process_time()
            waits = await _crowd(store, calls, clients)
            wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    finally:
        await store.close()
    size = len(town.votes)
    return {
        "votes/s": size / wall,
        **percentiles(waits),
        "CPU µs/vote": cpu / size * 1e6,
        "votes/commit": size / len(commits),
    }


async def _crowd(store: Store, calls: Sequence[Sequence[Vote]], clients: int) -> list[float]:
    waiting = iter(calls)
    waits: list[float] = []

    async def client() -> None:
        for votes in waiting:
            asked = time.perf_counter()
            await store.cast(votes)
            waits.append(time.perf_counter() - asked)

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    return waits


@contextmanager
def _commits() -> Iterator[list[None]]:
    """A list that grows with each commit."""
    found: list[None] = []

    def notice(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement == "COMMIT":
            found.append(None)

    event.listen(Engine, "before_cursor_execute", notice)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", notice)
