"""How numbers, instants and long texts are written; the words around them stand in the templates."""

import re
from datetime import datetime, timedelta
from itertools import accumulate, takewhile
from zoneinfo import ZoneInfo

from core.identifiers import Locale

_CUT = " …"
_WHITE = re.compile(r"\s+")


def width(text: str) -> int:
    """The length in UTF-16 units, in which the strictest platform counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def short(text: str, longest: int) -> str:
    """The text on one line of at most ``longest`` UTF-16 units, cut after a word and marked « … » when it is longer."""
    line = _WHITE.sub(" ", text).strip()
    if width(line) <= longest:
        return line
    room = _reach(line, longest - len(_CUT))
    cut = line.rfind(" ", room // 2, room + 1)
    return f"{line[: cut if cut > 0 else room].rstrip()}{_CUT}"


def _reach(line: str, longest: int) -> int:
    """How many characters take at most ``longest`` UTF-16 units."""
    widths = accumulate(map(width, line))
    return sum(1 for _ in takewhile(longest.__ge__, widths))


def local(at: datetime, zone: str) -> datetime:
    """The instant on the clocks of the town; ``zone`` is an IANA name."""
    return at.astimezone(ZoneInfo(zone))


def number(locale: Locale, value: int) -> str:
    """Thousands apart: a narrow no-break space in French, a comma in English."""
    match locale:
        case Locale.FR:
            return f"{value:,}".replace(",", "\u202f")
        case Locale.EN:
            return f"{value:,}"


def plural(locale: Locale, value: int, one: str, many: str) -> str:
    """The word that goes with this many: 0 is singular in French, plural in English."""
    match locale:
        case Locale.FR:
            return one if value < 2 else many
        case Locale.EN:
            return one if value == 1 else many


def lasting(length: timedelta) -> str:
    """``10 min``, ``1 h 5 min``: to the nearest minute, written alike in both languages."""
    minutes = round(length.total_seconds() / 60)
    parts = (minutes // 60, "h"), (minutes % 60, "min")
    return "\u00a0".join(f"{number}\u00a0{unit}" for number, unit in parts if number) or "0\u00a0min"


def pausing(length: timedelta) -> str:
    """``30 s``, ``1 min 30 s``, ``6 h``: to the second, written alike in both languages."""
    seconds = round(length.total_seconds())
    parts = (seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")
    return "\u00a0".join(f"{number}\u00a0{unit}" for number, unit in parts if number) or "0\u00a0s"
