"""The language to answer in, from what an application says of its user."""

import pytest

from core.identifiers import Locale, locale_for


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", Locale.EN),
        ("en-GB", Locale.EN),
        ("EN-us", Locale.EN),
        ("fr", Locale.FR),
        ("fr-CA", Locale.FR),
        ("de", Locale.FR),
        ("enm", Locale.FR),
        ("", Locale.FR),
        (None, Locale.FR),
    ],
)
def test_english_is_spoken_to_those_who_ask_and_french_to_everyone_else(tag: str | None, expected: Locale) -> None:
    """A French town speaks French first; Middle English (enm) is not English."""
    assert locale_for(tag) is expected
