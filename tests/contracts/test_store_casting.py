"""Votes in bulk: each meets the ballot that stands, in the order of arrival, and leaves no trace of its way in."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.identifiers import IntakeId, PlatformName, PollId, VoterKey
from core.poll import Ballot, Choose, Fill, Outcome, PollKind, PollState, Standing, Tally, Vote, Withdraw
from core.ports.platform import Cursor, Update
from core.ports.store import Store
from tests.contracts.doings import ACCOUNT, opened
from tests.core.examples import BRIDGE, NOON, TELEGRAM, poll, vote

ALIX = VoterKey(b"a" * 16)
DISCORD = PlatformName("discord")


async def _ballot(store: Store, voter: VoterKey = ALIX) -> Ballot | None:
    return await store.read(lambda books: books.polls.ballot(BRIDGE, voter))


async def _options(store: Store) -> tuple[int, ...]:
    ballot = await _ballot(store)
    return ballot.options if ballot else ()


async def test_a_first_vote_is_stored_as_cast(store: Store) -> None:
    """Poll, pseudonym, answer, order and platform; nothing else."""
    await opened(store, poll())

    outcomes = await store.cast([vote(Choose(1), order=5)])

    assert outcomes == (Outcome(standing=Standing.FIRST, options=(1,)),)
    assert await _ballot(store) == Ballot(poll=BRIDGE, voter=ALIX, options=(1,), order=IntakeId(5), via=TELEGRAM)


async def test_outcomes_come_in_the_order_of_the_votes(store: Store) -> None:
    """Each citizen is told of their own vote."""
    await opened(store, poll())
    votes = [vote(Choose(n % 3), order=n + 1, voter=bytes([n]) * 16) for n in range(9)]

    outcomes = await store.cast(votes)

    assert [outcome.options for outcome in outcomes] == [(n % 3,) for n in range(9)]


@pytest.mark.parametrize(
    ("second", "standing", "options"),
    [
        (vote(Choose(2), order=2), Standing.CHANGED, (2,)),
        (vote(Choose(1), order=2), Standing.UNCHANGED, (1,)),
        (vote(Fill((0,)), order=2), Standing.CHANGED, (0,)),
        (vote(Withdraw(), order=2), Standing.WITHDRAWN, ()),
        (vote(Choose(2), order=1), Standing.UNCHANGED, (1,)),
        (vote(Choose(2), order=0), Standing.UNCHANGED, (1,)),
        (vote(Choose(3), order=2), Standing.UNKNOWN_OPTION, (1,)),
        (vote(Fill((0, 2)), order=2), Standing.TOO_MANY_OPTIONS, (1,)),
        (vote(Choose(2), order=2, at=NOON + timedelta(hours=1)), Standing.CLOSED, (1,)),
    ],
    ids=[
        "another option",
        "the same option",
        "a typed answer",
        "a withdrawal",
        "the same arrival again",
        "an older arrival",
        "an option that is not there",
        "too many options",
        "at the closing instant",
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
async def test_a_second_vote_meets_the_first(
    store: Store, second: Vote, standing: Standing, options: tuple[int, ...], *, together: bool
) -> None:
    """The same rule whether the first vote stands in the database or waits in the same batch."""
    await opened(store, poll())
    first = vote(Choose(1), order=1)

    outcomes = (
        await store.cast([first, second]) if together else (*await store.cast([first]), *await store.cast([second]))
    )

    assert outcomes[1] == Outcome(standing=standing, options=options)
    assert await _options(store) == options


async def test_a_vote_after_a_withdrawal_is_a_first_vote_again(store: Store) -> None:
    """And an older press that arrives late does not bring the withdrawn one back."""
    await opened(store, poll())
    await store.cast([vote(Choose(1), order=1), vote(Withdraw(), order=3)])

    late, again = await store.cast([vote(Choose(2), order=2), vote(Choose(0), order=4)])

    assert (late.standing, again.standing) == (Standing.WITHDRAWN, Standing.FIRST)
    assert await _options(store) == (0,)


async def test_presses_on_a_multiple_choice_add_and_take_away(store: Store) -> None:
    """Each press joins or leaves the answer that the press before it left, in a batch and across batches."""
    await opened(store, poll(kind=PollKind.MULTIPLE))
    await store.cast([vote(Choose(2), order=1)])

    outcomes = await store.cast([vote(Choose(0), order=2), vote(Choose(2), order=3), vote(Choose(1), order=4)])

    assert [outcome.options for outcome in outcomes] == [(0, 2), (0,), (0, 1)]
    assert await _options(store) == (0, 1)


async def test_votes_in_several_polls_share_a_batch(store: Store) -> None:
    """The pseudonyms differ, but nothing would break if they did not."""
    other = PollId("bridge_colour")
    await opened(store, poll())
    await opened(store, replace(poll(), id=other))

    await store.cast([vote(Choose(1)), replace(vote(Choose(2)), poll=other)])

    ballots = await store.read(lambda books: (books.polls.ballot(BRIDGE, ALIX), books.polls.ballot(other, ALIX)))
    assert [ballot and ballot.options for ballot in ballots] == [(1,), (2,)]


async def test_a_vote_in_no_poll_is_refused(store: Store) -> None:
    """Old buttons stay in the chats for years."""
    assert await store.cast([vote(Choose(0))]) == (Outcome(standing=Standing.UNKNOWN_POLL),)


async def test_a_vote_before_the_opening_is_refused(store: Store) -> None:
    """The state in the database decides, not the clock of the caller."""
    await store.write(lambda books: books.polls.add(poll(state=PollState.PLANNED)))

    assert await store.cast([vote(Choose(0))]) == (Outcome(standing=Standing.NOT_OPEN_YET),)


async def test_a_vote_after_the_closing_keeps_what_was_counted(store: Store) -> None:
    """The order of arrival is erased by then: it must not make the vote look older or newer."""
    await opened(store, poll())
    await store.cast([vote(Choose(1), order=7)])
    await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))

    assert await store.cast([vote(Choose(2), order=8)]) == (Outcome(standing=Standing.CLOSED, options=(1,)),)
    tally = await store.read(lambda books: books.polls.tally(BRIDGE))
    assert tally == Tally(counts=(0, 1, 0), voters=1, networks=((TELEGRAM, 1),))


@pytest.mark.parametrize("known", [True, False], ids=["counted", "refused"])
async def test_the_way_in_is_forgotten_with_the_vote(store: Store, *, known: bool) -> None:
    """Account and choice stand together in the inbox only until the vote is settled, whichever way."""
    if known:
        await opened(store, poll())
    updates = [Update(number, b"?") for number in range(3)]
    intakes = await store.write(lambda books: books.inbox.take_in(ACCOUNT, updates, cursor=Cursor(3), at=NOON))

    await store.cast([vote(Choose(1), order=intake.id) for intake in intakes[:2]])

    assert await store.read(lambda books: books.inbox.pending(ACCOUNT, limit=9)) == intakes[2:]


@pytest.mark.parametrize("cast", [(0, 2), (0, 0, 2), (1,), (0, 1, 2)], ids=["around", "twice", "one", "all"])
async def test_nothing_else_is_forgotten_with_votes(store: Store, cast: tuple[int, ...]) -> None:
    """What came in between two votes may be a question to the town."""
    await opened(store, poll())
    updates = [Update(number, b"{}") for number in range(4)]
    taken = await store.write(lambda books: books.inbox.take_in(ACCOUNT, updates, cursor=Cursor(5), at=NOON))

    await store.cast([vote(Choose(1), order=taken[rank].id) for rank in cast])

    left = await store.read(lambda books: books.inbox.pending(ACCOUNT, limit=9))
    assert [intake.number for intake in left] == [number for number in range(4) if number not in cast]


async def test_a_late_vote_is_refused_beside_one_in_time_that_says_the_same(store: Store) -> None:
    """What is known of a vote is no judgement of another's instant."""
    await opened(store, poll())
    late = vote(Choose(1), order=2, voter=b"b" * 16, at=NOON + timedelta(hours=1))

    outcomes = await store.cast([vote(Choose(1), order=1), late])

    assert [outcome.standing for outcome in outcomes] == [Standing.FIRST, Standing.CLOSED]


