"""Numbers, instants and long texts as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import Locale
from templates import filters


@pytest.mark.parametrize(
    ("locale", "written"), [(Locale.FR, "1\u202f234\u202f567"), (Locale.EN, "1,234,567")], ids=["French", "English"]
)
def test_thousands_stand_apart_as_the_language_does(locale: Locale, written: str) -> None:
    """A narrow no-break space in French, a comma in English."""
    assert filters.number(locale, 1_234_567) == written


@pytest.mark.parametrize(
    ("locale", "value", "word"),
    [
        (Locale.FR, 0, "voix seule"),
        (Locale.FR, 1, "voix seule"),
        (Locale.FR, 2, "plusieurs voix"),
        (Locale.EN, 0, "plusieurs voix"),
        (Locale.EN, 1, "voix seule"),
        (Locale.EN, 2, "plusieurs voix"),
    ],
)
def test_nothing_is_singular_in_french_and_plural_in_english(locale: Locale, value: int, word: str) -> None:
    """« 0 participant », “0 participants”."""
    assert filters.plural(locale, value, "voix seule", "plusieurs voix") == word


def test_an_instant_is_read_on_the_clocks_of_the_town() -> None:
    """Half past midnight in Paris is still yesterday in UTC."""
    at = datetime(2027, 7, 13, 22, 30, tzinfo=UTC)

    here = filters.local(at, "Europe/Paris")

    assert (here.day, here.hour, here.minute) == (14, 0, 30)


def test_a_short_text_is_left_alone_on_one_line() -> None:
    """Buttons and bubbles have one line."""
    assert filters.short(" Oui,\n\tmais  non ", 64) == "Oui, mais non"


def test_a_long_text_is_cut_after_a_word() -> None:
    """Half a word can say the opposite of the whole."""
    cut = filters.short("Planter des tilleuls sur la place du Marché", 30)

    assert cut == "Planter des tilleuls sur la …"


def test_a_word_longer_than_the_room_is_cut_inside() -> None:
    """There is no better place."""
    assert filters.short("x" * 100, 10) == "xxxxxxxx …"


@given(text=st.text(), longest=st.integers(min_value=4, max_value=100))
def test_a_cut_text_never_takes_more_than_its_room(text: str, longest: int) -> None:
    """Counted in UTF-16 units, as the strictest platform does: an emoji is two."""
    cut = filters.short(text, longest)

    assert len(cut.encode("utf-16-le", "surrogatepass")) // 2 <= longest


@pytest.mark.parametrize(
    ("seconds", "said"), [(20, "0 min"), (635, "11 min"), (3600, "1 h"), (3900, "1 h 5 min")], ids=str
)
def test_a_length_is_said_to_the_nearest_minute(seconds: int, said: str) -> None:
    """Nobody is late by seconds."""
    assert filters.lasting(timedelta(seconds=seconds)).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (30, "30 s"), (90, "1 min 30 s"), (3600, "1 h"), (21_600, "6 h")], ids=str
)
def test_a_pause_is_said_to_the_second(seconds: int, said: str) -> None:
    """People wait for it."""
    assert filters.pausing(timedelta(seconds=seconds)).replace("\u00a0", " ") == said
