"""What is judged: ordinary messages, and hostile ones as long as the longest network allows."""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from benchmarks.corpus.ordinary import ours
from core.rules.context import LONGEST

PETITION = "Bonjour, la halle doit rester ouverte le samedi matin : c’est là que je fais mon marché depuis 20 ans !"
_NEVER_MET = 0x3400  # letters of which each has to be looked up once: one alphabet after the other
_LETTERS = 0x2A6D0 - 0x20000


def ordinary(number: int) -> Iterator[str]:
    """So many messages with the words of those that people write, shuffled: no two of them are alike."""
    written, chance = ours()["ordinary"], Random(1)
    for _ in range(number):
        words = chance.choice(written).split()
        chance.shuffle(words)
        yield " ".join(words)


def _repeated(unit: str) -> Callable[[int], str]:
    return lambda _rank: (unit * LONGEST)[:LONGEST]


def _never_met(rank: int) -> str:
    """Letters that no message had before; ``rank`` tells them apart."""
    first = _NEVER_MET + rank * LONGEST
    codes = range(first, first + LONGEST)
    return "".join(chr(code if code < 0xA000 else 0x20000 + code % _LETTERS) for code in codes)


def _other_words(rank: int) -> str:
    """Words of which none comes twice."""
    return " ".join(f"{rank:x}{word:x}q" for word in range(LONGEST // 5))[:LONGEST]


def _links(rank: int) -> str:
    """One domain after the other, all like one of ours."""
    return " ".join(f"lmp0ts-{rank}{link}.gouv.fr/a" for link in range(LONGEST // 10))[:LONGEST]


HOSTILE: Mapping[str, Callable[[int], str]] = {
    "stretched pieces": _repeated("aaa-1aaa "),
    "single letters": _repeated("i "),
    "pieces": _repeated("a-1."),
    "figures": _repeated("1d1o7$"),
    "letters that unfold": _repeated("\ufdfa"),
    "letters never met": _never_met,
    "marks out of order": _repeated("\u0301\u0316"),
    "almost an expression": _repeated("bande de "),
    "words that never come twice": _other_words,
    "links": _links,
    "points": _repeated("a."),
    "emoji": _repeated("\U0001f600\u2764"),
}
"""Each makes a text of a number: the same text, or one of its own for each number."""
