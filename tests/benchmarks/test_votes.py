"""The contenders of the votes benchmark really do the work."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.rounds import Measures
from benchmarks.votes.limit import sqlite_limit
from benchmarks.votes.ours import ours
from benchmarks.votes.town import ACCOUNT, POLL, Prepared, furnish, prepared
from benchmarks.votes.usual import one_by_one, side_by_side
from storage.store import SqlStore

VOTES = 60


async def _voters_and_waiting(url: str) -> tuple[int, bool]:
    store = await SqlStore.open(url)
    try:
        voters = await store.read(lambda books: books.polls.tally(POLL).voters)
        return voters, await store.read(lambda books: books.inbox.oldest([ACCOUNT])) is not None
    finally:
        await store.close()


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda town: ours(town, 8, 1), id="the store, one by one"),
        pytest.param(lambda town: ours(town, 2, 25), id="the store, in batches"),
        pytest.param(lambda town: sqlite_limit(town, 25), id="the limit"),
        pytest.param(one_by_one, id="the usual way"),
        pytest.param(lambda town: side_by_side(town, 8), id="the usual way, side by side"),
    ],
)
def test_every_contender_stores_every_vote_and_forgets_its_intake(
    work: Callable[[Prepared], Measures], tmp_path: Path
) -> None:
    """A contender that skipped something would look faster than it is."""
    url = f"sqlite:///{tmp_path / 'town.db'}"
    furnish(url, VOTES)
    town = prepared(url, VOTES)

    measured = work(town)

    citizens = len({vote.voter for vote in town.votes})
    assert asyncio.run(_voters_and_waiting(town.url)) == (citizens, False)
    assert measured["votes/s"] > 0
