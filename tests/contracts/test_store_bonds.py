"""Accounts that are one voter: bonds, codes, and ballots merged."""

from datetime import timedelta

from core.identifiers import PersonRef, VoterKey
from core.poll import Choose, Standing, Withdraw
from core.ports.books.bonds import Offer
from core.ports.store import Books, Store
from tests.contracts.doings import opened
from tests.core.examples import BRIDGE, NOON, poll, vote

ANNE, ANNE_TOO, BILAL = b"a" * 16, b"b" * 16, b"c" * 16
ONE, TWO = PersonRef("bond:1"), PersonRef("bond:2")
CODE, ANOTHER = b"1" * 16, b"2" * 16
TOGETHER = VoterKey(b"t" * 16)
LATER = NOON + timedelta(minutes=10)
OFFER = Offer(owner=ANNE, sealed=b"sealed", until=LATER)


# ── bonds ──


async def test_an_account_is_in_one_bond(store: Store) -> None:
    """The last it joined."""

    def work(books: Books) -> object:
        books.bonds.join(ANNE, ONE)
        books.bonds.join(ANNE_TOO, ONE)
        books.bonds.join(ANNE, TWO)
        return books.bonds.of([ANNE, ANNE_TOO, BILAL]), books.bonds.size(ONE)

    assert await store.write(work) == ({ANNE: TWO, ANNE_TOO: ONE}, 1)


async def test_bonds_merge_and_are_left(store: Store) -> None:
    """Whoever links a third account links all three."""

    def work(books: Books) -> object:
        for blind, bond in ((ANNE, ONE), (ANNE_TOO, ONE), (BILAL, TWO)):
            books.bonds.join(blind, bond)
        books.bonds.merge(ONE, TWO)
        books.bonds.leave(ANNE_TOO)
        return books.bonds.of([ANNE, ANNE_TOO, BILAL]), books.bonds.size(TWO)

    assert await store.write(work) == ({ANNE: TWO, BILAL: TWO}, 2)


# ── codes ──


async def test_a_code_is_taken_once(store: Store) -> None:
    """Whoever finds it later finds nothing."""
    await store.write(lambda books: books.bonds.offer(CODE, OFFER))

    taken = [await store.write(lambda books: books.bonds.take(CODE)) for _ in range(2)]

    assert taken == [OFFER, None]


async def test_a_new_code_ends_the_one_before(store: Store) -> None:
    """One person, one code."""
    await store.write(lambda books: books.bonds.offer(CODE, OFFER))
    await store.write(lambda books: books.bonds.offer(ANOTHER, OFFER))

    assert await store.write(lambda books: (books.bonds.take(CODE), books.bonds.take(ANOTHER))) == (None, OFFER)


async def test_tries_are_counted_until_they_are_forgotten(store: Store) -> None:
    """The first one sets when."""

    def work(books: Books) -> list[int]:
        books.bonds.tried(ANNE, at=NOON, until=LATER)
        books.bonds.tried(ANNE, at=NOON + timedelta(minutes=9), until=LATER + timedelta(minutes=9))
        seen = [books.bonds.tries(ANNE, at=at) for at in (NOON, LATER)]
        books.bonds.tried(ANNE, at=LATER, until=LATER + timedelta(minutes=10))
        return [*seen, books.bonds.tries(ANNE, at=LATER), books.bonds.tries(BILAL, at=NOON)]

    assert await store.write(work) == [2, 0, 1, 0]


async def test_all_of_one_account_is_forgotten(store: Store) -> None:
    """And nothing of the others."""

    def work(books: Books) -> object:
        books.bonds.join(ANNE, ONE)
        books.bonds.join(BILAL, ONE)
        books.bonds.offer(CODE, OFFER)
        books.bonds.tried(ANNE, at=NOON, until=LATER)
        erased = [books.bonds.forget(ANNE), books.bonds.forget(ANNE)]
        return erased, books.bonds.of([ANNE, BILAL]), books.bonds.take(CODE), books.bonds.tries(ANNE, at=NOON)

    assert await store.write(work) == ([3, 0], {BILAL: ONE}, None, 0)


