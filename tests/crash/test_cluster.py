"""Several hosts under random deaths break no promise: see ``tests.crash.cluster``."""

import json
import subprocess
import sys

import pytest

from tests.crash.harness import ROOT


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_hosts_that_die_and_freeze_lose_double_and_hide_nothing() -> None:
    """A small storm; ``python -m tests.crash.cluster`` alone plays the large one."""
    command = (sys.executable, "-m", "tests.crash.cluster", "1000")

    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=880)

    assert json.loads(played.stdout.splitlines()[-1])["findings"] == []
