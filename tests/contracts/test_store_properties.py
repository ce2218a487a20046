"""Whatever people press, in whatever batches, every store counts what a recount by the rules alone counts."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count as numbers

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.identifiers import PlatformName, PollId
from core.poll import Ballot, Choose, Fill, Poll, PollKind, Tally, Vote, Withdraw, cast, count
from core.ports.store import Store
from tests.contracts.doings import opened
from tests.core.examples import NOON, TELEGRAM, poll, vote

ACTS = st.one_of(
    st.builds(Choose, st.integers(-1, 3)),
    st.builds(Fill, st.lists(st.integers(0, 3), max_size=3).map(tuple)),
    st.just(Withdraw()),
)
VOTES = st.builds(
    lambda act, order, voter, via: replace(vote(act, order=order, voter=bytes([voter]) * 16), via=via),
    ACTS,
    st.integers(1, 30),
    st.integers(1, 4),
    st.sampled_from([TELEGRAM, PlatformName("discord")]),
)
BATCHES = st.lists(st.lists(VOTES, max_size=12), max_size=6)
EXAMPLES = numbers(1)  # each example has a poll of its own, so that a store serves them all


def _recounted(asked: Poll, votes: Sequence[Vote]) -> Tally:
    ballots: dict[bytes, Ballot] = {}
    for each in votes:
        try:
            ballots[each.voter] = cast(asked, ballots.get(each.voter), each)
        except Refused:
            continue
    return count(len(asked.options), ((ballot.options, ballot.via, 1) for ballot in ballots.values()))


@given(batches=BATCHES, kind=st.sampled_from(PollKind))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_every_store_counts_what_the_rules_count(
    store: Store, batches: Sequence[Sequence[Vote]], kind: PollKind
) -> None:
    """Changed, withdrawn, replayed, out of order, refused: running count and frozen count agree with the recount."""
    asked = replace(poll(kind=kind), id=PollId(f"p_{next(EXAMPLES)}"))
    mine = [[replace(each, poll=asked.id) for each in batch] for batch in batches]
    await opened(store, asked)

    for batch in mine:
        await store.cast(batch)

    running = await store.read(lambda books: books.polls.tally(asked.id))
    frozen = await store.write(lambda books: books.polls.close(asked.id, at=NOON))
    recounted = _recounted(asked, [each for batch in mine for each in batch])
    assert (running, frozen) == (recounted, recounted)
