"""How easily a text is read: sentences, the LIX, and hashtags as a screen reader says them.

The LIX is the mean length of sentences in words plus the share of long words in per cent. Björnsson, C. H. (1968),
*Läsbarhet*, Stockholm: Liber; in English: Anderson, J. (1983), «Lix and Rix: variations on a little-known readability
index», Journal of Reading 26(6), 490-496. On Björnsson's scale 40 to 50 is a text of medium difficulty, 50 to 60 a
difficult one. Long words have more than six letters; a word before an apostrophe counts as a word, and a line, such as
one of a list, as a sentence.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from campaigns.days import sentences
from core.folding import fold

HARDEST = 50  # LIX
LEAST_WORDS = 40  # of fewer, a measure says nothing
LONG_WORD = 6  # letters; longer ones are long
LONGEST_TAG = 15  # letters of a hashtag without any capital inside that may still be one word
SHORTEST_WORD = 3  # letters of a word that a hashtag may be made of

LINK = re.compile(r"\b(?:[a-z][a-z0-9+.-]{0,30}://|www\.)[^\s<>«»\"]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HASHTAG = re.compile(r"(?<![\w&/#])#(\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How hard a text is: its LIX, and its longest sentence with the number of its words."""

    score: int
    longest: str
    words: int


def level(text: str) -> Level | None:
    """How hard the text is; None when it is too short to say."""
    counted = [(len(words), sentence) for sentence in sentences(without_links(text)) if (words := _words(sentence))]
    words = _words(without_links(text))
    if len(words) < LEAST_WORDS:
        return None
    long = sum(len(word.replace("-", "")) > LONG_WORD for word in words)
    count, longest = max(counted, key=lambda each: each[0])
    return Level(score=round(len(words) / len(counted) + 100 * long / len(words)), longest=longest, words=count)


def without_links(text: str) -> str:
    """The text as it is read aloud."""
    return LINK.sub("", text)


def links(text: str) -> Iterator[str]:
    """The addresses that a network makes links of, without the punctuation after them."""
    for found in LINK.finditer(text):
        url = found[0].rstrip(".,;:!?…'’*_")
        while url.endswith(")") and url.count("(") < url.count(")"):
            url = url[:-1].rstrip(".,;:!?…'’*_")
        yield url if "://" in url else f"https://{url}"


def run_together(text: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """The hashtags whose words are not told apart by capitals, each with how to write it, as far as this is known.

    ``known`` are folded words, such as those of the campaign.
    """
    for found in _HASHTAG.finditer(without_links(text)):
        tag = found[1]
        letters = "".join(filter(str.isalpha, tag))
        if any(char.isupper() for char in tag[1:]) and not tag.isupper():
            continue
        parts = _parts(tag, known)
        if len(parts) > 1:
            yield f"#{tag}", "#" + "".join(part[0].upper() + part[1:].lower() for part in parts)
        elif "_" not in tag and len(letters) > LONGEST_TAG:
            yield f"#{tag}", ""


def _parts(tag: str, known: Collection[str]) -> tuple[str, ...]:
    """The fewest known words that make the tag; none when it is a word itself, or made of anything else."""
    plain = fold(tag)
    if plain in known or len(plain) != len(tag):
        return ()
    best: list[tuple[str, ...] | None] = [(), *[None] * len(tag)]
    for end in range(1, len(tag) + 1):
        for start in range(end - SHORTEST_WORD + 1):
            before = best[start]
            shorter = best[end]
            if before is None or plain[start:end] not in known:
                continue
            if shorter is None or len(before) + 1 < len(shorter):
                best[end] = (*before, tag[start:end])
    return best[-1] or ()


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
