"""Capitals and emoji: hints that can narrow a rule to messages that shout, and never are a rule by themselves."""

import unicodedata

_ENOUGH_LETTERS, _CAPITALS = 20, 0.7  # of the letters
_EMOJI = 8
_PICTURE = "So"  # the category of symbols that are no sign of mathematics, money or sound


def shouts(text: str) -> bool:
    """Whether most letters of a text of some length are capitals, or it is full of emoji."""
    letters = sum(map(str.isalpha, text))
    if letters >= _ENOUGH_LETTERS and sum(map(str.isupper, text)) >= _CAPITALS * letters:
        return True
    return not text.isascii() and sum(unicodedata.category(char) == _PICTURE for char in text) > _EMOJI
