"""The words of the page, in ``words/fr.toml`` and ``words/en.toml``, and how it says instants."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path

LANGUAGES = ("fr", "en")
_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Words:
    """One language. ``words["key"]`` is its sentence; a key that is not there is a fault of ours (KeyError)."""

    language: str
    sentences: Mapping[str, str]
    days: tuple[str, ...]
    months: tuple[str, ...]

    def __getitem__(self, key: str) -> str:
        """The sentence of this name."""
        return self.sentences[key]

    def count(self, key: str, number: int) -> str:
        """The sentence ``key_one`` or ``key_many`` with the number in it; French says zero in the singular."""
        one = number < 2 if self.language == "fr" else number == 1
        return self.sentences[f"{key}_one" if one else f"{key}_many"].format(number)

    def day(self, at: datetime, zone: tzinfo) -> str:
        """The day on the town's calendar."""
        here = at.astimezone(zone)
        first = self.language == "fr" and here.day == 1
        day = "1er" if first else str(here.day)
        return self["day"].format(weekday=self.days[here.weekday()], day=day, month=self.months[here.month - 1])

    def hour(self, at: datetime, zone: tzinfo) -> str:
        """The hour on the town's clocks."""
        return f"{at.astimezone(zone):%H:%M}"


@cache
def words(language: str) -> Words:
    """The words of a language of ``LANGUAGES``."""
    found = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language, found["sentences"], tuple(found["days"]), tuple(found["months"]))


def preferred(accept_language: str) -> str:
    """The language of ours that a browser likes best (RFC 9110, 12.5.4); French when it likes neither."""
    wishes: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wishes.append((float(quality or 1), tag[:2].lower()))
        except ValueError:
            continue
    known = [wish for wish in wishes if wish[1] in LANGUAGES and wish[0] > 0]
    return max(known, key=lambda wish: wish[0])[1] if known else "fr"
