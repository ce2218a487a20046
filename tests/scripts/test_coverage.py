"""The judgement of coverage: whatever of the rules of the town no test reached is named, and the run refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import check_coverage

BRIDGE = '''\
"""A bridge."""

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from elsewhere import Nothing


class Load(Enum):
    """What crosses."""

    CART = 1
    COACH = 2


class Keeper(Protocol):
    """Somebody."""

    def look(
        self,
        load: Load,
    ) -> bool: ...


def toll(load: Load) -> int:
    """What it costs."""
    match load:
        case Load.CART:
            return 1
        case Load.COACH:
            return 2


def crossings(loads: list[Load]) -> int:
    """How many paid more than one."""
    many = 0
    for load in loads:
        if toll(load) > 1:
            many += 1
    return many
'''


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A checkout with one rule."""
    (tmp_path / "pyproject.toml").write_text('[tool.measuring]\nsource = ["core"]\n')
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").write_text("")
    (tmp_path / "core" / "bridge.py").write_text(BRIDGE)
    return tmp_path


def _run(town: Path, line: str) -> None:
    """What the processes of a test run do, with this line for tests."""
    steps = (
        "from tests.measuring import Measurement",
        f"measurement = Measurement(Path({str(town / 'notes')!r}), Path({str(town)!r}))",
        f"sys.path.insert(0, {str(town)!r})",
        "from core.bridge import *",
        line,
        "measurement.note()",
    )
    subprocess.run([sys.executable, "-c", "; ".join(("import sys; from pathlib import Path", *steps))], check=True)


@pytest.mark.parametrize(
    ("line", "unseen"),
    [
        ("crossings([Load.CART])", "32, 40"),
        ("crossings([Load.COACH])", "30, 39 never otherwise"),
        ("pass", "28, 30, 32, 37, 38, 38 never to its end, 39, 39 never otherwise, 40, 41"),
    ],
    ids=["a line and a branch", "a condition that never failed", "what nobody called"],
)
def test_what_no_test_reached_is_named(town: Path, line: str, unseen: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By its line, or the line that leads to it."""
    _run(town, line)

    verdict = check_coverage.main(town / "notes", town)

    assert (verdict, capsys.readouterr().out.splitlines()[1]) == (1, f"  core/bridge.py: {unseen}")


def test_what_several_processes_reached_together_is_enough(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The body of a protocol, an import for types and a value past the last case of a match are owed by nobody."""
    _run(town, "crossings([Load.CART])")
    _run(town, "crossings([Load.COACH])")

    verdict = check_coverage.main(town / "notes", town)

    assert (verdict, capsys.readouterr().out) == (0, "")


def test_a_file_that_no_test_imports_is_owed_whole(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody has noted is not forgotten."""
    (town / "notes").mkdir()

    verdict = check_coverage.main(town / "notes", town)

    assert (verdict, capsys.readouterr().out.splitlines()[0]) == (1, "core: 0.00 % seen, 100 % owed")


@pytest.mark.parametrize(("reached", "verdict"), [(18, 1), (19, 0)])
def test_the_other_packages_owe_nineteen_twentieths(tmp_path: Path, reached: int, verdict: int) -> None:
    """Of all that is in them together."""
    (tmp_path / "pyproject.toml").write_text('[tool.measuring]\nsource = ["scheduler.py"]\n')
    (tmp_path / "scheduler.py").write_text("")
    points = [(line, "") for line in range(1, 21)]
    note = {str(tmp_path / "scheduler.py"): {"points": points, "passed": [line <= reached for line, _ in points]}}
    (tmp_path / "1.json").write_text(json.dumps(note))

    assert check_coverage.main(tmp_path, tmp_path) == verdict
