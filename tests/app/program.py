"""``parvis run`` as a process of its own, forked from a server that has read all code: starting it takes no second."""

import os
from pathlib import Path

from cli.main import main
from tests.crash.doors import enter
from tests.crash.machines import Process


def running(config: Path, said: Path) -> Process:
    """The service of this configuration; what it says among its errors goes to a file."""
    return Process(enter, __name__, "run", str(config), str(said))


def run(config: str, said: str) -> None:
    """Be that process."""
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT), 2)
    main(["--config", config, "run"])
