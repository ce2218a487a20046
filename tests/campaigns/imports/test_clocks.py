"""Dates as people write them, and the two nights when clocks change."""

from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.imports import clocks
from tests.campaigns.imports.sheets import PARIS, local

DAY = date(2026, 10, 12)


def test_french_and_iso_dates_are_understood() -> None:
    """With the time in the same cell, or not."""
    said = {
        "12/10/2026 14h30": time(14, 30),
        "12/10/2026 14h": time(14),
        "12/10/2026 à 14 h 30": time(14, 30),
        "12.10.2026, 14:30": time(14, 30),
        "12-10-2026  14:30:00": time(14, 30),
        "2026-10-12T14:30:00": time(14, 30),
        "2026-10-12T14:30:00.000000000": time(14, 30),
        "2026-10-12 14:30": time(14, 30),
        "12/10/2026": None,
        " 2026-10-12 ": None,
    }

    assert {text: clocks.date_and_time(text) for text in said} == {text: (DAY, at) for text, at in said.items()}


def test_what_is_no_date_is_refused_with_the_right_way() -> None:
    """No year of two digits, no month before the day, no number of days since 1899."""
    for text in (
        "",
        "12/10/26",
        "10/13/2026",
        "30/02/2026",
        "46307.6",
        "12/10/0001",
        "12/10/9999",
        "12/10/2026 25h",
        "demain",
        "12/10/2026 14h3",
    ):
        with pytest.raises(ValueError, match="12/10/2026 14h30"):
            clocks.date_and_time(text)


def test_a_time_of_day_is_written_as_in_france_or_in_tables() -> None:
    """In a column of its own."""
    assert [clocks.time_of_day(text) for text in ("8h", "08:05", "8 h 05", "23:59:59")] == [
        time(8),
        time(8, 5),
        time(8, 5),
        time(23, 59),
    ]
    for text in ("", "24h00", "midi", "8"):
        with pytest.raises(ValueError, match=r"14h30|0 to 23"):
            clocks.time_of_day(text)


def test_the_hour_that_is_not_there_and_the_one_that_is_twice_are_said() -> None:
    """An officer who writes 2h30 that night does not know."""
    spring, autumn, noon = (local(2027, *each) for each in ((3, 28, 2, 30), (10, 31, 2, 30), (10, 31, 12)))

    assert [bool(clocks.missing(each, PARIS)) for each in (spring, autumn, noon)] == [True, False, False]
    assert [bool(clocks.doubled(each, PARIS)) for each in (spring, autumn, noon)] == [False, True, False]


@given(st.datetimes(min_value=local(1900, 1, 1), max_value=local(2100, 1, 1)))
def test_every_minute_is_read_back(at: datetime) -> None:
    """However it is written."""
    at = at.replace(second=0, microsecond=0)
    for text in (f"{at:%d/%m/%Y %Hh%M}", at.isoformat(), f"{at:%d.%m.%Y %H:%M}"):
        assert clocks.date_and_time(text) == (at.date(), at.time())


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    """Nothing else happens."""
    with suppress(ValueError):
        assert isinstance(clocks.date_and_time(text)[0], date)
