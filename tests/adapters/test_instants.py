"""Instants are read, or left alone."""

from datetime import UTC, datetime

import pytest

from adapters.instants import instant


def test_an_instant_is_read_with_its_offset() -> None:
    """As Discord and Mastodon write them."""
    assert (
        instant("2027-03-01T10:00:00.000Z")
        == instant("2027-03-01T10:00:00+00:00")
        == datetime(2027, 3, 1, 10, tzinfo=UTC)
    )


@pytest.mark.parametrize("told", ["2027-03-01T10:00:00", "yesterday", "", None, 7])
def test_anything_else_is_none(told: object) -> None:
    """Nobody is a newcomer by a guess."""
    assert instant(told) is None
