"""One ballot per citizen, the latest counts, nothing counts after closing time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PollIsClosed, PollIsNotOpenYet, Refused, TooManyOptions, UnknownOption
from core.identifiers import IntakeId, PlatformName
from core.poll import (
    Act,
    Ballot,
    Choose,
    Fill,
    Poll,
    PollKind,
    PollState,
    Standing,
    Tally,
    Vote,
    Withdraw,
    cast,
    count,
    standing,
)
from tests.core.examples import NOON, TELEGRAM, ballot, poll, vote

CLOSING = NOON + timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)
DISCORD = PlatformName("discord")
OPTIONS = 3


def test_a_first_press_makes_a_ballot() -> None:
    """The plain case."""
    after = cast(poll(), None, vote(Choose(2), order=5))

    assert after == ballot(2, order=5)


def test_another_press_replaces_a_single_choice() -> None:
    """A citizen may change their mind until closing."""
    after = cast(poll(), ballot(2), vote(Choose(0), order=2))

    assert after.options == (0,)


def test_a_press_adds_to_a_multiple_choice() -> None:
    """Each button stands for one option."""
    after = cast(poll(kind=PollKind.MULTIPLE), ballot(2), vote(Choose(0), order=2))

    assert after.options == (0, 2)


def test_the_same_press_again_takes_an_option_out_of_a_multiple_choice() -> None:
    """The button is a tick box."""
    after = cast(poll(kind=PollKind.MULTIPLE), ballot(0, 2), vote(Choose(0), order=2))

    assert after.options == (2,)


def test_a_typed_answer_replaces_the_whole_ballot() -> None:
    """What is typed is the whole answer, said twice or not."""
    after = cast(poll(kind=PollKind.MULTIPLE), ballot(1), vote(Fill((2, 0, 2)), order=2))

    assert after.options == (0, 2)


def test_one_typed_option_is_an_answer_to_a_single_choice() -> None:
    """Said twice, it is still one."""
    assert cast(poll(), ballot(0), vote(Fill((1, 1)), order=2)).options == (1,)


def test_a_withdrawn_ballot_names_nothing() -> None:
    """The row stays, so that an older press cannot bring the vote back."""
    after = cast(poll(), ballot(1), vote(Withdraw(), order=2))

    assert after == ballot(order=2)


def test_an_older_press_that_arrives_late_changes_nothing() -> None:
    """Updates may be handled out of order; the citizen's latest press is their answer."""
    before = ballot(1, order=9)

    assert cast(poll(), before, vote(Choose(0), order=8)) is before


def test_the_same_press_delivered_twice_changes_nothing() -> None:
    """A platform repeats what it believes unheard; a tick box must not flip back."""
    before = ballot(1, order=9)

    assert cast(poll(kind=PollKind.MULTIPLE), before, vote(Choose(1), order=9)) is before


def test_an_older_press_cannot_bring_back_a_withdrawn_vote() -> None:
    """Withdrawing is an act like another: the later one counts."""
    before = ballot(order=9)

    assert cast(poll(), before, vote(Choose(0), order=3)) is before


def test_a_ballot_just_before_closing_time_counts() -> None:
    """The last moment belongs to the poll."""
    assert cast(poll(), None, vote(Choose(0), at=CLOSING - A_MOMENT)).options == (0,)


def test_a_ballot_at_closing_time_is_refused() -> None:
    """``closes_at`` is exclusive."""
    with pytest.raises(PollIsClosed):
        cast(poll(), None, vote(Choose(0), at=CLOSING))


def test_a_ballot_received_in_time_is_refused_once_the_count_is_frozen() -> None:
    """A published count never changes."""
    with pytest.raises(PollIsClosed):
        cast(poll(state=PollState.CLOSED), None, vote(Choose(0), at=NOON))


def test_a_ballot_before_the_opening_is_refused() -> None:
    """A button seen in a preview counts for nothing."""
    with pytest.raises(PollIsNotOpenYet):
        cast(poll(state=PollState.PLANNED), None, vote(Choose(0)))


@pytest.mark.parametrize("act", [Choose(3), Choose(-1), Fill((0, 3)), Fill((-1,))], ids=repr)
def test_an_option_that_does_not_exist_is_refused(act: Choose | Fill) -> None:
    """Buttons can be forged, and -1 would be the last one in Python."""
    with pytest.raises(UnknownOption):
        cast(poll(kind=PollKind.MULTIPLE), None, vote(act))


def test_two_options_in_a_single_choice_are_refused() -> None:
    """Guessing which of them was meant would be voting in somebody's place."""
    with pytest.raises(TooManyOptions):
        cast(poll(), None, vote(Fill((0, 1))))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(None, ballot(1), Standing.FIRST, id="a first ballot"),
        pytest.param(ballot(), ballot(1), Standing.FIRST, id="a ballot after a withdrawal"),
        pytest.param(ballot(0), ballot(1), Standing.CHANGED, id="another answer"),
        pytest.param(ballot(1), ballot(1), Standing.UNCHANGED, id="the same answer"),
        pytest.param(ballot(1), ballot(), Standing.WITHDRAWN, id="a withdrawal"),
        pytest.param(ballot(), ballot(), Standing.WITHDRAWN, id="a withdrawal again"),
        pytest.param(None, ballot(), Standing.WITHDRAWN, id="a withdrawal of nothing"),
    ],
)
def test_a_citizen_is_told_what_became_of_their_vote(before: Ballot | None, after: Ballot, expected: Standing) -> None:
    """The sentence shown depends on what stood before."""
    assert standing(before, after) is expected


