"""Losing something and having it back."""

import logging
from datetime import timedelta

import pytest

from bots.outage import Outage
from core.errors import Unavailable
from tests.fakes import ACCOUNT

LOST = Unavailable("down")


def outage() -> Outage:
    """An outage that has not begun."""
    return Outage("connection", ACCOUNT, longest=timedelta(seconds=30))


def test_pauses_double_up_to_the_longest() -> None:
    """A platform in trouble is not helped by haste."""
    connection = outage()

    assert [connection.lost(LOST).total_seconds() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_very_long_outage_keeps_its_pause() -> None:
    """Doubling for ever would overflow."""
    connection = outage()

    assert [connection.lost(LOST) for _ in range(2000)][-1] == timedelta(seconds=30)


def test_success_begins_anew() -> None:
    """The next trouble is another one."""
    connection = outage()
    connection.lost(LOST)
    connection.lost(LOST)

    connection.back()

    assert connection.lost(LOST) == timedelta(seconds=1)


def test_an_outage_takes_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    """One when it begins, one when it is over; not one per try."""
    caplog.set_level(logging.DEBUG)
    connection = outage()

    connection.back()
    connection.lost(LOST)
    connection.lost(LOST)
    connection.back()

    assert [record.getMessage() for record in caplog.records] == ["lost", "back"]
