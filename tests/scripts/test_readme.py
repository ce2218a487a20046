"""The first page shows what the demonstration says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_readme_shows_what_the_demonstration_says() -> None:
    """The same story each time: whoever tries it sees what they were promised."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"<!-- output of scripts/demo --once -->\n\n```text\n(.*?)```", readme, re.DOTALL)

    played = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "demo", "--once"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert [line.rstrip() for line in played.stdout.splitlines()] == shown.splitlines()
