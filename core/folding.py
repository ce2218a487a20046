"""Reading through disguises: the plain skeleton of a text.

Each character is folded alone: NFKD splits accents, full-width and mathematical letters; marks and format characters
(zero-width, soft hyphen, direction marks) are dropped. So the time is linear in the length, whatever the text. Letters
of other alphabets that only look Latin are not folded here: ``core.disguise`` does that for the charter.
"""

import re
import unicodedata
from collections.abc import Callable

_DROPPED = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # categories Cc, but for "\t\n", and Cs
_MOST = 65_536  # characters that one table remembers: strangers choose them, and memory is bounded


class Skeletons(dict[int, str]):
    """A table for ``str.translate`` that folds each character when it is first met."""

    def __init__(self, folded: Callable[[str], str]) -> None:
        super().__init__()
        self._folded = folded

    def __missing__(self, code: int) -> str:
        """What becomes of the character; remembered until there are too many."""
        found = self._folded(chr(code))
        if len(self) >= _MOST:
            self.clear()  # else a message of one slow letter would be slow for ever
        self[code] = found
        return found


def skeleton(char: str) -> str:
    """Lower-case letters without accents for one character; white space becomes a space, what is invisible nothing."""
    parts = unicodedata.normalize("NFKD", char)
    if parts.isalnum():  # then nothing in it is dropped; strangers choose the letters, so the usual case is quick
        return parts.casefold()
    spaced = (" " if part.isspace() else part for part in parts)
    return "".join(part for part in spaced if unicodedata.category(part) not in _DROPPED).casefold()


def spelt(char: str) -> str:
    """The skeleton with a space for all that is neither letter nor figure."""
    if char.isalnum() or len(parts := unicodedata.normalize("NFKD", char)) > 1:
        plain = skeleton(char)
        return plain if plain.isalnum() else "".join(part if part.isalnum() else " " for part in plain)
    if parts.isalnum():
        return parts.casefold()
    return " " if parts.isspace() or unicodedata.category(parts) not in _DROPPED else ""


_FOLDED, _SPELT = Skeletons(skeleton), Skeletons(spelt)


def fold(text: str) -> str:
    """Lower-case letters without accents or invisible characters; white space and punctuation stay."""
    return text.translate(_FOLDED)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in order."""
    return tuple(text.translate(_SPELT).split())


def clean(text: str) -> str:
    """The text as it can be stored and sent anywhere: no NUL or other control character, no half of a surrogate pair.

    Line feeds and tabs stay; what cannot be kept becomes U+FFFD.
    """
    return _UNFIT.sub("\ufffd", text)