async def test_what_has_ended_is_purged(store: Store) -> None:
    """Codes and tries; bonds last."""

    def work(books: Books) -> object:
        books.bonds.join(ANNE, ONE)
        books.bonds.offer(CODE, OFFER)
        books.bonds.tried(ANNE, at=NOON, until=LATER)
        before = books.bonds.purge(before=LATER)
        return before, books.bonds.purge(before=LATER + timedelta(seconds=1)), books.bonds.of([ANNE])

    assert await store.write(work) == (0, 2, {ANNE: ONE})


# ── ballots ──


async def test_of_merged_ballots_the_latest_stands(store: Store) -> None:
    """Nothing is counted twice."""
    await opened(store, poll())
    await store.cast([vote(Choose(0), order=8, voter=ANNE), vote(Choose(1), order=5, voter=ANNE_TOO)])

    await store.write(lambda books: books.polls.merge(BRIDGE, [VoterKey(ANNE), VoterKey(ANNE_TOO)], TOGETHER))

    assert (await store.read(lambda books: books.polls.tally(BRIDGE))).counts == (1, 0, 0)
    ballot = await store.read(lambda books: books.polls.ballot(BRIDGE, TOGETHER))
    assert ballot is not None
    assert (ballot.options, ballot.order) == ((0,), 8)


async def test_a_vote_under_an_old_pseudonym_comes_too_late(store: Store) -> None:
    """It was on its way while the accounts were linked."""
    await opened(store, poll())
    await store.write(lambda books: books.polls.merge(BRIDGE, [VoterKey(ANNE)], TOGETHER))

    (outcome,) = await store.cast([vote(Choose(0), order=99, voter=ANNE)])

    assert outcome.standing is Standing.WITHDRAWN
    assert (await store.read(lambda books: books.polls.tally(BRIDGE))).voters == 0


async def test_a_withdrawal_that_is_the_latest_stands(store: Store) -> None:
    """The latest act counts, whatever it says."""
    await opened(store, poll())
    await store.cast([vote(Choose(0), order=4, voter=ANNE), vote(Choose(1), order=5, voter=ANNE_TOO)])
    await store.cast([vote(Withdraw(), order=6, voter=ANNE)])

    await store.write(lambda books: books.polls.merge(BRIDGE, [VoterKey(ANNE), VoterKey(ANNE_TOO)], TOGETHER))

    assert (await store.read(lambda books: books.polls.tally(BRIDGE))).voters == 0


async def test_a_pseudonym_let_go_votes_again(store: Store) -> None:
    """With an older vote staying where it went; releasing what was never merged changes nothing."""
    await opened(store, poll())
    await store.cast([vote(Choose(0), order=4, voter=ANNE), vote(Choose(2), order=4, voter=BILAL)])
    await store.write(lambda books: books.polls.merge(BRIDGE, [VoterKey(ANNE)], TOGETHER))

    for voter in (ANNE, BILAL, ANNE_TOO):
        await store.write(lambda books, voter=voter: books.polls.release(BRIDGE, VoterKey(voter)))  # type: ignore[misc]  # a lambda with a default
    await store.cast([vote(Choose(1), order=9, voter=ANNE)])

    assert (await store.read(lambda books: books.polls.tally(BRIDGE))).counts == (1, 1, 1)


async def test_a_ballot_goes_back_to_who_leaves_last(store: Store) -> None:
    """Under the pseudonym that was sealed."""
    await opened(store, poll())
    await store.cast([vote(Choose(0), order=4, voter=ANNE)])
    await store.write(lambda books: books.polls.merge(BRIDGE, [VoterKey(ANNE)], TOGETHER))

    await store.write(lambda books: books.polls.merge(BRIDGE, [TOGETHER], VoterKey(ANNE)))
    await store.cast([vote(Choose(2), order=9, voter=ANNE)])

    assert (await store.read(lambda books: books.polls.tally(BRIDGE))).counts == (0, 0, 1)
