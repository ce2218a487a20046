"""Dates and times as people and spreadsheets write them, and what the clocks of the town make of them.

The day comes first, as in France: ``12/10/2026`` is in October. ISO 8601 is understood as well. Nothing is guessed: no
year of two digits, no month before the day.
"""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from core.folding import fold
from core.localtime import ClockPolicy, Fold, exists, instant

_DAY = r"(?P<day>[0-3]?[0-9])[./-](?P<month>[01]?[0-9])[./-](?P<year>[0-9]{4})"
_ISO = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = r"(?P<hour>[0-2]?[0-9])(?: ?[h:] ?(?P<minute>[0-5][0-9])?)(?::(?P<second>[0-5][0-9])(?:\.0+)?)?"
_DATES = tuple(re.compile(each) for each in (_DAY, _ISO))
_BOTH = tuple(re.compile(rf"{each}(?:(?: *[ta,] *| +){_TIME})") for each in (_DAY, _ISO))
_ALONE = re.compile(_TIME)

YEARS = range(1900, 2101)  # others are slips of the finger, and some of them beyond what a zone can turn
HOW = "write for instance 12/10/2026 14h30"


def date_and_time(text: str) -> tuple[date, time | None]:
    """The day, and the time where it is written. Raises ValueError with a sentence."""
    said = " ".join(text.split())
    for pattern in _BOTH:
        found = pattern.fullmatch(fold(said))
        if found:
            return _date(found, said), _time(found, said)
    return day(said), None


def day(text: str) -> date:
    """The day alone. Raises ValueError with a sentence."""
    said = text.strip()
    for pattern in _DATES:
        found = pattern.fullmatch(said)
        if found:
            return _date(found, said)
    raise ValueError(f"«{said}» is no date: {HOW}")


def time_of_day(text: str) -> time:
    """``14h30``, ``14 h``, ``14:30``. Raises ValueError with a sentence."""
    said = " ".join(text.split())
    found = _ALONE.fullmatch(fold(said))
    if found is None:
        raise ValueError(f"«{said}» is no time of day: write for instance 14h30")
    return _time(found, said)


def missing(local: datetime, zone: ZoneInfo) -> str | None:
    """A sentence when the clocks never show this time: they go forward over it."""
    if exists(local, zone):
        return None
    return f"{local:%d/%m/%Y %H:%M} does not exist in {zone.key}: clocks go forward that night; write another time"


def doubled(local: datetime, zone: ZoneInfo) -> str | None:
    """A sentence when the clocks show this time twice: they go back over it."""
    first, second = (instant(local, zone, ClockPolicy(fold=fold)) for fold in Fold)
    if first == second or not exists(local, zone):
        return None
    return f"{local:%d/%m/%Y %H:%M} exists twice in {zone.key}: the first is meant, unless the campaign file says fold"


def _date(found: re.Match[str], said: str) -> date:
    if int(found["year"]) not in YEARS:
        raise ValueError(f"«{said}» is far from our time: {HOW}")
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise ValueError(f"«{said}» is in no calendar: the day comes first, then the month; {HOW}") from error


def _time(found: re.Match[str], said: str) -> time:
    try:
        return time(int(found["hour"]), int(found["minute"] or 0))
    except ValueError as error:
        raise ValueError(f"«{said}»: the hour is 0 to 23; {HOW}") from error
