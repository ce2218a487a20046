"""Tests in copies of one process: whatever becomes of a copy, a test that was not done to its end is no success.

Nor is a table of which a row fails, and the row is named.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BAD = {
    "fails": "def test_a(): assert False",
    "leaves in silence": "import os\ndef test_a(): os._exit(0)\ndef test_b(): pass",
    "leaves garbage": (
        "class Late:\n    def __init__(self): self.me = self\n    def __del__(self): raise ValueError('late')\n"
        "def test_a(): Late()"
    ),
}


TABLE = """
import pytest

@pytest.fixture(scope="module")
def limit(): return 2

@pytest.mark.parametrize("number", [1, 2, 3, 4], ids="abcd")
def test_a(number, limit): assert number <= limit
"""


def _run(folder: Path, *programs: str) -> subprocess.CompletedProcess[str]:
    for rank, program in enumerate(programs):
        (folder / f"test_{rank}.py").write_text(program, encoding="utf-8")
    options = ("-p", "tests.workers", "-p", "no:cacheprovider", "-W", "error", "-c", "/dev/null")
    command = (sys.executable, "-m", "pytest", "-q", "--workers", "2", "--rootdir", str(folder), *options, str(folder))
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # quicker
    return subprocess.run(command, cwd=ROOT, env=alone, check=False, capture_output=True, text=True, timeout=50)


@pytest.mark.parametrize("program", BAD.values(), ids=BAD)
def test_a_copy_in_which_something_is_wrong_fails_the_run(program: str, tmp_path: Path) -> None:
    """Even where every test that was told of is well."""
    assert _run(tmp_path, program, "def test_a(): pass").returncode == 1


def test_a_run_in_which_all_is_well_passes(tmp_path: Path) -> None:
    """Also with more copies than there is to do."""
    assert _run(tmp_path, "def test_a(): pass").returncode == 0


def test_a_table_is_one_test_that_names_every_row_that_fails(tmp_path: Path) -> None:
    """The first failure hides no other."""
    ended = _run(tmp_path, TABLE)

    assert (ended.returncode, "1 failed" in ended.stdout) == (1, True)
    assert [row for row in "abcd" if f"in the row [{row}]" in ended.stdout] == ["c", "d"]
