"""Text with a little emphasis, independent of any platform: templates make it, adapters write it in their markup.

Nobody concatenates markup: a span is plain text with properties, so a citizen's ``<b>`` or ``@everyone`` is only ever
characters, escaped by the one function per adapter that writes markup.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters with the same look."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    quote: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class RichText:
    """Spans in reading order."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, text: str) -> "RichText":
        """Plain text without any emphasis."""
        return cls((Span(text),) if text else ())

    @property
    def plain(self) -> str:
        """The characters alone."""
        return "".join(span.text for span in self.spans)

    def __add__(self, other: "RichText") -> "RichText":
        """One text after the other."""
        return RichText(self.spans + other.spans)

    def slice(self, start: int, end: int) -> "RichText":
        """Characters ``start`` (inclusive) to ``end`` (exclusive) with their look."""
        kept: list[Span] = []
        position = 0
        for span in self.spans:
            text = span.text[max(start - position, 0) : max(end - position, 0)]
            if text:
                kept.append(replace(span, text=text))
            position += len(span.text)
        return RichText(tuple(kept))

    def split(self, longest: int, width: Callable[[str], int]) -> tuple["RichText", ...]:
        """Cut into pieces no wider than ``longest``, at a paragraph, else a line, a sentence, a word, a character.

        ``width`` gives the units a text costs, which are those of its characters. The pieces joined are the text, to
        the character.
        """
        plain = self.plain
        fits = width(plain) <= longest  # as nearly always; only else is it measured character by character
        pieces: list[RichText] = []
        start = 0
        while start < len(plain):
            end = len(plain) if fits else _reach(plain, start, longest, width)
            end = end if end == len(plain) else _best_cut(plain, start, end)
            pieces.append(self.slice(start, end))
            start = end
        return tuple(pieces)


def join(texts: Iterable[RichText]) -> RichText:
    """The texts one after the other."""
    return RichText(tuple(span for text in texts for span in text.spans))


_JOINER = "\u200d"  # makes one picture of the emoji around it
_TRAILING = {_JOINER, *map(chr, range(0x1F3FB, 0x1F400)), *map(chr, range(0xE0020, 0xE0080))}  # skin tones, flag tags
_MARKS = {"Mn", "Mc", "Me"}  # accents, vowel signs, variation selectors, keycaps
_REGIONAL = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # two of these letters are one flag


def _reach(plain: str, start: int, longest: int, width: Callable[[str], int]) -> int:
    fitting = takewhile(lambda used: used <= longest, accumulate(map(width, plain[start:])))
    return start + max(sum(1 for _ in fitting), 1)


def _best_cut(plain: str, start: int, end: int) -> int:
    least = start + (end - start) // 4  # a very short piece would read worse than a cut at a lesser place
    for separator in ("\n\n", "\n", ". ", "? ", "! ", " "):
        at = plain.rfind(separator, least, end)
        if at >= 0 and not _tears(plain, at + len(separator)):
            return at + len(separator)
    cut = end
    while cut > least and _tears(plain, cut):
        cut -= 1
    return cut if cut > least else end


def _tears(plain: str, cut: int) -> bool:
    """Whether a reader sees the characters on both sides of the cut as one."""
    before, after = plain[cut - 1], plain[cut]
    if after in _REGIONAL:
        letters = cut - len(plain[:cut].rstrip(_REGIONAL))
        return letters % 2 == 1
    return before == _JOINER or after in _TRAILING or unicodedata.category(after) in _MARKS or before + after == "\r\n"
