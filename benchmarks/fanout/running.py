"""A program that sends, run twice: once to the end, once killed half-way and started again."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.fanout.outcome import Key, outcome
from benchmarks.fanout.town import Broadcast, keys
from benchmarks.machine import ROOT
from benchmarks.rounds import Measures

_STEP = 0.25  # seconds
_LONGEST = 300.0


class Program(Protocol):
    """Something that sends a broadcast. ``folder`` is its own, the network stands at ``url``."""

    def prepare(self, folder: Path, url: str, broadcast: Broadcast) -> None:
        """Before the first start."""

    def command(self, folder: Path) -> Sequence[str]:
        """How it is started, the first time and again."""

    def is_over(self, folder: Path, process: "subprocess.Popen[bytes]") -> bool:
        """Whether everything has become of everything that can."""

    def shown(self, folder: Path) -> Collection[Key]:
        """What it tells a human that it does not know of."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A network with its journal, and a folder for who sends."""

    url: str
    journal: Path
    folder: Path


@contextmanager
def scene(network: str, places: int) -> Iterator[Scene]:
    """Fresh ones."""
    with tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as name:
        folder = Path(name)
        journal = folder / "journal"
        command = [sys.executable, "-m", "benchmarks.fanout.network", network, str(places), str(journal)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            try:
                yield Scene(process.stdout.readline().strip(), journal, folder)
            finally:
                process.stdin.close()


def whole(program: Program, broadcast: Broadcast, *, pace: float) -> Measures:
    """Let it send everything; how near the pace it came."""
    with scene(broadcast.network, broadcast.places) as stage:
        program.prepare(stage.folder, stage.url, broadcast)
        with _started(program, stage.folder) as process:
            _wait(lambda: program.is_over(stage.folder, process))
        found = outcome(stage.journal)
    if found.out.keys() != keys(broadcast):
        raise ValueError(f"{len(found.out)} of {broadcast.number} came: {sorted(found.out)[:3]}")
    return {"messages/s": found.rate, "of the pace": found.rate / pace, "429": float(found.refused)}


def killed(program: Program, broadcast: Broadcast) -> Measures:
    """Kill it when half is out, start it again; what came twice, what never, what is shown to a human."""
    with scene(broadcast.network, broadcast.places) as stage:
        program.prepare(stage.folder, stage.url, broadcast)
        with _started(program, stage.folder) as process:
            _wait(lambda: len(outcome(stage.journal).out) >= broadcast.number // 2)
            process.kill()
        with _started(program, stage.folder) as process:
            _wait(lambda: program.is_over(stage.folder, process))
        found, shown = outcome(stage.journal), program.shown(stage.folder)
    lost = found.lost(keys(broadcast), shown)
    return {"doubled": float(found.doubled), "lost": float(lost), "shown as uncertain": float(len(shown))}


@contextmanager
def _started(program: Program, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / "said").open("ab") as said:
        process = subprocess.Popen(program.command(folder), cwd=ROOT, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _wait(what: Callable[[], bool]) -> None:
    until = time.monotonic() + _LONGEST
    while not what():
        if time.monotonic() > until:
            raise TimeoutError(f"nothing for {_LONGEST} s")
        time.sleep(_STEP)