@pytest.mark.parametrize("order", [1, 0], ids=["the same arrival again", "an older arrival"])
async def test_an_old_press_is_passed_over_beside_a_new_one_that_says_the_same(store: Store, order: int) -> None:
    """What is known of a vote is no judgement of another's arrival: a press that is read twice takes nothing away."""
    await opened(store, poll(kind=PollKind.MULTIPLE))
    await store.cast([vote(Choose(1), order=1), vote(Choose(1), order=2, voter=b"b" * 16)])

    outcomes = await store.cast([vote(Choose(1), order=3, voter=b"b" * 16), vote(Choose(1), order=order)])

    assert [outcome.standing for outcome in outcomes] == [Standing.WITHDRAWN, Standing.UNCHANGED]
    assert await _options(store) == (1,)


async def test_a_ballot_came_by_the_network_of_its_last_vote(store: Store) -> None:
    """Of each citizen in the batch, also of one whose vote says what another's before it said."""
    voters = [VoterKey(name * 16) for name in (b"a", b"b")]
    await opened(store, poll())
    await store.cast([vote(Choose(1), order=1 + rank, voter=voter) for rank, voter in enumerate(voters)])

    votes = [vote(Choose(2), order=3 + rank, voter=voter) for rank, voter in enumerate(voters)]
    await store.cast([replace(each, via=DISCORD) for each in votes])

    tally = await store.read(lambda books: books.polls.tally(BRIDGE))
    assert tally.networks == ((DISCORD, 2),)


async def test_many_votes_at_once_leave_one_ballot_per_citizen(store: Store) -> None:
    """A crowd presses: 40 citizens, 10 presses each, each its own call."""
    await opened(store, poll())
    votes = [vote(Choose(n % 3), order=n + 1, voter=bytes([n % 40]) * 16) for n in range(400)]

    outcomes = await asyncio.gather(*(store.cast([each]) for each in votes))

    assert sum(outcome[0].standing is Standing.FIRST for outcome in outcomes) == 40
    ballots = [await _ballot(store, each.voter) for each in votes[360:]]
    assert [ballot and ballot.options for ballot in ballots] == [(n % 3,) for n in range(360, 400)]


async def test_a_batch_larger_than_a_turn_is_stored_whole(store: Store) -> None:
    """5,000 votes that wait together are no special case."""
    await opened(store, poll())
    votes = [vote(Choose(n % 3), order=n + 1, voter=n.to_bytes(16)) for n in range(5000)]

    await asyncio.gather(store.cast(votes[:4500]), store.cast(votes[4500:]))

    assert (await store.read(lambda books: books.polls.tally(BRIDGE))).voters == 5000


async def test_votes_that_wait_when_a_poll_is_closed_are_counted(store: Store) -> None:
    """They were received in time: the closing must not overtake them."""
    await opened(store, poll())

    (outcome,), tally = await asyncio.gather(
        store.cast([vote(Choose(1))]), store.write(lambda books: books.polls.close(BRIDGE, at=NOON))
    )

    assert (outcome.standing, tally.voters) == (Standing.FIRST, 1)
