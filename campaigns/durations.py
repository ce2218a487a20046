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


def length_of(text: str) -> timedelta:
    """The length of time, in whole minutes. Raises ValueError with a sentence for who wrote it."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"«{text}» is not a length of time such as «90 min», «2 h» or «3 days»")
    total = timedelta()
    for number, unit in _ONE.findall(text):
        if unit not in _BY_NAME:
            raise ValueError(f"«{unit}» is no unit of time here: write min, h, days or weeks")
        total += int(number) * _BY_NAME[unit]
    if total > LONGEST:
        raise ValueError("more than ten years")
    return total
