"""The benchmark of the storm counts what came through."""

from pathlib import Path

import pytest

from benchmarks.presses import server
from benchmarks.storm.ours import Weather, storm

pytestmark = pytest.mark.usefixtures("socket_enabled")
SHORT = Weather(messages=100, presses=10, seconds=1)


@pytest.mark.slow
def test_in_a_short_storm_every_vote_is_counted_and_every_message_judged(tmp_path: Path) -> None:
    """The figures of the page are made by the same function."""
    with server("benchmarks.telegram_votes.server") as url:
        measured = storm(url, SHORT, str(tmp_path))

    assert (measured["votes lost"], measured["not judged"]) == (0, 0)
    assert measured["p99 ms"] > 0
