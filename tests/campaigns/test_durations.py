"""Lengths of time as officers write them."""

from datetime import timedelta

import pytest

from campaigns.durations import days_and_rest, length_of


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90 min", timedelta(minutes=90)),
        ("2 h", timedelta(hours=2)),
        ("2h", timedelta(hours=2)),
        ("3 days", timedelta(days=3)),
        ("1 day 12 h", timedelta(days=1, hours=12)),
        ("2 semaines", timedelta(weeks=2)),
        (" 3 jours ", timedelta(days=3)),
        ("0 min", timedelta()),
    ],
)
def test_a_length_is_read_as_it_is_said(text: str, length: timedelta) -> None:
    """In either language of the town hall."""
    assert length_of(text) == length


@pytest.mark.parametrize(
    ("text", "days", "rest"),
    [("1 day 12 h", 1, timedelta(hours=12)), ("2 weeks 1 j", 15, timedelta()), ("48 h", 0, timedelta(hours=48))],
)
def test_days_are_told_from_hours(text: str, days: int, rest: timedelta) -> None:
    """48 hours and two days differ by an hour, twice a year."""
    assert days_and_rest(text) == (days, rest)


@pytest.mark.parametrize("text", ["", "soon", "2", "h", "-2 h", "1.5 h", "2 fortnights", "99999 weeks"])
def test_what_is_no_length_is_refused_with_a_sentence(text: str) -> None:
    """A number without a unit is how campaigns end an hour too soon."""
    with pytest.raises(ValueError, match=r"\w+"):
        length_of(text)
