"""What is to be done about somebody, case by case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.ports.moderator import Hold, Standing
from core.sanction import Sanction, SanctionKind, SanctionState
from delivery.order import CHECKED_EVERY, LONGEST_PAUSE, Step, Target, failed, next_step, settled
from tests.core.examples import NOON
from tests.core.test_sanction import DAY, HOUR, sanction

BAN, SLOW = SanctionKind.BAN, SanctionKind.SLOW_MODE
OURS = replace(sanction(), ours=True)
LIFTED = replace(OURS, state=SanctionState.ENDING)
FOR_EVER = sanction(lasts=None)
LIFTED_OF_OTHERS = replace(sanction(), state=SanctionState.ENDING)
YEAR = timedelta(days=365)


def shown(hold: Hold | None, *, immune: bool = False) -> Standing:
    """What the network says of a ban."""
    return Standing(holds={} if hold is None else {BAN: hold}, immune=immune)


def step(
    sanctions: tuple[Sanction, ...],
    hold: Hold | None,
    *,
    after: timedelta = timedelta(),
    longest: timedelta | None = None,
) -> Step:
    """What follows."""
    return next_step(Target(kind=BAN, sanctions=sanctions), shown(hold), NOON + after, longest=longest)


@pytest.mark.parametrize(
    ("sanctions", "hold", "expected"),
    [
        pytest.param((sanction(),), None, Step.IMPOSE, id="nothing is kept up"),
        pytest.param((OURS,), None, Step.IMPOSE, id="a hand let go of it"),
        pytest.param((OURS,), Hold(until=NOON + HOUR), Step.NOTHING, id="as it should be"),
        pytest.param((OURS,), Hold(until=NOON + HOUR - timedelta(seconds=30)), Step.NOTHING, id="rounded"),
        pytest.param((OURS,), Hold(until=NOON), Step.IMPOSE, id="shown and over"),
        pytest.param((OURS,), Hold(until=NOON + DAY), Step.NOTHING, id="longer, by a hand"),
        pytest.param((OURS,), Hold(), Step.NOTHING, id="for ever, by a hand"),
        pytest.param((OURS,), Hold(until=NOON + HOUR / 2), Step.IMPOSE, id="too short"),
        pytest.param(
            (replace(FOR_EVER, ours=True),), Hold(until=NOON + DAY), Step.IMPOSE, id="an end where none should be"
        ),
        pytest.param((sanction(),), Hold(), Step.NOTHING, id="somebody else was first"),
        pytest.param((OURS, FOR_EVER), Hold(), Step.IMPOSE, id="a later one of ours is told anew"),
        pytest.param((sanction(),), Hold(ours=True), Step.IMPOSE, id="told before a crash"),
    ],
)
def test_what_should_be_is_put_up(sanctions: tuple[Sanction, ...], hold: Hold | None, expected: Step) -> None:
    """And put up again, whoever let go of it."""
    assert step(sanctions, hold) is expected


@pytest.mark.parametrize(
    ("ban", "expected"),
    [(Hold(), Step.NOTHING), (Hold(until=NOON + HOUR / 2), Step.NOTHING), (Hold(until=NOON), Step.IMPOSE)],
)
def test_nobody_is_let_in_by_being_muted(ban: Hold, expected: Step) -> None:
    """Telegram knows one state of a member: a mute would take the place of a ban, of ours or by a hand."""
    muted = Target(kind=SanctionKind.MUTE, sanctions=(replace(OURS, kind=SanctionKind.MUTE),))

    assert next_step(muted, Standing(present=False, holds={BAN: ban}), NOON) is expected


@pytest.mark.parametrize(
    ("sanctions", "hold", "expected"),
    [
        pytest.param((OURS,), None, Step.NOTHING, id="it ended by itself"),
        pytest.param((OURS,), Hold(), Step.LIFT, id="ours, on a network without ends"),
        pytest.param((OURS,), Hold(ours=True), Step.LIFT, id="the network says that it is ours"),
        pytest.param((OURS,), Hold(ours=False), Step.NOTHING, id="the network says that it is not"),
        pytest.param((sanction(),), Hold(), Step.NOTHING, id="somebody else was first"),
        pytest.param((LIFTED_OF_OTHERS,), Hold(ours=False), Step.LIFT, id="a moderator said so"),
    ],
)
def test_what_should_not_be_any_more_is_let_go_of_if_it_is_ours(
    sanctions: tuple[Sanction, ...], hold: Hold | None, expected: Step
) -> None:
    """The end of one of ours never lifts what somebody else decided, unless a moderator lifts it."""
    assert step(sanctions, hold, after=HOUR) is expected


@pytest.mark.parametrize(
    ("hold", "expected"),
    [
        (Hold(until=NOON + DAY), Step.NOTHING),
        (Hold(), Step.NOTHING),
        (Hold(until=NOON + HOUR + timedelta(seconds=35)), Step.LIFT),
    ],
    ids=["a later end", "no end", "an end put later for the network"],
)
def test_an_expired_ban_never_lifts_a_later_one_made_by_hand(hold: Hold, expected: Step) -> None:
    """Where the network would have ended ours by itself, what lasts longer is another's."""
    assert step((OURS,), hold, after=HOUR, longest=365 * DAY) is expected


