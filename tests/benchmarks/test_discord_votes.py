"""The contenders of the Discord benchmark answer every press; the server ends only when they have."""

from pathlib import Path

import pytest

from benchmarks.discord_votes import ours, stock
from benchmarks.presses import Load, server
from benchmarks.voting import Work

pytestmark = pytest.mark.usefixtures("socket_enabled")
LITTLE = Load(burst=10, rate=50, seconds=1)


@pytest.mark.slow
@pytest.mark.parametrize("work", [ours.whole, stock.with_sqlmodel, stock.with_upsert])
def test_every_contender_answers_every_press(work: Work, tmp_path: Path) -> None:
    """The server tells the waits once every presser saw an answer."""
    with server("benchmarks.discord_votes.server") as url:
        measured = work(url, LITTLE, str(tmp_path))

    assert measured["p99 ms"] > 0
