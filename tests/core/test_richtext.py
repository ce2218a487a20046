"""Long texts are cut where a reader would, and not a character is lost, added or torn apart."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.richtext import RichText, Span, join

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # three people joined into one picture
WAVE = "\U0001f44b\U0001f3fd"  # a hand and its skin tone
FRANCE, SPAIN = "\U0001f1eb\U0001f1f7", "\U0001f1ea\U0001f1f8"  # pairs of regional letters
E_ACUTE = "e\u0301"  # a letter and its combining accent
KEYCAP = "1\ufe0f\u20e3"
SCOTLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbsct") + "\U000e007f"
PICTURES = (FAMILY, WAVE, FRANCE, E_ACUTE, KEYCAP, SCOTLAND, "\r\n")

letters = st.text(
    st.sampled_from([*"ab .?!\n", "é", "\u200f", "\U0001f600", *FAMILY, *WAVE, *FRANCE, *E_ACUTE, *KEYCAP]), max_size=60
)
spans = st.builds(Span, letters, strong=st.booleans(), link=st.none() | st.just("https://ville.example"))
texts = st.lists(spans, max_size=5).map(lambda many: RichText(tuple(many)))


def utf16(text: str) -> int:
    """How Telegram counts."""
    return sum(1 + (ord(character) > 0xFFFF) for character in text)


def _cut(text: str, longest: int) -> list[str]:
    return [piece.plain for piece in RichText.of(text).split(longest, len)]


def test_a_text_that_fits_is_left_whole() -> None:
    """No cut without need."""
    assert _cut("Bonjour. Ça va ?", 16) == ["Bonjour. Ça va ?"]


def test_an_empty_text_has_no_pieces() -> None:
    """Nothing is sent for nothing."""
    assert RichText.of("").split(10, len) == ()


def test_a_long_text_takes_time_in_proportion_to_its_length() -> None:
    """Nobody else is served meanwhile: what is left is not measured again for every piece."""
    text = "word " * 2000
    measured: list[int] = []

    def width(some: str) -> int:
        measured.append(len(some))
        return len(some)

    RichText.of(text).split(10, width)

    assert sum(measured) < 3 * len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One two.\n\nThree.\nFour", ["One two.\n\n", "Three.\nFour"], id="at a paragraph"),
        pytest.param("One two.\nThree. Four", ["One two.\n", "Three. Four"], id="else at a line"),
        pytest.param("One two. Three four", ["One two. ", "Three four"], id="else at a sentence"),
        pytest.param("One, two three four", ["One, two ", "three four"], id="else at a word"),
        pytest.param("Onetwothreefour", ["Onetwothree", "four"], id="else at a character"),
        pytest.param("A. bcdefgh ijklmn", ["A. bcdefgh ", "ijklmn"], id="but not after a few letters"),
    ],
)
def test_a_long_text_is_cut_where_a_reader_would(text: str, expected: list[str]) -> None:
    """The same rule for officers, who see the pieces before they are sent."""
    assert _cut(text, 11) == expected


@pytest.mark.parametrize("picture", PICTURES, ids=ascii)
def test_what_looks_like_one_character_is_not_torn_apart(picture: str) -> None:
    """Half a family, a flag or an accent is nonsense on the screen and in a reader's ear."""
    text = "x" * 9 + picture + "y" * 9

    for limit in range(10, 10 + len(picture)):
        assert [piece for piece in _cut(text, limit) if picture in piece], limit


def test_two_flags_are_cut_between_the_flags() -> None:
    """Four regional letters are two countries, whichever way they are paired."""
    assert _cut(FRANCE + SPAIN + FRANCE, 5) == [FRANCE + SPAIN, FRANCE]


def test_a_picture_longer_than_a_piece_is_cut_all_the_same() -> None:
    """A citizen may pile up accents; the post goes out."""
    pile = "a" + "\u0301" * 30

    assert "".join(_cut(pile, 10)) == pile


def test_a_character_wider_than_a_piece_goes_alone() -> None:
    """Cutting always comes to an end."""
    pieces = RichText.of("\U0001f600\U0001f600").split(1, utf16)

    assert [piece.plain for piece in pieces] == ["\U0001f600", "\U0001f600"]


@given(texts, st.integers(2, 50))
def test_the_pieces_joined_are_the_text(text: RichText, longest: int) -> None:
    """To the character, and each with its look."""
    pieces = text.split(longest, utf16)

    assert _looks(join(pieces)) == _looks(text)


@given(texts, st.integers(2, 50))
def test_no_piece_is_empty_or_too_wide(text: RichText, longest: int) -> None:
    """A platform refuses both."""
    for piece in text.split(longest, utf16):
        assert 0 < sum(map(utf16, piece.plain)) <= longest


@given(st.lists(st.sampled_from([*PICTURES, *"ab .?\n"]), min_size=1), st.integers(12, 40))
def test_every_cut_falls_between_what_a_reader_sees_as_characters(seen: list[str], longest: int) -> None:
    """Wherever emoji, flags, accents and line ends meet."""
    boundaries = set(accumulate(map(len, seen)))

    cuts = accumulate(map(len, _cut("".join(seen), longest)))

    assert set(cuts) <= boundaries


def test_a_mark_after_a_space_is_not_left_to_begin_the_next_piece() -> None:
    """Then the cut at a word gives way to a cut at a character."""
    assert _cut("aaaa bbbb \u0301cccc", 12)[0] == "aaaa bbbb \u0301c"


@given(texts, st.integers(0, 80), st.integers(0, 80))
def test_a_slice_is_what_a_slice_of_characters_is(text: RichText, start: int, end: int) -> None:
    """Looks come along, characters are those of Python."""
    assert _looks(text.slice(start, end)) == _looks(text)[start:end]


def _looks(text: RichText) -> list[tuple[str, bool, str | None]]:
    return [(character, span.strong, span.link) for span in text.spans for character in span.text]


def test_texts_can_be_put_one_after_the_other() -> None:
    """A title and a body."""
    title, body = RichText((Span("Pont", strong=True),)), RichText.of(" ouvert")

    assert title + body == join([title, body]) == RichText((Span("Pont", strong=True), Span(" ouvert")))
