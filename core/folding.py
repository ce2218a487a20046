"""Reading through disguises: the plain skeleton of a text.

NFKD splits accents, full-width and mathematical letters; marks and format characters (zero-width, soft hyphen,
direction marks) are dropped. Letters of other alphabets that only look Latin are not folded here.
"""

import unicodedata

_DROPPED = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})


def fold(text: str) -> str:
    """Lower-case letters without accents or invisible characters; white space and punctuation stay."""
    spaced = (" " if char.isspace() else char for char in unicodedata.normalize("NFKD", text))
    return "".join(char for char in spaced if unicodedata.category(char) not in _DROPPED).casefold()


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in order."""
    return tuple("".join(char if char.isalnum() else " " for char in fold(text)).split())


def clean(text: str) -> str:
    """The text as it can be stored and sent anywhere: no NUL or other control character, no half of a surrogate pair.

    Line feeds and tabs stay; what cannot be kept becomes U+FFFD.
    """
    return "".join(char if char in "\n\t" or not _unfit(char) else "\ufffd" for char in text)


def _unfit(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs"}
