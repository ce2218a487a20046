"""What a rehearsal says of itself: what passed, how much one person got, what met what."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.delivery import DeliveryState
from core.identifiers import ChannelName
from core.rehearsal import Rehearsal, Week, collisions
from tests.core.examples import NOON
from tests.core.rehearsals import HOUR, MINUTE, OUTCOME, SQUARE, engagement, moment, ordeal, rehearsal, said


@pytest.mark.parametrize(
    ("found", "passed"),
    [
        (rehearsal(), True),
        (rehearsal(sound=False), False),
        (rehearsal(doubled=1), False),
        (rehearsal(outcomes=(replace(OUTCOME, cast=5),)), False),
        (rehearsal(outcomes=()), True),
    ],
    ids=["all is well", "published otherwise", "twice", "miscounted", "no vote"],
)
def test_it_passes_only_if_the_votes_cast_are_those_counted_and_nothing_stands_twice(
    found: Rehearsal,
    passed: bool,  # noqa: FBT001  a case
) -> None:
    """That is its exit code."""
    assert found.passed is passed


def test_a_poll_that_nobody_asked_by_our_own_ballot_counts_nobody() -> None:
    """The networks count theirs themselves."""
    empty = replace(OUTCOME.tally, voters=0)

    assert replace(OUTCOME, cast=None, tally=empty, published=0).agrees


@pytest.mark.parametrize(
    ("after", "late"),
    [(None, timedelta()), (30 * MINUTE / 60, timedelta()), (5 * MINUTE, 5 * MINUTE)],
    ids=["not out", "within the pace of a network", "late"],
)
def test_late_is_what_people_notice(after: timedelta | None, late: timedelta) -> None:
    """A network lets some messages wait for seconds."""
    assert said(out_at=None if after is None else NOON + after).late == late


def test_one_person_gets_at_most_the_busiest_network_and_the_private_news() -> None:
    """The busiest week is where somebody got most."""
    first = Week(monday=date(2027, 3, 1), public=(2, 3), private=(1, 1))
    second = Week(monday=date(2027, 3, 8), public=(1, 1), private=(4, 1))
    empty = Week(monday=date(2027, 3, 15), public=(), private=())

    assert (first.most, second.most, empty.most) == (4, 5, 0)
    assert rehearsal(weeks=(first, second, empty)).busiest == second
    assert rehearsal(weeks=()).busiest is None


def test_somebody_on_two_networks_gets_both_in_public_and_in_private() -> None:
    """The news come by each account that asked for them; nobody follows the first and the third."""
    week = Week(monday=date(2027, 3, 1), public=(2, 3, 3), private=(2, 1, 3), pairs=((0, 1),))

    assert (week.most, week.for_two, week.in_private) == (8, True, 3)
    assert (replace(week, pairs=()).most, replace(week, pairs=()).for_two) == (6, False)


def test_what_was_due_during_an_outage_is_told_by_how_it_stands() -> None:
    """Private copies count each."""
    late = said(out_at=NOON + HOUR)
    unsure = said(state=DeliveryState.UNCERTAIN, out_at=None, copies=4)
    found = ordeal(late, unsure)

    assert (found.late, found.copies(DeliveryState.UNCERTAIN), found.copies(DeliveryState.SENT)) == ((late,), 4, 1)


def test_everything_said_is_that_of_all_moments() -> None:
    """In their order."""
    one, other = said(), said(network="Mastodon")

    assert rehearsal(moments=(moment(one), moment(other))).said == (one, other)


def test_campaigns_meet_in_one_place_within_two_hours() -> None:
    """Elsewhere, or later, nobody takes them for one."""
    ours = engagement("pont", NOON, SQUARE)
    near = engagement("halle", NOON + HOUR, SQUARE)
    elsewhere = engagement("halle", NOON, ChannelName("sport"))
    later = engagement("halle", NOON + 2 * HOUR, SQUARE)

    found = tuple(collisions([ours], [near, elsewhere, later]))

    assert [(each.ours, each.theirs) for each in found] == [(ours, near)]
