"""How a rule is written: ``every = "2 weeks"``, ``on = ["second tuesday", "last working day", "day 15"]``."""

import difflib
import re

from core.recurrence import Chosen, Unit

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RANKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}

_EVERY = re.compile(r"(?:([1-9][0-9]?) +)?(week|month)s?")
_NUMBERED = re.compile(r"day +([1-9]|[12][0-9]|3[01])")
_KINDS = (*WEEKDAYS, "working day", "day")


class Unwritable(ValueError):
    """These words are no rule. ``nearest`` is what was probably meant."""

    def __init__(self, sentence: str, nearest: str | None = None) -> None:
        super().__init__(sentence)
        self.nearest = nearest


def period_of(text: str) -> tuple[int, Unit]:
    """How many of which period. Raises Unwritable."""
    found = _EVERY.fullmatch(text.strip())
    if found is None:
        words = difflib.get_close_matches(text, ("week", "2 weeks", "month", "2 months"), n=1)
        raise Unwritable(f"«{text}» is neither «week», «2 weeks», «month» nor «3 months»", next(iter(words), None))
    return int(found[1] or 1), Unit(found[2])


def day_of(text: str) -> Chosen:
    """The days these words choose. Raises Unwritable."""
    words = " ".join(text.lower().split())
    numbered = _NUMBERED.fullmatch(words)
    if numbered is not None:
        return Chosen(rank=int(numbered[1]))
    first, _, rest = words.partition(" ")
    rank, kind = (RANKS[first], rest) if first in RANKS else (None, words)
    if kind not in _KINDS:
        every = [*_KINDS, *(f"{each} {kind}" for each in RANKS for kind in _KINDS)]
        near = difflib.get_close_matches(words, every, n=1, cutoff=0.7)
        raise Unwritable(
            f"«{text}» is no day such as «tuesday», «last working day» or «day 15»", next(iter(near), None)
        )
    return Chosen(weekday=WEEKDAYS.index(kind) if kind in WEEKDAYS else None, working=kind == "working day", rank=rank)
