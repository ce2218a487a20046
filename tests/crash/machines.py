"""The processes of a scenario: a sandbox, and one victim after another, forked from a server that has read all code.

Forking saves the three seconds that importing takes; what is forked is a process like any other, with its own memory,
files and sockets, and dies like one.
"""

import http.client
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from sandbox import __main__ as sandbox
from tests.crash import victim
from tests.crash.story import point_at
from tests.crash.victim import Orders

LONGEST = 25.0  # seconds anything may take before the scenario counts as stuck
STEP = 0.01

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.crash.machines"])
_counting = threading.Lock()  # starting a process looks at how all others ended, and only one thread may read that


class Stuck(Exception):
    """What was awaited did not come."""


@dataclass(frozen=True, slots=True)
class Death:
    """A process ended while it was needed."""

    exit: int


def wait_for(what: Callable[[], bool], name: str, *, longest: float = LONGEST) -> None:
    """Return when it holds. Raises Stuck."""
    until = time.monotonic() + longest
    while not what():
        if time.monotonic() > until:
            raise Stuck(name)
        time.sleep(STEP)


class Process:
    """A forked process."""

    def __init__(self, target: Callable[..., None], *arguments: object) -> None:
        self._process: ForkServerProcess = _context.Process(target=target, args=arguments)
        with _counting:
            self._process.start()

    @property
    def number(self) -> int:
        """Its process id."""
        return self._process.pid or 0

    @property
    def exit(self) -> int | None:
        """How it ended: minus the signal that killed it; None while it lives."""
        with _counting:
            return self._process.exitcode

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing when it is dead."""
        if self.exit is None:
            os.kill(self.number, number)

    def end(self) -> None:
        """Kill it."""
        self.signal(signal.SIGKILL)
        wait_for(lambda: self.exit is not None, "it is dead")
        self._process.close()


def begin(orders: Orders) -> Process:
    """Start a victim."""
    return Process(victim.main, orders.written())


def _be_a_sandbox(folder: str) -> None:
    place = Path(folder)
    sys.stdout = (place / "sandbox").open("w", encoding="utf-8")
    sys.argv = ["sandbox", "--fsync", "--unpaced", "--journal", f"{place}/journal", "--world", f"{place}/world.json"]
    sandbox.main()


class Sandbox:
    """A sandbox process: ``python -m sandbox --fsync --journal``, and what people do in it."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal"
        self._process = Process(_be_a_sandbox, str(folder))
        said = folder / "sandbox"
        wait_for(lambda: said.exists() and said.read_text(encoding="utf-8").endswith("\n"), "the sandbox listens")
        url = json.loads(said.read_text(encoding="utf-8"))["url"]
        point_at(folder, url)
        self._line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=LONGEST)

    def look(self) -> dict[str, Any]:
        """How things stand."""
        return self._asked("GET", "/sandbox/world", None)

    def press(self, citizen: int, chat: int, message: int, data: str) -> None:
        """Somebody presses a button."""
        self._asked("POST", "/sandbox/people/press", {"user": citizen, "chat": chat, "message": message, "data": data})

    def harm(self, **fault: object) -> None:
        """Let a fault happen."""
        self._asked("POST", "/sandbox/faults", fault)

    def end(self) -> None:
        """Stop it."""
        self._line.close()
        self._process.end()

    def _asked(self, method: str, path: str, given: object) -> dict[str, Any]:
        self._line.request(method, path, None if given is None else json.dumps(given).encode())
        answer = self._line.getresponse()
        body: dict[str, Any] = json.loads(answer.read())
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"the sandbox refused {path}: {body}")
        return body
