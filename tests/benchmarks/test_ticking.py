"""The benchmark of ticks looks at a town that has something ahead."""

from pathlib import Path

import pytest

from benchmarks.ticking.ours import ours
from benchmarks.ticking.town import STEPS, furnish


def test_ticks_are_measured_over_a_town_with_campaigns(tmp_path: Path) -> None:
    """The benchmark itself refuses ticks that do not settle their step; here it must find them all."""
    url = f"sqlite:///{tmp_path / 'town.db'}"
    furnish(url, STEPS, soon=2)

    measured = ours(url, campaigns=1, looks=1, soon=2)

    assert measured["a step ms"] > 0


def test_a_step_that_is_not_due_is_no_measure(tmp_path: Path) -> None:
    """Else the cost of doing nothing would be told as that of a step."""
    url = f"sqlite:///{tmp_path / 'town.db'}"
    furnish(url, STEPS, soon=1)

    with pytest.raises(ValueError, match="not one step"):
        ours(url, campaigns=1, looks=1, soon=2)
