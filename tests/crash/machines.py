"""The processes of a scenario: a sandbox, and one victim after another, forked from a server that has read all code.

Forking saves the three seconds that importing takes; what is forked is a process like any other, with its own memory,
files and sockets, and dies like one.
"""

import http.client
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from sandbox.journal import Entry, read
from tests.crash.doors import enter
from tests.crash.networks import Network
from tests.crash.orders import Orders
from tests.crash.records import History
from tests.crash.story import START, point_at
from tests.crash.storytime import hours, tell

LONGEST = 60.0  # seconds anything may take before the scenario counts as stuck
STEP = 0.02

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.crash.warm"])
_counting = threading.Lock()  # starting a process looks at how all others ended, and only one thread may read that


def share() -> None:
    """Start the server that forks, also for the copies of this process: they find it, but may not ask how it fares."""
    server = forkserver._forkserver  # noqa: SLF001  multiprocessing has no other way
    server.ensure_running()
    server.ensure_running = lambda: None  # type: ignore[method-assign]  # it asks as its parent, which a copy is not


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

    def __init__(self, target: Callable[..., None], *arguments: str) -> None:
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


def do(module: str, function: str, *arguments: str) -> None:
    """Have a process do something, and wait until it is done. Raises Stuck."""
    process = Process(enter, module, function, *arguments)
    wait_for(lambda: process.exit is not None, function)
    if process.exit:
        raise Stuck(f"{function} ended with {process.exit}")


def begin(orders: Orders) -> Process:
    """Start a victim."""
    return Process(enter, "tests.crash.victim", "main", orders.written())


class World:
    """A network that listens, and what people do there. ``ready`` is what it said when it began to."""

    def __init__(self, folder: Path, network: Network, ready: Mapping[str, Any]) -> None:
        self.folder = folder
        self.network = network
        point_at(folder, network, ready.get("base_url", ready["url"]))
        self._people: dict[str, int] = ready["people"]
        self._line = http.client.HTTPConnection(ready["url"].removeprefix("http://"), timeout=LONGEST)

    def journal(self) -> list[Entry]:
        """What it wrote down."""
        return read(self.folder / "journal")

    def history(self) -> History:
        """What people did and saw so far."""
        journal = self.journal()
        return History(self.network.posted(journal), self.network.presses(journal, self._people))

    def look(self) -> dict[str, Any]:
        """How things stand."""
        return self._asked("GET", "/sandbox/world", None)

    def act(self, act: str, what: Mapping[str, object]) -> None:
        """Somebody does something."""
        self._asked("POST", f"/sandbox/people/{act}", what)

    def harm(self, **fault: object) -> None:
        """Let a fault happen."""
        self._asked("POST", "/sandbox/faults", fault)

    def end(self) -> None:
        """Ask no more."""
        self._line.close()

    def _asked(self, method: str, path: str, given: object) -> dict[str, Any]:
        self._line.request(method, path, None if given is None else json.dumps(given).encode())
        answer = self._line.getresponse()
        body: dict[str, Any] = json.loads(answer.read())
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"the sandbox refused {path}: {body}")
        return body


class Sandbox(World):
    """A network as a process."""

    def __init__(self, folder: Path, network: Network) -> None:
        tell(hours(folder), START, network.pace)
        self._process = Process(enter, "tests.crash.sandboxes", "be", network.name, str(folder))
        said = folder / "sandbox"
        wait_for(lambda: said.exists() and said.read_text(encoding="utf-8").endswith("\n"), "the sandbox listens")
        super().__init__(folder, network, json.loads(said.read_text(encoding="utf-8")))

    def end(self) -> None:
        """Stop it."""
        super().end()
        self._process.end()
