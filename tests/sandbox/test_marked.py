"""Text on the page looks as on a phone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.pages.words import words
from sandbox.telegram.marked import marked


def test_a_quotation_ends_its_own_line() -> None:
    """Otherwise every quotation is followed by one empty line too many."""
    shown = marked("a\nq\n\nb", [{"type": "blockquote", "offset": 2, "length": 1}])

    assert shown == "a\n<blockquote>q</blockquote>\nb"


def test_words_of_people_are_never_markup() -> None:
    """Names and messages are hostile until shown otherwise."""
    assert marked("<b>x", [{"type": "bold", "offset": 0, "length": 3}]) == "<strong>&lt;b&gt;</strong>x"


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [("fr", 1, "lundi 1er mars"), ("fr", 2, "mardi 2 mars"), ("en", 1, "Monday 1 March")],
    ids=["first", "second", "english"],
)
def test_the_first_of_a_month_has_its_french_form(language: str, day: int, said: str) -> None:
    """Nobody says «un mars»."""
    assert words(language).day(datetime(2027, 3, day, 12, tzinfo=UTC), ZoneInfo("Europe/Paris")) == said
