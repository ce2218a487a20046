"""What may be done about somebody, by whom, and what should be at an instant."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.identifiers import Address, MemberKey, PersonRef, SanctionId
from core.moderation import Severity
from core.sanction import (
    LADDER,
    Measure,
    Obstacle,
    Order,
    Sanction,
    SanctionKind,
    SanctionState,
    Subject,
    left_to_rules,
    measure_for,
    needs_two,
    obstacle,
    strikes,
    wanted,
)
from core.staff import SERVICE, Staff
from tests.core.examples import NOON
from tests.core.test_staff import ANNE, CHLOE, TELEGRAM, staff

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GROUP = Address("-100300")
DENIS = Subject(person=PersonRef("telegram:202"), number="202")
WARN = Measure(kind=SanctionKind.WARNING)


def mute(lasts: timedelta | None = HOUR) -> Measure:
    """A mute that lasts so long."""
    return Measure(kind=SanctionKind.MUTE, lasts=lasts)


def ban(lasts: timedelta | None = None) -> Measure:
    """A ban that lasts so long."""
    return Measure(kind=SanctionKind.BAN, lasts=lasts)


def order(measure: Measure, subject: Subject | None = DENIS) -> Order:
    """The measure against Denis."""
    return Order(measure=measure, account=TELEGRAM, chat=GROUP, subject=subject)


def sanction(
    kind: SanctionKind = SanctionKind.BAN,
    *,
    lasts: timedelta | None = HOUR,
    state: SanctionState = SanctionState.STANDING,
    number: int = 1,
) -> Sanction:
    """One against Denis, since noon."""
    return Sanction(
        id=SanctionId(number),
        kind=kind,
        account=TELEGRAM,
        chat=GROUP,
        subject=b"d" * 16,
        sealed=b"sealed",
        since=NOON,
        until=None if lasts is None else NOON + lasts,
        by=CHLOE,
        state=state,
        look_at=NOON,
    )


@pytest.mark.parametrize(
    ("measure", "hinders"),
    [
        (WARN, None),
        (mute(DAY), None),
        (mute(DAY + HOUR), Obstacle.NEEDS_A_HUMAN),
        (mute(None), Obstacle.NEEDS_A_HUMAN),
        (ban(HOUR), Obstacle.NEEDS_A_HUMAN),
    ],
)
def test_rules_go_as_far_as_a_mute_of_a_day(measure: Measure, hinders: Obstacle | None) -> None:
    """Beyond, a machine would decide about people."""
    assert obstacle(order(measure), by=SERVICE, staff=staff()) is hinders


@pytest.mark.parametrize("by", [SERVICE, CHLOE])
def test_nobody_of_the_staff_is_ever_sanctioned(by: MemberKey) -> None:
    """By no rule and by no colleague: Anne is 101 on Telegram."""
    anne = Subject(person=PersonRef("telegram:101"), number="101")

    assert obstacle(order(mute(), anne), by=by, staff=staff()) is Obstacle.IMMUNE


def test_a_moderator_decides_and_nobody_else() -> None:
    """Whose key nobody knows is nobody."""
    assert [obstacle(order(ban()), by=who, staff=staff()) for who in (CHLOE, ANNE, MemberKey("gone"))] == [
        None,
        None,
        Obstacle.NO_RIGHT,
    ]


def test_the_gravest_take_two() -> None:
    """For ever, or as good as: a closed account, and a ban that nobody will live to see the end of."""
    suspended = Measure(kind=SanctionKind.SUSPEND, lasts=HOUR)

    taken = [needs_two(each) for each in (ban(), ban(366 * DAY), suspended, ban(365 * DAY), mute(None))]

    assert taken == [True, True, True, False, False]


def test_each_strike_leads_one_rung_up() -> None:
    """The last again and again."""
    led = [measure_for(Severity.SERIOUS, each).kind.value for each in range(6)]

    assert led == ["warning", "mute", "mute", "ban", "ban", "ban"]


def test_what_rules_may_not_do_becomes_a_mute_of_a_day() -> None:
    """On every rung of the ladder; the rest waits for a human."""
    for rungs in LADDER.values():
        for rung in rungs:
            allowed = left_to_rules(rung)
            assert obstacle(order(allowed), by=SERVICE, staff=Staff()) is None
            assert allowed == rung or allowed == mute(DAY)


def test_strikes_end_one_by_one_and_annulled_ones_never_count() -> None:
    """Ninety days each; what is only proposed is none."""
    old = replace(sanction(), since=NOON - 89 * DAY)
    held = [old, sanction(), replace(sanction(), annulled=True), sanction(state=SanctionState.PROPOSED)]

    assert [strikes(held, NOON + day * DAY) for day in (0, 1, 90)] == [2, 1, 0]


def test_the_end_is_the_first_instant_without_it() -> None:
    """As everywhere: from noon until one, without one o'clock."""
    instants = (NOON, NOON + HOUR - timedelta.resolution, NOON + HOUR)

    assert [sanction().is_in_force(at) for at in instants] == [True, True, False]


def test_an_expired_ban_never_lifts_a_later_one() -> None:
    """What should be is asked of all that stand, not of the one that ends."""
    short, longer, ever = sanction(), sanction(lasts=DAY, number=2), sanction(lasts=None, number=3)
    lifted = replace(ever, state=SanctionState.ENDING)

    assert wanted([short, longer, lifted], SanctionKind.BAN, NOON) == longer
    assert wanted([short, longer, lifted], SanctionKind.BAN, NOON + HOUR) == longer
    assert wanted([ever, longer], SanctionKind.BAN, NOON) == ever
    assert wanted([short, lifted], SanctionKind.BAN, NOON + HOUR) is None
    assert wanted([longer], SanctionKind.MUTE, NOON) is None


@pytest.mark.parametrize(
    ("kind", "subject", "pause"),
    [
        (SanctionKind.MUTE, None, timedelta()),
        (SanctionKind.LOCK, DENIS, timedelta()),
        (SanctionKind.SLOW_MODE, None, timedelta()),
        (SanctionKind.LOCK, None, HOUR),
    ],
)
def test_an_order_that_fits_nobody_is_none(kind: SanctionKind, subject: Subject | None, pause: timedelta) -> None:
    """Chats are not muted, people are not locked, and only a slow mode has a pause."""
    with pytest.raises(ValueError, match="a "):
        Order(measure=Measure(kind=kind), account=TELEGRAM, chat=GROUP, subject=subject, pause=pause)


def test_a_measure_without_a_time_is_none() -> None:
    """It would end before it begins."""
    with pytest.raises(ValueError, match="lasts"):
        order(mute(timedelta()))
