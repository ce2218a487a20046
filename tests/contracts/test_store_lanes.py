"""A lane is taken over by the next token, and nothing that carries an older one is stored: the same in every store."""

import asyncio

import pytest

from core.errors import Superseded
from core.identifiers import AccountName, LaneName
from core.poll import Choose
from core.ports.engine import Fence, listening, sending
from core.ports.platform import Cursor, Update
from core.ports.store import Books, Store
from storage.fencing import FencedStore
from tests.core.examples import NOON, poll, vote

ACCOUNT = AccountName("square")
LISTENING = listening(ACCOUNT)


async def _taken(store: Store, lane: LaneName = LISTENING, *, holder: str = "one") -> Fence:
    fence = Fence(lane)
    fence.hold(await store.write(lambda books: books.lanes.take(lane, holder=holder, at=NOON)))
    return fence


def _store_one(books: Books) -> int:
    return len(books.inbox.take_in(ACCOUNT, [Update(1, b"{}", "")], cursor=Cursor(2), at=NOON))


async def test_each_take_over_gives_a_higher_token(store: Store) -> None:
    """Otherwise the one before could not be told from the one after."""
    tokens = [await store.write(lambda books: books.lanes.take(LISTENING, holder="x", at=NOON)) for _ in range(3)]

    assert tokens == [1, 2, 3]
    assert await store.read(lambda books: books.lanes.token(LISTENING)) == 3


async def test_a_lane_that_was_never_run_has_no_token_and_no_holder(store: Store) -> None:
    """A new town."""
    assert await store.read(lambda books: (books.lanes.token(LISTENING), books.lanes.holder(LISTENING))) == (0, "")


async def test_a_lane_names_who_took_it_last(store: Store) -> None:
    """Somebody will want to know which machine is at work."""
    await _taken(store, holder="one")
    await _taken(store, holder="two")

    assert await store.read(lambda books: books.lanes.holder(LISTENING)) == "two"


async def test_the_holder_of_a_lane_writes(store: Store) -> None:
    """The fence lets its own pass."""
    fenced = FencedStore(store, await _taken(store))

    assert await fenced.write(_store_one) == 1


async def test_one_that_lost_the_lane_stores_nothing(store: Store) -> None:
    """A process that was frozen and goes on: neither its updates nor its place in them are taken."""
    fenced = FencedStore(store, await _taken(store))
    await _taken(store)

    with pytest.raises(Superseded):
        await fenced.write(_store_one)

    assert await store.read(lambda books: books.inbox.cursor(ACCOUNT)) is None


async def test_one_that_never_had_the_lane_stores_nothing(store: Store) -> None:
    """A fence is closed until the lane is taken."""
    with pytest.raises(Superseded):
        await FencedStore(store, Fence(LISTENING)).write(_store_one)


async def test_another_lane_is_another_matter(store: Store) -> None:
    """One host may send what another hears."""
    fenced = FencedStore(store, await _taken(store))
    await _taken(store, sending(ACCOUNT))

    assert await fenced.write(_store_one) == 1


async def test_what_is_read_needs_no_token(store: Store) -> None:
    """Reading does no harm."""
    assert await FencedStore(store, Fence(LISTENING)).read(lambda books: books.inbox.cursor(ACCOUNT)) is None


async def test_who_guards_votes_with_more_than_the_fence_is_fenced_all_the_same(store: Store) -> None:
    """A guard of one's own comes beside the fence, not in its place."""
    asked = poll()
    await store.write(lambda books: books.polls.add(asked))
    guarded: list[Books] = []
    lost = FencedStore(store, await _taken(store))
    current = FencedStore(store, await _taken(store))

    await current.cast([vote(Choose(0), order=1, voter=b"a" * 16)], guard=guarded.append)
    with pytest.raises(Superseded):
        await lost.cast([vote(Choose(0), order=2, voter=b"b" * 16)], guard=guarded.append)

    assert len(guarded) == 1
    assert (await store.read(lambda books: books.polls.tally(asked.id))).voters == 1


async def test_one_that_lost_the_lane_casts_no_vote_and_those_beside_it_do(store: Store) -> None:
    """They share a commit, and are strangers to one another."""
    asked = poll()
    await store.write(lambda books: books.polls.add(asked))
    lost = FencedStore(store, await _taken(store))
    current = FencedStore(store, await _taken(store))

    outcomes = await asyncio.gather(
        lost.cast([vote(Choose(0), order=1, voter=b"a" * 16)]),
        current.cast([vote(Choose(1), order=2, voter=b"b" * 16), vote(Choose(1), order=3, voter=b"c" * 16)]),
        store.cast([vote(Choose(0), order=4, voter=b"d" * 16)]),
        lost.cast([vote(Choose(0), order=5, voter=b"e" * 16)]),
        return_exceptions=True,
    )

    refused, two, one, refused_too = outcomes
    assert isinstance(refused, Superseded)
    assert isinstance(refused_too, Superseded)
    assert [len(each) if isinstance(each, tuple) else each for each in (two, one)] == [2, 1]
    assert (await store.read(lambda books: books.polls.tally(asked.id))).counts == (1, 2, 0)


async def test_a_vote_of_one_that_lost_the_lane_alone_in_its_commit_is_refused(store: Store) -> None:
    """Nothing else is there to be cast."""
    lost = FencedStore(store, await _taken(store))
    await _taken(store)

    with pytest.raises(Superseded):
        await lost.cast([vote(Choose(0))])
