"""What comes again and again: judged day by day to 2037 by a second reading of each rule, and by each zone's law."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from core.localtime import ClockPolicy, Fold, instant
from core.recurrence import Chosen, OnHoliday, Recurrence, Unit, is_working

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 6), date(2037, 12, 31)  # a Tuesday
BEGIN = datetime.combine(FIRST, time())
DAYS = tuple(FIRST + number * DAY for number in range((LAST - FIRST).days + 1))
EVENING = time(18)
MON, TUE, WED, FRI, SUN = 0, 1, 2, 4, 6
Rule = Callable[[date], bool]

EVERY_SECOND_TUESDAY = Recurrence(unit=Unit.WEEK, every=2, on=(Chosen(weekday=TUE),), time=EVENING, first=FIRST)
TUESDAYS = Recurrence(unit=Unit.WEEK, on=(Chosen(weekday=TUE),), time=EVENING, first=FIRST)


def _evening(day: int, month: int, hour: int = 18) -> datetime:
    return datetime.combine(date(2026, month, day), time(hour))


def _monthly(*on: Chosen, every: int = 1) -> Recurrence:
    return Recurrence(unit=Unit.MONTH, every=every, on=on, time=EVENING, first=FIRST)


def _off(day: date) -> bool:
    """A town with four holidays a year: enough to fall on every weekday, and two in a row."""
    return (day.month, day.day) in {(5, 1), (12, 25), (12, 26), (7, 14)}


def _last_working(day: date) -> bool:
    rest = [day + ahead * DAY for ahead in range(1, 31) if (day + ahead * DAY).month == day.month]
    return is_working(day, _off) and not any(is_working(later, _off) for later in rest)


def _first_working(day: date) -> bool:
    return is_working(day, _off) and not any(is_working(day.replace(day=n), _off) for n in range(1, day.day))


RULES: dict[str, tuple[Recurrence, Rule]] = {
    "every second Tuesday": (EVERY_SECOND_TUESDAY, lambda day: (day - FIRST).days % 14 == 0),
    "on Mondays and Wednesdays": (
        Recurrence(unit=Unit.WEEK, on=(Chosen(weekday=MON), Chosen(weekday=WED)), time=EVENING, first=FIRST),
        lambda day: day.weekday() in {MON, WED},
    ),
    "every third week on Sunday and Monday": (
        Recurrence(unit=Unit.WEEK, every=3, on=(Chosen(weekday=SUN), Chosen(weekday=MON)), time=EVENING, first=FIRST),
        lambda day: day.weekday() in {MON, SUN} and (day.toordinal() - (FIRST.toordinal() - 1)) // 7 % 3 == 0,
    ),
    "on each working day": (
        Recurrence(unit=Unit.WEEK, on=(Chosen(working=True),), time=EVENING, first=FIRST),
        lambda day: is_working(day, _off),
    ),
    "each day": (Recurrence(unit=Unit.WEEK, on=(Chosen(),), time=EVENING, first=FIRST), lambda _day: True),
    "on the second Tuesday": (_monthly(Chosen(weekday=TUE, rank=2)), lambda d: d.weekday() == TUE and 8 <= d.day <= 14),
    "on the fifth Friday, where there is one": (
        _monthly(Chosen(weekday=FRI, rank=5)),
        lambda day: day.weekday() == FRI and day.day > 28,
    ),
    "on the last Friday": (
        _monthly(Chosen(weekday=FRI, rank=-1)),
        lambda day: day.weekday() == FRI and (day + 7 * DAY).month != day.month,
    ),
    "on the last day": (_monthly(Chosen(rank=-1)), lambda day: (day + DAY).day == 1),
    "on the 1st and the 31st": (_monthly(Chosen(rank=1), Chosen(rank=31)), lambda day: day.day in {1, 31}),
    "on the last working day": (_monthly(Chosen(working=True, rank=-1)), _last_working),
    "on the first working day": (_monthly(Chosen(working=True, rank=1)), _first_working),
    "every third month on the 15th": (
        _monthly(Chosen(rank=15), every=3),
        lambda day: day.day == 15 and day.month in {1, 4, 7, 10},
    ),
}  # fmt: skip

# The law of each zone of a French commune: hours from UTC in winter, and who decides when clocks change.
FIXED = {
    "Indian/Reunion": 4.0,
    "America/Guadeloupe": -4.0,
    "America/Martinique": -4.0,
    "America/Cayenne": -3.0,
    "Indian/Mayotte": 3.0,
    "Pacific/Noumea": 11.0,
    "Pacific/Tahiti": -10.0,
    "Pacific/Marquesas": -9.5,
    "Pacific/Gambier": -9.0,
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_chooses_the_days_it_says_to_2037(rule: str) -> None:
    """Day by day, by another reading of the same words."""
    recurrence, chosen = RULES[rule]
    longest = FIRST + timedelta(days=3660)  # a rule goes on for ten years at most; the rest begins there

    found = set(recurrence.times(BEGIN, _off))
    later = set(_from(recurrence, _begin_again(recurrence, longest)).times(BEGIN, _off))

    assert {at.date() for at in found | later} == {day for day in DAYS if chosen(day)} | {
        at.date() for at in later if at.date() > LAST
    }


def _begin_again(recurrence: Recurrence, after: date) -> date:
    """A day from which the rule counts its periods as before."""
    if recurrence.unit is Unit.WEEK:
        weeks = (after - FIRST).days // (7 * recurrence.every) * recurrence.every
        return FIRST - FIRST.weekday() * DAY + weeks * 7 * DAY
    return date(2036, 1, 1)


def _from(recurrence: Recurrence, first: date) -> Recurrence:
    return Recurrence(**{name: getattr(recurrence, name) for name in recurrence.__slots__} | {"first": first})


def test_what_falls_on_a_holiday_is_kept_skipped_or_moved() -> None:
    """Tuesday 14 July 2026; Friday 25 December 2026, before a Saturday that is a holiday too."""
    weekly = Chosen(weekday=TUE), Chosen(weekday=FRI)
    days = {
        policy: {at.date() for at in _with(policy, weekly).times(BEGIN, _off)}
        for policy in OnHoliday
    }  # fmt: skip

    bastille, christmas = date(2026, 7, 14), date(2026, 12, 25)
    assert {bastille, christmas} <= days[OnHoliday.KEEP]
    assert days[OnHoliday.SKIP] == {day for day in days[OnHoliday.KEEP] if not _off(day)}
    assert days[OnHoliday.NEXT_WORKING_DAY] - days[OnHoliday.SKIP] == {
        date(2026, 5, 4),
        bastille + DAY,
        date(2026, 12, 28),
    }
    assert days[OnHoliday.PREVIOUS_WORKING_DAY] - days[OnHoliday.SKIP] == {
        date(2026, 4, 30),
        bastille - DAY,
        christmas - DAY,
    }  # fmt: skip


def _with(policy: OnHoliday, on: tuple[Chosen, ...]) -> Recurrence:
    return Recurrence(unit=Unit.WEEK, on=on, time=EVENING, first=FIRST, until=date(2026, 12, 31), holidays=policy)


@pytest.mark.parametrize("policy", [OnHoliday.NEXT_WORKING_DAY, OnHoliday.PREVIOUS_WORKING_DAY])
def test_a_day_moved_onto_another_of_the_rule_happens_once(policy: OnHoliday) -> None:
    """On each day, a holiday's own would come a second time the day after."""
    daily = Recurrence(unit=Unit.WEEK, on=(Chosen(),), time=EVENING, first=FIRST, until=LAST, holidays=policy)

    times = daily.times(BEGIN, _off)

    assert len(times) == len(set(times))
    assert list(times) == sorted(times)
    assert not any(_off(at.date()) for at in times)


