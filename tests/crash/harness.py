"""The harness: at work in this process, or as a program of its own in a copy of the tree."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.crash.playing import outcomes

ROOT = Path(__file__).parents[2]


def findings(names: Sequence[str]) -> dict[str, list[str]]:
    """What is wrong, by the name of the scenario."""
    return {outcome.name: outcome.findings for outcome in outcomes(names)}


def findings_in(tree: Path, scenario: str, *, longest: float = 240) -> list[str]:
    """What is wrong in a copy of this tree. ``longest`` is in seconds.

    Raises CalledProcessError or TimeoutExpired.
    """
    played = subprocess.run(
        [sys.executable, "-m", "tests.crash", scenario],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        encoding="utf-8",
        timeout=longest,
        check=False,
    )
    if played.returncode not in {0, 1} or (played.returncode == 1 and not played.stdout):
        raise subprocess.CalledProcessError(played.returncode, "tests.crash", played.stdout, played.stderr[-4000:])
    found: list[str] = json.loads(played.stdout)["findings"]
    return found
