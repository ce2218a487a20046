"""The networks' own polls: when a question fits, and which total stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.capabilities import without_native_poll
from core.identifiers import IntakeId, PlatformName
from core.native import (
    Misfit,
    NativeBallot,
    NativeCount,
    NativePoll,
    NativeTally,
    Reason,
    Sighting,
    by_network,
    misfits,
    newest,
)
from tests.fakes import CAPABILITIES

CLOSING = datetime(2027, 3, 8, 18, tzinfo=UTC)
DAY = timedelta(days=1)
BALLOT = NativeBallot(question="Which name?", options=("Market", "Halle"), several=False, closes_at=CLOSING, hides=True)
NETWORK = NativePoll(
    most_options=4,
    longest_question=20,
    longest_option=10,
    shortest=timedelta(minutes=5),
    longest=timedelta(days=30),
    granularity=timedelta(hours=1),
    secret=True,
    several=False,
    ends_early=True,
    hides=True,
)
STUBBORN = replace(NETWORK, ends_early=False)


def test_a_question_within_every_limit_fits() -> None:
    """The limits themselves are allowed."""
    full = replace(BALLOT, question="q" * 20, options=("a" * 10, "b", "c", "d"))

    assert misfits(full, timedelta(days=30), NETWORK) == ()


@pytest.mark.parametrize(
    ("ballot", "lasts", "network", "misfit"),
    [
        pytest.param(BALLOT, DAY, None, Misfit(Reason.NONE), id="the network has no polls"),
        pytest.param(
            replace(BALLOT, options=tuple("abcde")), DAY, NETWORK, Misfit(Reason.MANY_OPTIONS, 5, 4), id="options"
        ),
        pytest.param(
            replace(BALLOT, question="q" * 21), DAY, NETWORK, Misfit(Reason.LONG_QUESTION, 21, 20), id="question"
        ),
        pytest.param(
            replace(BALLOT, options=("a", "😀" * 6)), DAY, NETWORK, Misfit(Reason.LONG_OPTION, 12, 10), id="option"
        ),
        pytest.param(replace(BALLOT, several=True), DAY, NETWORK, Misfit(Reason.SEVERAL, 1, 0), id="several"),
        pytest.param(BALLOT, 31 * DAY, NETWORK, Misfit(Reason.LONG, 2_678_400, 2_592_000), id="too long"),
        pytest.param(BALLOT, timedelta(hours=1) * 1.5, STUBBORN, Misfit(Reason.UNEVEN, 5400, 3600), id="uneven"),
    ],
)
def test_what_does_not_fit_is_said_with_its_measure(
    ballot: NativeBallot, lasts: timedelta, network: NativePoll | None, misfit: Misfit
) -> None:
    """An officer reads the number and the limit before the campaign starts."""
    assert misfits(ballot, lasts, network) == (misfit,)


def test_a_poll_that_cannot_be_ended_must_be_allowed_to_end_in_time() -> None:
    """Where we cannot end it ourselves, a longer one would take votes after closing."""
    minute_by_minute = replace(STUBBORN, granularity=timedelta(minutes=1))

    assert misfits(BALLOT, timedelta(minutes=2), minute_by_minute) == (Misfit(Reason.SHORT, 120, 300),)
    assert misfits(BALLOT, timedelta(minutes=6), minute_by_minute) == ()


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        (timedelta(minutes=90), timedelta(hours=2)),
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(0), timedelta(hours=1)),
        (timedelta(days=30, hours=1), timedelta(days=30)),
    ],
)
def test_a_poll_lasts_at_least_as_long_as_people_may_vote(wanted: timedelta, made: timedelta) -> None:
    """It is ended at the right time by us; an earlier end would take the vote from somebody."""
    assert NETWORK.lasting(wanted) == made


def seen(*counts: int, at: int = 0, order: int = 0, final: bool = False) -> Sighting:
    """Counts seen so many minutes before closing began."""
    tally = NativeTally(counts=counts, final=final)
    return Sighting(tally=tally, at=CLOSING + timedelta(minutes=at), order=IntakeId(order))


UNKNOWN = Sighting(tally=NativeTally(counts=None), at=CLOSING + DAY)


@pytest.mark.parametrize(
    ("before", "after", "stands"),
    [
        pytest.param(None, seen(1, 2), seen(1, 2), id="the first"),
        pytest.param(seen(1, 2), seen(2, 1, at=1), seen(2, 1, at=1), id="a newer one replaces"),
        pytest.param(seen(5, 5, at=1), seen(1, 0), seen(5, 5, at=1), id="an older one does not"),
        pytest.param(seen(1, 2, order=8), seen(1, 1, order=7), seen(1, 2, order=8), id="of one instant, by arrival"),
        pytest.param(seen(1, 2), seen(1, 2), seen(1, 2), id="the same again"),
        pytest.param(seen(1, 2, at=9), seen(3, 3, final=True), seen(3, 3, final=True), id="a final one always"),
        pytest.param(
            seen(3, 3, final=True), seen(4, 4, at=9), seen(3, 3, final=True), id="nothing replaces a final one"
        ),
        pytest.param(seen(1, 2), UNKNOWN, seen(1, 2), id="unknown is not zero"),
        pytest.param(None, UNKNOWN, None, id="unknown from the start"),
        pytest.param(seen(1, 2), seen(1, 2, 3, at=1), seen(1, 2), id="counts of another poll"),
    ],
)
def test_which_total_stands(before: Sighting | None, after: Sighting, stands: Sighting | None) -> None:
    """Totals are replaced, never added: news that is repeated or late changes nothing."""
    assert newest(before, after, options=2) == stands


def test_private_chats_know_no_poll_of_the_network() -> None:
    """A poll of its own for each reader would show the town who chose what."""
    able = replace(CAPABILITIES, native_poll=NETWORK)

    assert without_native_poll(able) == CAPABILITIES
    assert without_native_poll(CAPABILITIES) is CAPABILITIES


@pytest.mark.parametrize("secret", [True, False])
def test_what_is_not_secret_shows_choices(secret: bool) -> None:  # noqa: FBT001  the case
    """Templates ask it in these words."""
    assert replace(NETWORK, secret=secret).shows_choices is not secret


def test_polls_of_one_network_are_put_together_and_no_others() -> None:
    """Two channels on one network ask twice; what is unknown makes nothing zero, and all must be final."""
    one, other = PlatformName("telegram"), PlatformName("mastodon")
    seen = (
        (one, NativeTally(counts=(1, 2), voters=3, final=True)),
        (other, NativeTally(counts=None)),
        (one, NativeTally(counts=(4, 0), voters=4, final=True)),
    )

    assert by_network(seen) == (
        NativeCount(network=other, counts=None, voters=None, final=False),
        NativeCount(network=one, counts=(5, 2), voters=7, final=True, polls=2),
    )


def test_polls_of_no_known_network_come_last() -> None:
    """Their account was taken out of the configuration."""
    known = PlatformName("telegram")
    seen = [(None, NativeTally(counts=(1, 2))), (known, NativeTally(counts=(4, 0)))]

    assert [(each.network, each.counts) for each in by_network(seen)] == [(known, (4, 0)), (None, (1, 2))]


def test_a_poll_that_nobody_knows_is_not_said_to_be_in_the_total() -> None:
    """The others are the total of fewer polls, and it is said how many are missing."""
    told = [NativeTally(counts=counts, final=True) for counts in ((1, 2), (3, 4))]
    seen = [(PlatformName("discord"), tally) for tally in (*told, NativeTally(counts=None))]

    (together,) = by_network(seen)

    assert (together.counts, together.polls, together.untold, together.final) == ((4, 6), 2, 1, False)


def test_voters_that_one_poll_does_not_say_are_unknown_for_all() -> None:
    """A part of them would be taken for all."""
    seen = [(PlatformName("mastodon"), NativeTally(counts=(1,), voters=voters)) for voters in (1, None)]

    assert by_network(seen)[0].voters is None