def test_a_rule_ends_with_its_last_day_or_its_count() -> None:
    """Whichever is first; a holiday that is skipped is not counted."""
    until = _bounded(until=date(2026, 7, 14))
    skipping = _bounded(until=date(2026, 7, 21), holidays=OnHoliday.SKIP)

    assert until[-1] == _evening(14, 7)
    assert len(_bounded(count=3)) == 3
    assert len(_bounded(count=300, until=date(2026, 1, 13))) == 2
    assert (skipping[-2], skipping[-1]) == (_evening(7, 7), _evening(21, 7))
    assert _bounded(count=len(skipping), holidays=OnHoliday.SKIP) == skipping


def _bounded(
    *, until: date | None = None, count: int | None = None, holidays: OnHoliday = OnHoliday.KEEP
) -> tuple[datetime, ...]:
    rule = Recurrence(
        unit=Unit.WEEK,
        on=(Chosen(weekday=TUE),),
        time=EVENING,
        first=FIRST,
        until=until,
        count=count,
        holidays=holidays,
    )
    return rule.times(BEGIN, _off)


@pytest.mark.parametrize(("hour", "begins"), [(17, 6), (18, 6), (19, 13)])
def test_a_rule_without_a_first_day_begins_when_it_is_started(hour: int, begins: int) -> None:
    """Today, unless its time has passed."""
    rule = Recurrence(unit=Unit.WEEK, on=(Chosen(weekday=TUE),), time=EVENING, count=1)

    assert rule.times(_evening(6, 1, hour), _off) == (_evening(begins, 1),)