def test_what_never_ends_is_let_go_of_when_it_is_lifted() -> None:
    """However the network shows it."""
    ended = replace(LIFTED, until=None)

    assert step((ended,), Hold(), longest=365 * DAY) is Step.LIFT
    standing = replace(ended, state=SanctionState.STANDING)
    assert step((standing,), Hold(until=NOON + YEAR), longest=YEAR) is Step.NOTHING


def test_what_lasts_longer_than_the_network_is_renewed_at_half_time() -> None:
    """A time-out of Discord lasts 28 days at most."""
    ours, month = (replace(FOR_EVER, ours=True),), timedelta(days=28)

    renewed = [step(ours, Hold(until=NOON + timedelta(days=left)), longest=month) for left in (20, 14, 13)]

    assert renewed == [Step.NOTHING, Step.NOTHING, Step.IMPOSE]


def test_a_slow_mode_of_another_pause_is_put_up_again() -> None:
    """Somebody made it shorter."""
    slow = replace(sanction(SLOW), pause=timedelta(seconds=30), ours=True)
    standing = Standing(holds={SLOW: Hold(pause=timedelta(seconds=5))})

    assert next_step(Target(kind=SLOW, sanctions=(slow,)), standing, NOON) is Step.IMPOSE


def test_who_runs_the_place_is_spared() -> None:
    """But nothing is decided about them when nothing should be."""
    target = Target(kind=BAN, sanctions=(sanction(),))

    assert next_step(target, shown(None, immune=True), NOON) is Step.SPARE
    assert next_step(target, shown(None, immune=True), NOON + HOUR) is Step.NOTHING


def test_what_is_as_it_should_be_is_looked_at_again_and_at_its_end() -> None:
    """The end is exact; the rest is checked now and then."""
    looks = [settled(each, NOON, ours=True).look_at - NOON for each in (sanction(), sanction(lasts=HOUR / 6), FOR_EVER)]

    assert looks == [CHECKED_EVERY, HOUR / 6, CHECKED_EVERY]


def test_what_is_over_has_ended_when_it_was_to() -> None:
    """Not when somebody found out."""
    assert settled(OURS, NOON + DAY, ours=False).ended_at == NOON + HOUR
    assert settled(replace(LIFTED, ended_at=NOON), NOON + DAY, ours=False).ended_at == NOON
    assert settled(OURS, NOON + DAY, ours=False).state is SanctionState.ENDED


def test_what_fails_is_tried_later_and_later() -> None:
    """Never more often than the network asks, at most every hour, for ever."""
    once = failed(sanction(), NOON, "not enough rights")
    twice = failed(once, NOON + HOUR, "not enough rights")
    often = replace(once, failures=40)

    assert (once.failures, once.failing_since, once.trouble) == (1, NOON, "not enough rights")
    assert (twice.failures, twice.failing_since) == (2, NOON)
    assert [once.look_at - NOON, twice.look_at - NOON - HOUR] == [timedelta(seconds=30), timedelta(minutes=1)]
    assert failed(often, NOON, "").look_at == NOON + LONGEST_PAUSE
    assert failed(once, NOON, "", wait=DAY).look_at == NOON + DAY
    assert settled(twice, NOON, ours=True).failing_since is None
