"""The benchmark of delays sees its posts arrive."""

import pytest

from benchmarks.delay.ours import Situation, measured
from benchmarks.rounds import apart


@pytest.mark.slow
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("situation", Situation)
def test_posts_arrive_after_they_are_due(situation: Situation) -> None:
    """A delay below nothing would be a post before its time."""
    assert apart(measured, situation, 2)["p50 ms"] > 0
