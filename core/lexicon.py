"""The words and expressions that an article forbids, and finding them in a message however they are hidden.

``crétin(e)(s)`` stands for its four forms. Whole words only: «conseil» never falls for a word inside it. An expression
without a single word forbids nothing. A short word is found in plain sight only: spelt out or cut in two, it is chance.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from core.disguise import Reading, plain_words

MOST_ENDINGS = 5  # of one expression: 32 forms
_SHORTEST_SPELT, _SHORTEST_SPLIT = 4, 5
_ENDING = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Expressions by their first word, as words and as they are shown; single words apart, and as they are ``spelt``.

    ``telling`` has the longest word of each: a text without any of these holds none of the expressions.
    """

    by_first: dict[str, list[tuple[list[str], str]]]
    single: dict[str, str]
    telling: set[str]
    spelt: dict[str, str]


def forms(expression: str) -> Iterator[str]:
    """An expression with and without each of its endings. Raises ValueError for too many of them."""
    parts = _ENDING.split(expression)
    if len(parts) // 2 > MOST_ENDINGS:
        raise ValueError(f"«{expression}» has more than {MOST_ENDINGS} endings")
    choices = [(part,) if rank % 2 == 0 else ("", part) for rank, part in enumerate(parts)]
    return ("".join(chosen) for chosen in product(*choices))


@lru_cache(maxsize=256)
def lexicon(forbidden: tuple[str, ...]) -> Lexicon:
    """What these expressions forbid. Raises ValueError."""
    made = Lexicon({}, {}, set(), {})
    for form in (form for expression in forbidden for form in forms(expression)):
        words = plain_words(form)
        if words:
            made.by_first.setdefault(words[0], []).append((words, form))
            made.telling.add(max(words, key=len))
            made.spelt.setdefault("".join(words), form)
        if len(words) == 1:
            made.single.setdefault(words[0], form)
    return made


def found(known: Lexicon, ways: Iterable[tuple[Reading, Sequence[str]]]) -> tuple[str, Reading] | None:
    """The first forbidden expression, and the plainest way in which it can be read."""
    for reading, words in ways:
        match reading:
            case Reading.SPACED:
                hit = _spelt_out(known, words)
            case Reading.SPLIT:
                hit = next((known.single[word] for word in words if _whole(known, word)), None)
                hit = hit or _in_row(known, words, least=2)
            case _:
                hit = _in_row(known, words)
        if hit is not None:
            return hit, reading
    return None


def _in_row(known: Lexicon, words: Sequence[str], *, least: int = 1) -> str | None:
    """The first expression of so many words at least."""
    if known.by_first.keys().isdisjoint(words):
        return None
    for rank, word in enumerate(words):
        for expression, form in known.by_first.get(word, ()):
            if len(expression) >= least and words[rank : rank + len(expression)] == expression:
                return form
    return None


def _whole(known: Lexicon, word: str) -> bool:
    return len(word) >= _SHORTEST_SPLIT and word in known.single


def _spelt_out(known: Lexicon, runs: Sequence[str]) -> str | None:
    long = (item for item in known.spelt.items() if len(item[0]) >= _SHORTEST_SPELT)
    return next((form for word, form in long if any(word in run for run in runs)), None)