# ── whatever people do ─────────────────────────────────────────────────────────────────────────────────────

acts = st.one_of(
    st.builds(Choose, st.integers(-1, OPTIONS)),
    st.builds(Fill, st.lists(st.integers(-1, OPTIONS), max_size=3).map(tuple)),
    st.just(Withdraw()),
)
whole_answers = st.one_of(st.builds(Choose, st.integers(0, OPTIONS - 1)), st.just(Withdraw()))


def _after(asked: Poll, votes: Sequence[Vote]) -> Ballot | None:
    standing_ballot: Ballot | None = None
    for one in votes:
        try:
            standing_ballot = cast(asked, standing_ballot, one)
        except Refused:
            continue
    return standing_ballot


@given(st.lists(acts, min_size=1), st.sampled_from(PollKind))
def test_a_ballot_never_breaks_its_poll(sequence: list[Act], kind: PollKind) -> None:
    """Whatever is pressed: known options, each once, ascending, and one at most in a single choice."""
    after = _after(poll(kind=kind), [vote(act, order=rank) for rank, act in enumerate(sequence)])

    options = after.options if after else ()
    assert list(options) == sorted(set(options) & set(range(OPTIONS)))
    assert kind is PollKind.MULTIPLE or len(options) <= 1


@given(st.lists(whole_answers, min_size=1), st.data())
def test_in_any_order_of_handling_the_latest_arrival_counts(
    sequence: list[Choose | Withdraw], data: st.DataObject
) -> None:
    """Who votes on a slow day gets the same ballot as who votes on a quick one."""
    votes = [vote(act, order=rank) for rank, act in enumerate(sequence)]

    shuffled = data.draw(st.permutations(votes))

    assert _after(poll(), shuffled) == _after(poll(), votes[-1:])


@given(st.lists(acts, min_size=1), st.data())
def test_repeating_what_was_already_handled_changes_nothing(sequence: list[Act], data: st.DataObject) -> None:
    """A crash makes us hear again what we heard: the second hearing is silent."""
    votes = [vote(act, order=rank) for rank, act in enumerate(sequence)]
    asked = poll(kind=PollKind.MULTIPLE)

    again = data.draw(st.lists(st.sampled_from(votes)))

    assert _after(asked, [*votes, *again]) == _after(asked, votes)


# ── counting ───────────────────────────────────────────────────────────────────────────────────────────────


def test_withdrawn_ballots_do_not_count() -> None:
    """An empty ballot is nobody's vote."""
    assert count(2, [((), TELEGRAM, 5), ((1,), TELEGRAM, 2)]) == Tally(
        counts=(0, 2), voters=2, networks=((TELEGRAM, 2),)
    )


def test_a_ballot_with_two_options_is_one_voter() -> None:
    """Shares are shares of citizens, not of ticks."""
    assert count(3, [((0, 2), TELEGRAM, 4)]) == Tally(counts=(4, 0, 4), voters=4, networks=((TELEGRAM, 4),))


def test_a_count_says_where_its_voters_came_from() -> None:
    """Voters by network, never options by network: a small network would give a choice away."""
    tally = count(2, [((0,), TELEGRAM, 2), ((1,), DISCORD, 1), ((0, 1), TELEGRAM, 1), ((), DISCORD, 4)])

    assert (tally.voters, tally.networks) == (4, ((DISCORD, 1), (TELEGRAM, 3)))


@given(st.lists(st.frozensets(st.integers(0, OPTIONS - 1))))
def test_a_count_is_what_a_hand_would_count(ballots: list[frozenset[int]]) -> None:
    """Ballots laid out one by one give the same figures as ballots in heaps."""
    heaps = {answer: ballots.count(answer) for answer in ballots}

    tally = count(OPTIONS, [(tuple(sorted(answer)), TELEGRAM, many) for answer, many in heaps.items()])

    assert tally.counts == tuple(sum(option in answer for answer in ballots) for option in range(OPTIONS))
    assert tally.voters == sum(bool(answer) for answer in ballots)


@pytest.mark.parametrize(
    ("chose", "voters", "expected"),
    [(0, 0, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (1, 200, 1), (1, 201, 0), (3, 3, 100)],
)
def test_a_share_is_in_whole_per_cent_with_halves_up(chose: int, voters: int, expected: int) -> None:
    """12.5 % is said as 13 %; nobody is divided by zero."""
    assert Tally(counts=(chose,), voters=voters).share(0) == expected


@given(st.lists(st.integers(0, 10**7), min_size=1))
def test_the_shares_of_a_single_choice_add_up_to_a_hundred_but_for_rounding(counts: list[int]) -> None:
    """No town publishes a result whose bars make no sense."""
    tally = Tally(counts=tuple(counts), voters=sum(counts))

    total = sum(map(tally.share, range(len(counts))))

    assert abs(total - (100 if tally.voters else 0)) <= len(counts) / 2


def test_an_order_of_arrival_is_kept_with_the_ballot() -> None:
    """It is what later presses are compared with."""
    later = replace(vote(Choose(0)), order=IntakeId(12))

    assert cast(poll(), ballot(1, order=3), later).order == 12
