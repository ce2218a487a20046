"""Disguised words are read, hostile characters are made harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.folding import Skeletons, clean, fold, words

anything = st.text(st.characters(exclude_categories=()))  # lone surrogates too


@pytest.mark.parametrize(
    ("disguise", "skeleton"),
    [
        pytest.param("ÉLECTIONS", "elections", id="accents and capitals"),
        pytest.param("e\u0301lections", "elections", id="combining accents"),
        pytest.param("\uff45\uff4cections", "elections", id="full-width letters"),
        pytest.param("\U0001d41elections", "elections", id="mathematical letters"),
        pytest.param("el\u200bec\u00adti\u2060ons", "elections", id="invisible characters"),
        pytest.param("\u202eelections", "elections", id="direction marks"),
        pytest.param("el\x00ections", "elections", id="control characters"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("œuvre", "œuvre", id="letters that stay"),
    ],
)
def test_a_disguise_is_read_through(disguise: str, skeleton: str) -> None:
    """The charter holds for what people read, however it was typed."""
    assert fold(disguise) == skeleton


@given(anything)
def test_folding_twice_is_folding_once(text: str) -> None:
    """A skeleton has no disguise left."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\u00a0", "\u2028", "\x1f"], ids=ascii)
def test_any_white_space_parts_words(space: str) -> None:
    """Also the one that is a control character."""
    assert words(f"la{space}mairie") == ("la", "mairie")


def test_punctuation_parts_words() -> None:
    """An apostrophe too: «l'école» speaks of the school."""
    assert words("L'école, c'est-à-dire…") == ("l", "ecole", "c", "est", "a", "dire")


def test_letters_in_circles_are_letters() -> None:
    """The tables of characters call them symbols."""
    assert words("\u24d0\u24d1 \U0001f130\u24d1") == ("ab", "ab")


@given(anything)
def test_clean_text_can_be_stored_and_sent_anywhere(text: str) -> None:
    """No database, platform or screen chokes on it, and its length is what it was."""
    cleaned = clean(text)

    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not [char for char in cleaned if unicodedata.category(char) == "Cc" and char not in "\n\t"]
    assert len(cleaned) == len(text)


def test_cleaning_leaves_ordinary_text_alone() -> None:
    """Emoji, right-to-left letters and line feeds are ordinary."""
    text = "Ligne 1\n\tLigne 2 — \U0001f600 \u05e9\u05dc\u05d5\u05dd"

    assert clean(text) == text


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\r"], ids=ascii)
def test_what_cannot_be_kept_leaves_a_mark(character: str) -> None:
    """Silently dropping a character could join two words into a third."""
    assert clean(f"a{character}b") == "a\ufffdb"


def test_what_is_remembered_of_strange_characters_is_bounded() -> None:
    """Strangers choose them; and the last one is remembered, or a message of it would be slow for ever."""
    table = Skeletons(str.lower)

    "".join(map(chr, range(65_537))).translate(table)

    assert (len(table), 65_536 in table) == (1, True)
