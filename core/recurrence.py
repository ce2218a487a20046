"""What happens again and again, on the clocks of a town: every second Tuesday, on the last working day of the month.

A rule chooses days of each period (a week from its Monday, or a month), then looks at public holidays, which it is told
and does not know. Its times are wall-clock times: ``core.localtime`` says which instants they are. A day that a period
does not have (a fifth Tuesday, the 31st) is left out, never replaced.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

DaysOff = Callable[[date], bool]  # whether a day is a public holiday

LONGEST = timedelta(days=3660)  # how long a rule goes on at most

_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEK = 7


class Unit(StrEnum):
    """The period of which days are chosen."""

    WEEK = "week"
    MONTH = "month"


class OnHoliday(StrEnum):
    """What becomes of a day that is a public holiday."""

    KEEP = "keep"
    SKIP = "skip"
    NEXT_WORKING_DAY = "next_working_day"
    PREVIOUS_WORKING_DAY = "previous_working_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Days of a period: those of one weekday (Monday is 0), the working ones, or all; then the one of a rank.

    ``rank`` counts from 1, or back from -1, the last; None takes them all.
    """

    weekday: int | None = None
    working: bool = False
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A rule. It ends: ``until`` is the last day the rule may choose, ``count`` how often it takes place at most.

    ``every`` second, third… period counted from that of the first day; without ``first`` a rule begins when asked to.
    """

    unit: Unit
    on: tuple[Chosen, ...]
    time: time
    every: int = 1
    first: date | None = None
    until: date | None = None
    count: int | None = None
    holidays: OnHoliday = OnHoliday.KEEP

    def times(self, start: datetime, is_holiday: DaysOff) -> tuple[datetime, ...]:
        """Its wall-clock times, in order and each once, for a plan that begins at this wall-clock time."""
        first = self.first or (start.date() if start.time() <= self.time else start.date() + _DAY)
        days = sorted({kept for day in self._days(first, is_holiday) for kept in self._kept(day, is_holiday)})
        return tuple(datetime.combine(day, self.time) for day in days[: self.count])

    def _days(self, first: date, is_holiday: DaysOff) -> Iterator[date]:
        """The days the rule chooses, whatever public holidays do to them."""
        last = min(first + LONGEST, self.until or date.max)
        begins = first - first.weekday() * _DAY if self.unit is Unit.WEEK else first.replace(day=1)
        while begins <= last:
            ends = _after(begins, self.unit, 1)
            period = [begins + number * _DAY for number in range((ends - begins).days)]
            for chosen in self.on:
                yield from (day for day in _of(period, chosen, is_holiday) if first <= day <= last)
            begins = _after(begins, self.unit, self.every)

    def _kept(self, day: date, is_holiday: DaysOff) -> Iterator[date]:
        if not is_holiday(day) or self.holidays is OnHoliday.KEEP:
            yield day
        elif self.holidays is not OnHoliday.SKIP:
            step = _DAY if self.holidays is OnHoliday.NEXT_WORKING_DAY else -_DAY
            while not is_working(day, is_holiday):
                day += step
            yield day


def is_working(day: date, is_holiday: DaysOff) -> bool:
    """Whether it is a working day: Monday to Friday, and no public holiday."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


def _of(period: list[date], chosen: Chosen, is_holiday: DaysOff) -> list[date]:
    days = [
        day
        for day in period
        if chosen.weekday in {None, day.weekday()} and (not chosen.working or is_working(day, is_holiday))
    ]
    if chosen.rank is None:
        return days
    place = chosen.rank - 1 if chosen.rank > 0 else len(days) + chosen.rank
    return days[place : place + 1] if place >= 0 else []


def _after(begins: date, unit: Unit, periods: int) -> date:
    """When the period begins that is so many later."""
    if unit is Unit.WEEK:
        return begins + periods * _WEEK * _DAY
    months = begins.month - 1 + periods
    return begins.replace(year=begins.year + months // 12, month=months % 12 + 1)