def test_a_rank_that_no_period_has_is_never() -> None:
    """A sixth Tuesday, or the eighth day of a week."""
    assert _monthly(Chosen(weekday=TUE, rank=6), Chosen(weekday=TUE, rank=-6)).times(BEGIN, _off) == ()


@pytest.mark.parametrize(
    ("zone", "fold"),
    [*product(("Europe/Paris", "America/Miquelon"), Fold), *((zone, Fold.FIRST) for zone in FIXED)],
)
def test_each_day_to_2037_is_at_the_instant_the_law_says(zone: str, fold: Fold) -> None:
    """At six in the evening, and where clocks change at the times that a night lacks or has twice."""
    policy, there = ClockPolicy(fold=fold), ZoneInfo(zone)
    times = (EVENING,) if zone in FIXED else (EVENING, time(1, 30), time(2, 30))

    wrong = [
        local
        for day in DAYS
        for local in (datetime.combine(day, each) for each in times)
        if instant(local, there, policy) != _lawful(local, zone, fold)
    ]

    assert wrong == []


def _lawful(local: datetime, zone: str, fold: Fold) -> datetime:
    """The instant, by the law alone: in a gap as if the clocks had not moved, in a fold the first or the second."""
    if zone in FIXED:
        return _utc(local, FIXED[zone])
    winter = 1.0 if zone == "Europe/Paris" else -3.0
    standard, summer = _utc(local, winter), _utc(local, winter + 1)
    in_summer, in_winter = _is_summer(summer, zone), not _is_summer(standard, zone)
    if in_summer and in_winter:
        return summer if fold is Fold.FIRST else standard
    return summer if in_summer else standard


def _utc(local: datetime, hours: float) -> datetime:
    return (local - timedelta(hours=hours)).replace(tzinfo=UTC)


def _is_summer(at: datetime, zone: str) -> bool:
    """Directive 2000/84/EC: last Sundays of March and October, 01:00 UTC. Miquelon follows North America: the second
    Sunday of March and the first of November, at two by its clocks.
    """
    if zone == "Europe/Paris":
        return _sunday(at.year, 4, -1, 1) <= at < _sunday(at.year, 11, -1, 1)
    return _sunday(at.year, 3, 2, 5) <= at < _sunday(at.year, 11, 1, 4)


def _sunday(year: int, month: int, rank: int, hour: int) -> datetime:
    """The Sunday of a rank of the month, at this hour of UTC; -1 the last before the month."""
    first = datetime(year, month, 1, hour, tzinfo=UTC)
    ahead = (SUN - first.weekday()) % 7
    return first + timedelta(days=ahead + 7 * (rank - 1)) if rank > 0 else first + timedelta(days=ahead - 7)
