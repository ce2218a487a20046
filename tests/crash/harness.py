"""The harness, run as a program of its own, from this tree or from a copy of it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def findings(names: Sequence[str], *, tree: Path = ROOT, longest: float = 240) -> dict[str, list[str]]:
    """What is wrong, by the name of the scenario. ``longest`` is in seconds.

    Raises CalledProcessError or TimeoutExpired.
    """
    played = subprocess.run(
        [sys.executable, "-m", "tests.crash", *names],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        encoding="utf-8",
        timeout=longest,
        check=False,
    )
    if played.returncode not in {0, 1} or (played.returncode == 1 and not played.stdout):
        raise subprocess.CalledProcessError(played.returncode, "tests.crash", played.stdout, played.stderr[-4000:])
    return {line["name"]: line["findings"] for line in map(json.loads, played.stdout.splitlines())}
