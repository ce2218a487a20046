"""Whether a domain can be taken for another: by the eye, by another ending, by a slip of the finger, by its beginning.

What the eye takes for one another is one letter on both sides: letters of other alphabets, figures for letters, «l» and
«i», «rn» and «m». Hyphens are not seen.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.disguise import plain_words
from core.rules.addresses import decoded

_SHORTEST = 6  # letters of a name in which one may be wrong, or which is found inside another
_SEEN_AS = str.maketrans("01345789|", "oieastbgi")
_SECOND_LEVEL = frozenset({"asso", "co", "com", "gouv", "net", "nom", "org", "pagesperso"})


def looks_like(host: str, ours: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a domain that is none of ``ours`` looks like one of them, or hides one of the ``names``."""
    shown = decoded(host)
    own = _own_label(shown)
    read, bare = seen(own), _bare(own)
    if any(f".{domain}." in f".{shown}." for domain in ours):  # ville.fr.example.com
        return True
    return any(_is_taken_for(read, bare, domain) for domain in ours) or any(_hides(read, bare, name) for name in names)


def seen(text: str) -> str:
    """A text as an eye reads it."""
    folded = "".join(plain_words(text)).translate(_SEEN_AS)
    return folded.replace("rn", "m").replace("vv", "w").replace("l", "i")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that the town wrote, as an eye reads it; with the ending of its domain; and in its own letters."""

    read: str
    with_ending: str
    bare: str


@lru_cache(maxsize=256)
def _name(known: str) -> _Name:
    own = _own_label(known)
    return _Name(seen(own), seen(known), _bare(own))


def _is_taken_for(read: str, bare: str, domain: str) -> bool:
    name = _name(domain)
    if read in {name.read, name.with_ending}:  # vilIe.fr, ville.com, ville-fr.com
        return True
    return _hides(read, bare, domain) or (len(name.read) >= _SHORTEST and _one_apart(read, name.read))


def _hides(read: str, bare: str, known: str) -> bool:
    """Whether the eye finds the name in the label, and a reader of its letters does not."""
    name = _name(known)
    return len(name.read) >= _SHORTEST and name.read in read and name.bare not in bare


def _bare(text: str) -> str:
    """Its letters as they are, with the marks on them: only the eye passes over these."""
    return "".join(char for char in text.lower() if char.isalnum() or unicodedata.combining(char))


def _own_label(domain: str) -> str:
    """The label that somebody registered."""
    labels = domain.split(".")
    below = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2
    return labels[-below] if len(labels) >= below else labels[0]


def _one_apart(one: str, other: str) -> bool:
    """Whether a letter was changed, left out or added."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (rank for rank, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, others = one[start:], other[start:]
    return rest[1:] in {others, others[1:]} or rest == others[1:]
