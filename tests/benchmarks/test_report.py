"""Reports: what is kept of a race."""

import json
from pathlib import Path

import pytest

from benchmarks.report import Report, number
from benchmarks.rounds import Aim, Contender, Role, race


def _report() -> Report:
    ours = Contender(name="parvis", what="the store", role=Role.OURS, run=lambda _: {"votes/s": 40_000.0})
    return Report(
        name="votes",
        what="Votes",
        race=race([ours], rounds=1),
        aims=[Aim(what="of the limit", ratios=[0.7], bound=0.8)],
        settings={"votes": 10},
        versions={"python": "3.11"},
    )


def test_a_report_is_kept_for_people(tmp_path: Path) -> None:
    """A missed aim is said as plainly as a reached one."""
    _report().save(tmp_path)

    told = (tmp_path / "votes.md").read_text(encoding="utf-8")
    assert "| of the limit | 0.70 | 0.70 to 0.70 | at least 0.80 | missed |" in told


def test_a_report_is_kept_for_programs(tmp_path: Path) -> None:
    """Every round is kept: whoever doubts a median can look."""
    _report().save(tmp_path)

    kept = json.loads((tmp_path / "votes.json").read_text(encoding="utf-8"))
    assert kept["contenders"]["parvis"]["rounds"] == [{"votes/s": 40_000.0}]


@pytest.mark.parametrize(("value", "told"), [(56_859.4, "56,859"), (14.52, "14.5"), (0.876, "0.88")])
def test_numbers_keep_three_digits(value: float, told: str) -> None:
    """More would pretend to a precision that a shared machine does not have."""
    written = number(value)

    assert written == told
