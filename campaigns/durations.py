"""Lengths of time as people write them: ``90 min``, ``2 h``, ``3 days``, ``1 day 12 h``, ``2 jours``."""

import re
from datetime import timedelta

_UNITS = {
    timedelta(minutes=1): ("min", "minute", "minutes"),
    timedelta(hours=1): ("h", "hour", "hours", "heure", "heures"),
    timedelta(days=1): ("d", "day", "days", "j", "jour", "jours"),
    timedelta(weeks=1): ("week", "weeks", "semaine", "semaines"),
}
_BY_NAME = {name: length for length, names in _UNITS.items() for name in names}
_WHOLE = re.compile(r"\s*(?:[0-9]{1,5}\s*[a-z]+\s*)+")
_ONE = re.compile(r"([0-9]+)\s*([a-z]+)")

LONGEST = timedelta(days=3660)
_DAY = timedelta(days=1)


def length_of(text: str) -> timedelta:
    """The length of time, in whole minutes. Raises ValueError with a sentence for who wrote it."""
    days, rest = days_and_rest(text)
    return days * _DAY + rest


def days_and_rest(text: str) -> tuple[int, timedelta]:
    """The days written as days or weeks, and what was written as hours and minutes. Raises ValueError as well."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"«{text}» is not a length of time such as «90 min», «2 h» or «3 days»")
    days, rest = 0, timedelta()
    for number, unit in _ONE.findall(text):
        if unit not in _BY_NAME:
            raise ValueError(f"«{unit}» is no unit of time here: write min, h, days or weeks")
        length = int(number) * _BY_NAME[unit]
        if _BY_NAME[unit] < _DAY:
            rest += length
        else:
            days += length.days
    if days * _DAY + rest > LONGEST:
        raise ValueError("more than ten years")
    return days, rest
