"""How many characters people see (grapheme clusters, after unicode.org/reports/tr29), with the standard library only.

Enough for the letters and pictures of Europe's and most other scripts; Indic conjuncts count as their parts.
"""

import unicodedata

JOINER = "\u200d"
EXTENDING = {"Mn", "Me", "Mc"}
FLAGS = range(0x1F1E6, 0x1F200)
SKINS = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)
PICTURES = (range(0x1F000, 0x1FB00), range(0x2190, 0x2C00), range(0x3030, 0x3300), range(0xA9, 0xAF))
LEADING, VOWELS, TRAILING = range(0x1100, 0x1160), range(0x1160, 0x11A8), range(0x11A8, 0x1200)
SYLLABLES = range(0xAC00, 0xD7A4)


def clusters(text: str) -> int:
    """The number of grapheme clusters."""
    count = flags = 0
    start = before = ""
    for letter in text:
        flags = flags + 1 if ord(letter) in FLAGS else 0
        paired = flags > 0 and flags % 2 == 0
        if before and (paired or _extends(letter) or _joined(start, before, letter)):
            before = letter
            continue
        count += 1
        start = before = letter
    return count


def _extends(letter: str) -> bool:
    """Whether a sign never stands alone (except at the beginning)."""
    place = ord(letter)
    category = unicodedata.category(letter)
    return category in EXTENDING or letter in {JOINER, "\u200c"} or place in SKINS or place in TAGS


def _joined(start: str, before: str, letter: str) -> bool:
    if before == "\r" and letter == "\n":
        return True
    if before == JOINER:
        return _is_picture(start) and _is_picture(letter)
    return _syllable(ord(before), ord(letter))


def _is_picture(letter: str) -> bool:
    return any(ord(letter) in pictures for pictures in PICTURES)


def _syllable(before: int, after: int) -> bool:
    """Whether two Korean letters belong together."""
    open_syllable = before in SYLLABLES and (before - SYLLABLES.start) % 28 == 0
    if before in LEADING:
        return after in LEADING or after in VOWELS or after in SYLLABLES
    if before in VOWELS or open_syllable:
        return after in VOWELS or after in TRAILING
    return (before in SYLLABLES or before in TRAILING) and after in TRAILING
