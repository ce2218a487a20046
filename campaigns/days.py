"""Days as people write them in a text: ``mardi 12 novembre``, ``Tuesday, November 12th, 2026``, ``du 3 au 5 mai``.

A day without its year is the first of that name later than ``LOOKS_BACK`` before the text goes out: announcements
speak of what comes. Numbers with strokes are read as day and month in French only; in English nobody knows.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.identifiers import Locale

LOOKS_BACK = timedelta(days=120)

# A letter with an accent is any letter here: what matters is which month it is.
_DAYS = {
    Locale.FR: ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    Locale.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    Locale.FR: (
        r"janv(?:ier|\b\.?)",
        r"f\wv(?:rier|r?\b\.?)",
        r"mars",
        r"avr(?:il|\b\.?)",
        r"mai",
        r"juin",
        r"juil(?:let|\b\.?)",
        r"ao\wt",
        r"sept(?:embre|\b\.?)",
        r"oct(?:obre|\b\.?)",
        r"nov(?:embre|\b\.?)",
        r"d\wc(?:embre|\b\.?)",
    ),
    Locale.EN: (
        r"Jan(?:uary|\b\.?)",
        r"Feb(?:ruary|\b\.?)",
        r"Mar(?:ch|\b\.?)",
        r"Apr(?:il|\b\.?)",
        r"May",
        r"June?",
        r"July?",
        r"Aug(?:ust|\b\.?)",
        r"Sept?(?:ember|\b\.?)",
        r"Oct(?:ober|\b\.?)",
        r"Nov(?:ember|\b\.?)",
        r"Dec(?:ember|\b\.?)",
    ),
}
_NUMBER = r"(?<![\d/.:-])(?P<{0}>[0-3]?\d)(?:er|st|nd|rd|th)?(?![\d:/]|\s?[h%€])"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20|21)\d\d)(?!\d))?"
# Possessive, so that a table of numbers is read once: a list is tried from each of its numbers, but in one way only.
_JOINED = r"\s*+(?:,(?=\s)|(?<=\s)-(?=\s)|\u2013|\bet\b|\bou\b|\bau\b|\band\b|\bor\b|\bto\b)\s*+(?:(?:le|the)\s++)?"
_MOST_LISTED = 31  # days before one month
_NAMED = {  # what has a day for its name says nothing of when: «rue du 4 septembre», «arrêté municipal du 3 novembre»
    Locale.FR: re.compile(
        r"\b(?:(?:rue|place|avenue|boulevard|bd|quai|square|impasse|all\wes?|esplanade|faubourg)"
        r"|(?:loi|d\wcret|arr\wt\w|ordonnance|d\wlib\wration|circulaire)s?"
        r"(?:\s+(?:municipal|pr\wfectoral|d\wpartemental|minist\wriel)\w*)?(?:\s+n\W?o?\s?\S+)?)\s+du\s+$",
        re.IGNORECASE,
    ),
    Locale.EN: re.compile(
        r"\b(?:act|law|by-?law|decree|order|ordinance|regulation|resolution|decision)s?(?:\s+no\.?\s?\S+)?"
        r"\s+(?:of|dated)\s+(?:the\s+)?$",
        re.IGNORECASE,
    ),
}
_LONGEST_NAME = 60  # characters before the day
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-z])|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenDay:
    """A day as written. ``weekday`` counts from Monday, 0; ``year`` is None where none is written."""

    said: str
    weekday: int | None
    day: int
    month: int
    year: int | None


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, one line after the other."""
    return tuple(sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip())


def spoken_days(text: str, locale: Locale) -> Iterator[SpokenDay]:
    """Every day that a text names with its month, in order; but for those that only are the name of something."""
    plain = unicodedata.normalize("NFC", text)
    taken: list[re.Match[str]] = []
    for pattern in _PATTERNS[locale]:
        for found in pattern.finditer(plain):
            if all(found.end() <= other.start() or other.end() <= found.start() for other in taken):
                taken.append(found)
    for found in sorted(taken, key=lambda each: each.start()):
        if not _is_name(plain, found, locale):
            yield from _read(found, locale)


def _is_name(text: str, found: re.Match[str], locale: Locale) -> bool:
    before = text[max(found.start() - _LONGEST_NAME, 0) : found.start()]
    return not found.groupdict().get("earlier") and _NAMED[locale].search(before) is not None


def on_calendar(spoken: SpokenDay, out: date, *, past: bool = False) -> date | None:
    """Which day is meant by a text that goes out that day; None when there is none.

    With ``past`` it is the last one of that name.
    """
    years = (out.year - 1, out.year, out.year + 1) if spoken.year is None else (spoken.year,)
    known = [day for year in years if (day := _day(year, spoken.month, spoken.day)) is not None]
    if spoken.year is not None or not known:
        return known[0] if known else None
    if past:
        return max((day for day in known if day <= out), default=known[0])
    return min((day for day in known if day > out - LOOKS_BACK), default=known[-1])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _patterns(locale: Locale) -> tuple[re.Pattern[str], ...]:
    weekday = rf"\b(?:(?P<weekday>{'|'.join(_DAYS[locale])})\b,?\s+(?:le\s+|the\s+)?)?"
    month = "|".join(rf"(?P<m{rank}>{name})" for rank, name in enumerate(_MONTHS[locale], start=1))
    day = rf"(?:\b(?:{'|'.join(_DAYS[locale])})\b,?\s+)?(?<![\d/.-])[0-3]?\d(?:er|st|nd|rd|th)?"
    earlier = rf"(?:{day}{_JOINED}){{0,{_MOST_LISTED}}}+"
    number = _NUMBER.format("day")
    day_first = rf"(?P<earlier>{earlier}){weekday}{number}\s+(?:of\s+)?(?:{month})(?!\w){_YEAR}"
    iso = r"(?P<weekday>(?!))?(?<![\d-])(?P<year>(?:19|20|21)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"
    other = {
        Locale.FR: rf"{weekday}(?<![\d/])(?P<day>[0-3]?\d)/(?P<month>[01]?\d)/(?P<year>(?:19|20|21)\d\d)(?![\d/])",
        Locale.EN: rf"{weekday}(?:{month})\s+{number}{_YEAR}",
    }
    flags = re.IGNORECASE if locale is Locale.FR else 0  # in English, «3 may» is no day
    return tuple(re.compile(each, flags) for each in (iso, day_first, other[locale]))


_PATTERNS = {locale: _patterns(locale) for locale in Locale}
_EARLIER = {
    locale: re.compile(rf"(?:(?P<weekday>{'|'.join(names)}),?\s+)?(?P<day>\d+)(?:er|st|nd|rd|th)?", re.IGNORECASE)
    for locale, names in _DAYS.items()
}


def _read(found: re.Match[str], locale: Locale) -> Iterator[SpokenDay]:
    parts = found.groupdict()
    month = int(parts["month"]) if parts.get("month") else next(m for m in range(1, 13) if parts[f"m{m}"])
    year = int(parts["year"]) if parts["year"] else None
    for before in _EARLIER[locale].finditer(parts.get("earlier") or ""):
        yield SpokenDay(
            said=before[0], weekday=_weekday(before["weekday"], locale), day=int(before["day"]), month=month, year=year
        )
    said = found[0][len(parts.get("earlier") or "") :].strip()
    yield SpokenDay(
        said=said, weekday=_weekday(parts["weekday"], locale), day=int(parts["day"]), month=month, year=year
    )


def _weekday(said: str | None, locale: Locale) -> int | None:
    return None if said is None else [name.lower() for name in _DAYS[locale]].index(said.lower())
