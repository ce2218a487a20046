"""The ways in which a message can be read when somebody hides a word in it, the plainest first.

There is no language of patterns here, so no pattern can take long: each way is one pass over the text. Letters of other
alphabets that look Latin are Latin in all of them. A character that would unfold into many letters stands for none.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from string import ascii_lowercase

from core.folding import Skeletons, spelt


class Reading(StrEnum):
    """How a forbidden word was read in a message."""

    PLAIN = "plain"
    FIGURES = "figures"  # 1diot, $alaud
    STRETCHED = "stretched"  # idiooot
    SPACED = "spaced"  # i d i o t, i.d.i.o.t
    SPLIT = "split"  # idi-ot, in one piece between spaces


# Unicode 15, confusables.txt: letters of other alphabets, each before the Latin one it is seen as.
_SEEN_AS = (
    "аa вb еe іi јj кk мm нh оo рp сc ѕs тt уy хx ԁd ԛq ԝw һh ӏl гr пn цu ьb ԍg "
    "αa βb εe ιi κk νv οo ρp τt υu χx γy ωw ηn "
    "աw ոn սu օo ցg հh ıi łl øo đd ɑa ɡg ɩi "
    "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz"  # small capitals
)
_FRAMED = (0x249C, 0x1F150, 0x1F170)  # alphabets of letters in brackets, in black circles and squares
_LOOKALIKES = {ord(pair[0]): pair[1] for pair in _SEEN_AS.split()}
_IN_FRAMES = {chr(first + rank): letter for first in _FRAMED for rank, letter in enumerate(ascii_lowercase)}
_SYMBOLS, _AS_LETTERS = "@$€!|", "ʘǂǁǃǀ"  # while words are told apart, a symbol is a letter that nobody uses
_FIGURES = str.maketrans("0134578" + _AS_LETTERS, "oieastb" + "aseil")
_ONES = str.maketrans("0134578" + _AS_LETTERS, "oleastb" + "aseli")
_LONGEST = 4  # letters that one character may stand for
_SHORTEST_RUN = 4

_STRETCHED = re.compile(r"(\w)\1\1+")
_GLUED = re.compile(r"\w[.*_~,;:/\\+=-]+\w")
_GLUE = re.compile(r"[.*_~,;:/\\+=-]")
_FIGURE, _LETTER = re.compile(rf"[0134578{_AS_LETTERS}]"), re.compile(rf"[^\W\d_{_AS_LETTERS}]")
_SYMBOL = re.compile(f"[{_SYMBOLS}]")
_MIXED = re.compile(rf"[\d{_AS_LETTERS}][^\W\d_{_AS_LETTERS}]|[^\W\d_{_AS_LETTERS}][\d{_AS_LETTERS}]")
_RUN = re.compile(r"(?<!\S)\S \S \S \S(?!\S)")


def _latin(char: str) -> str:
    letters = _IN_FRAMES.get(char) or spelt(char)
    if len(letters) < 2:
        return _LOOKALIKES.get(ord(letters), letters) if letters else letters
    return letters.translate(_LOOKALIKES) if len(letters) <= _LONGEST else " "


_READ = Skeletons(_latin)


def plain_words(text: str) -> list[str]:
    """The words of a text as they look: folded, and Latin where they look Latin."""
    return text.translate(_READ).split()


def readings(text: str) -> Iterator[tuple[Reading, Sequence[str]]]:
    """Each way to read a message that differs from the plain one, and that one first."""
    plain = plain_words(text)
    yield Reading.PLAIN, plain
    kept = _with_symbols(text) if _SYMBOL.search(text) else plain
    joined = " ".join(kept)
    if _FIGURE.search(joined) and _MIXED.search(joined):
        yield Reading.FIGURES, [_lettered(word, _FIGURES) for word in kept]
        yield Reading.FIGURES, [_lettered(word, _ONES) for word in kept]
    if _STRETCHED.search(joined):
        stretched = " ".join(plain)
        yield Reading.STRETCHED, _STRETCHED.sub(r"\1\1", stretched).split()
        yield Reading.STRETCHED, _STRETCHED.sub(r"\1", stretched).split()
    if _GLUED.search(text):
        yield Reading.SPLIT, plain_words(_GLUE.sub("", text))
    runs = [_lettered(run, _FIGURES) for run in _spelt_out(kept)] if _RUN.search(joined) else []
    if runs:
        yield Reading.SPACED, runs


def _with_symbols(text: str) -> list[str]:
    for symbol, letter in zip(_SYMBOLS, _AS_LETTERS, strict=True):
        text = text.replace(symbol, letter)
    return plain_words(text)


def _lettered(word: str, table: dict[int, int]) -> str:
    """A word that mixes letters and figures, with letters only. A number stays one."""
    if (word.isascii() and word.isalpha()) or _FIGURE.search(word) is None or _LETTER.search(word) is None:
        return word
    return word.rstrip("ǃǀ").translate(table)


def _spelt_out(words: Sequence[str]) -> Iterator[str]:
    """Single letters in a row, joined."""
    for single, run in groupby(words, lambda word: len(word) == 1):
        joined = "".join(run) if single else ""
        if len(joined) >= _SHORTEST_RUN:
            yield joined
