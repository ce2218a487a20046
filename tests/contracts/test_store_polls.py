"""Polls: planned, open, closed for ever, with a count that never changes again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import StorageError, UnknownPoll
from core.identifiers import IntakeId, PollId, VoterKey
from core.poll import Choose, PollKind, PollState, Showing, Tally, Withdraw
from core.ports.store import Books, Store
from tests.contracts.doings import opened
from tests.core.examples import BRIDGE, NOON, TELEGRAM, poll, vote

PLANNED = poll(state=PollState.PLANNED)
LATER = NOON + timedelta(days=8)


@pytest.mark.parametrize("kind", PollKind)
@pytest.mark.parametrize("showing", Showing)
async def test_a_poll_comes_back_as_it_was_added(store: Store, kind: PollKind, showing: Showing) -> None:
    """Every word and instant of it."""
    asked = replace(poll(kind=kind, state=PollState.PLANNED), showing=showing)

    await store.write(lambda books: books.polls.add(asked))

    assert await store.read(lambda books: books.polls.get(BRIDGE)) == asked


async def test_a_poll_added_again_stays_as_it_is(store: Store) -> None:
    """The planner may come back after a crash; an open poll must not be planned anew."""
    await opened(store, PLANNED)

    await store.write(lambda books: books.polls.add(replace(PLANNED, options=())))

    assert await store.read(lambda books: books.polls.get(BRIDGE)) == replace(PLANNED, state=PollState.OPEN)


async def test_a_poll_nobody_knows_is_nothing(store: Store) -> None:
    """Asking for one, opening one: no error, no poll. Counting one: nobody could say of what."""
    await store.write(lambda books: books.polls.open(BRIDGE))

    assert await store.read(lambda books: books.polls.get(BRIDGE)) is None
    with pytest.raises(UnknownPoll):
        await store.read(lambda books: books.polls.tally(BRIDGE))


async def test_polls_are_listed_by_opening_and_state(store: Store) -> None:
    """The first to open first."""
    later, earlier = replace(PLANNED, id=PollId("b_later"), opens_at=LATER), replace(PLANNED, id=PollId("z_now"))
    await opened(store, later)
    await store.write(lambda books: books.polls.add(earlier))

    assert await store.read(lambda books: [each.id for each in books.polls.all()]) == [earlier.id, later.id]
    assert await store.read(lambda books: [each.id for each in books.polls.all(state=PollState.OPEN)]) == [later.id]


async def test_a_running_count_counts_the_ballots_that_stand(store: Store) -> None:
    """Changed ones once, withdrawn ones not at all."""
    await opened(store, PLANNED)
    await store.cast([vote(Choose(0), order=1), vote(Choose(2), order=2), vote(Choose(1), order=3, voter=b"b" * 16)])
    await store.cast([vote(Choose(1), order=4, voter=b"c" * 16), vote(Withdraw(), order=5, voter=b"c" * 16)])

    tally = await store.read(lambda books: books.polls.tally(BRIDGE))
    assert tally == Tally(counts=(0, 1, 1), voters=2, networks=((TELEGRAM, 2),))


async def test_closing_freezes_the_count(store: Store) -> None:
    """What was published can be looked up for ever."""
    await opened(store, PLANNED)
    await store.cast([vote(Choose(2))])

    tally = await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))

    assert tally == Tally(counts=(0, 0, 1), voters=1, networks=((TELEGRAM, 1),))
    assert await store.read(lambda books: books.polls.tally(BRIDGE)) == tally
    assert await store.read(lambda books: books.polls.get(BRIDGE)) == replace(
        PLANNED, state=PollState.CLOSED, closed_at=NOON
    )


async def test_stopping_counts_but_says_that_it_is_no_result(store: Store) -> None:
    """Like closing in all else: the order of arrival goes, the key is destroyed in time."""
    await opened(store, PLANNED)
    await store.cast([vote(Choose(2))])

    await store.write(lambda books: books.polls.stop(BRIDGE, at=NOON))

    stopped = replace(PLANNED, state=PollState.STOPPED, closed_at=NOON)
    assert await store.read(lambda books: (books.polls.get(BRIDGE), books.polls.tally(BRIDGE).voters)) == (stopped, 1)
    assert await store.read(lambda books: books.polls.closed_before(LATER)) == (BRIDGE,)


@pytest.mark.parametrize("state", [PollState.PLANNED, PollState.CLOSED, None], ids=str)
async def test_only_an_open_poll_is_stopped(store: Store, state: PollState | None) -> None:
    """A published count stays what it is; what never opened has nothing to stop."""
    if state is PollState.PLANNED:
        await store.write(lambda books: books.polls.add(PLANNED))
    elif state is PollState.CLOSED:
        await opened(store, PLANNED)
        await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))

    await store.write(lambda books: books.polls.stop(BRIDGE, at=LATER))

    found = await store.read(lambda books: books.polls.get(BRIDGE))
    assert (found and found.state) is state


async def test_closing_erases_the_order_of_arrival_and_what_was_withdrawn(store: Store) -> None:
    """Whoever watched the chat could otherwise tell who voted what."""
    await opened(store, PLANNED)
    await store.cast([vote(Choose(2), order=9), vote(Choose(1), order=10, voter=b"b" * 16)])
    await store.cast([vote(Withdraw(), order=11, voter=b"b" * 16)])

    await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))

    kept = await store.read(lambda books: books.polls.ballot(BRIDGE, VoterKey(b"a" * 16)))
    assert kept is not None
    assert (kept.options, kept.order) == ((2,), IntakeId(0))
    assert await store.read(lambda books: books.polls.ballot(BRIDGE, VoterKey(b"b" * 16))) is None


async def test_closing_again_says_the_same_count(store: Store) -> None:
    """And does not move the instant from which the contest delay runs."""
    await opened(store, PLANNED)
    await store.cast([vote(Choose(2))])
    first = await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))

    again = await store.write(lambda books: books.polls.close(BRIDGE, at=LATER))

    assert again == first
    assert await store.read(lambda books: books.polls.closed_before(LATER)) == (BRIDGE,)


@pytest.mark.parametrize("added", [True, False], ids=["planned", "unknown"])
async def test_a_poll_that_never_opened_cannot_be_closed(store: Store, *, added: bool) -> None:
    """A count of nothing must not be published as a result."""
    if added:
        await store.write(lambda books: books.polls.add(PLANNED))

    with pytest.raises(StorageError):
        await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))


async def test_a_closed_poll_does_not_open_again(store: Store) -> None:
    """For ever is for ever."""
    await opened(store, PLANNED)

    def close_and_open(books: Books) -> None:
        books.polls.close(BRIDGE, at=NOON)
        books.polls.open(BRIDGE)

    await store.write(close_and_open)

    assert await store.read(lambda books: [each.state for each in books.polls.all()]) == [PollState.CLOSED]


async def test_polls_closed_before_an_instant_are_known(store: Store) -> None:
    """Their keys are destroyed when the contest delay is over; exclusive of the instant itself."""
    await opened(store, PLANNED)
    await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))

    assert await store.read(lambda books: books.polls.closed_before(NOON)) == ()
    assert await store.read(lambda books: books.polls.closed_before(NOON + timedelta(microseconds=1))) == (BRIDGE,)


async def test_a_planned_poll_is_revised_or_dropped(store: Store) -> None:
    """The town hall thought again before anybody was asked."""
    await store.write(lambda books: books.polls.add(PLANNED))
    revised = replace(PLANNED, opens_at=LATER, closes_at=LATER + timedelta(days=1), options=PLANNED.options[:2])

    await store.write(lambda books: books.polls.revise(revised))
    seen = await store.read(lambda books: books.polls.get(BRIDGE))
    await store.write(lambda books: books.polls.drop(BRIDGE))

    assert seen == revised
    assert await store.read(lambda books: books.polls.all()) == ()


async def test_a_poll_that_has_opened_is_neither_revised_nor_dropped(store: Store) -> None:
    """People answered this question, and no other."""
    await opened(store, PLANNED)

    await store.write(lambda books: books.polls.revise(replace(PLANNED, options=())))
    await store.write(lambda books: books.polls.drop(BRIDGE))

    assert await store.read(lambda books: books.polls.get(BRIDGE)) == replace(PLANNED, state=PollState.OPEN)


async def test_revising_or_dropping_a_poll_nobody_knows_changes_nothing(store: Store) -> None:
    """It is not added either."""
    await store.write(lambda books: books.polls.revise(PLANNED))
    await store.write(lambda books: books.polls.drop(BRIDGE))

    assert await store.read(lambda books: books.polls.all()) == ()


async def test_who_has_voted_is_said_among_those_asked_about(store: Store) -> None:
    """A ballot taken back is none; a stranger has none."""
    await opened(store, PLANNED)
    voted, withdrew, stranger = (VoterKey(sign * 16) for sign in (b"a", b"b", b"c"))
    await store.cast([vote(Choose(0), order=1, voter=voted), vote(Choose(0), order=2, voter=withdrew)])
    await store.cast([vote(Withdraw(), order=3, voter=withdrew)])

    found = await store.read(lambda books: books.polls.voted(BRIDGE, [voted, withdrew, stranger]))

    assert found == {voted}
    assert await store.read(lambda books: books.polls.voted(BRIDGE, [])) == frozenset()
