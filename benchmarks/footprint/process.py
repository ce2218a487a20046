"""Starting a program, waiting until it says that it works, and looking at it while it rests."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import ROOT
from benchmarks.memory import proportional, resident
from benchmarks.rounds import Measures

PYTHON = (sys.executable,)
PARVIS = (*PYTHON, "-c", "from cli.main import main; main()")
_SETTLING = 2  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """Where the imitation of a network listens, and the token of its bot."""

    url: str
    token: str


@contextmanager
def sandbox(program: str = "sandbox") -> Iterator[Sandbox]:
    """The imitation of a network in a process of its own."""
    command = [*PYTHON, "-m", program, "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = json.loads(process.stdout.readline())
            yield Sandbox(url=said.get("api", said["url"]), token=said["tokens"][0])
        finally:
            process.send_signal(signal.SIGTERM)


def at_rest(
    command: Sequence[str], *, signs: Sequence[str], seconds: float, variables: Mapping[str, str] | None = None
) -> Measures:
    """Start it, wait for the signs among its errors, in any order, let it rest; its memory and processor time then.

    Raises ValueError with what it said when it ends before.
    """
    began = time.perf_counter()
    environment = {**os.environ, **(variables or {}), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            said: list[str] = []
            while not all(any(sign in line for line in said) for sign in signs):
                said.append(process.stderr.readline())
                if not said[-1]:
                    raise ValueError("".join(said))
            ready = time.perf_counter() - began
            time.sleep(min(seconds, _SETTLING))
            busy = _processor_time(process.pid)
            time.sleep(seconds)
            busy = _processor_time(process.pid) - busy
            return {
                "start s": ready,
                "RSS MiB": resident(process.pid),
                "PSS MiB": proportional(process.pid),
                "CPU ms/s at rest": busy * 1000 / seconds,
            }
        finally:
            process.kill()


def duration(command: Sequence[str], *, times: int = 5) -> Measures:
    """The quickest of some runs from start to end, and how much memory it took at most."""
    waits: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        waits.append(time.perf_counter() - began)
    return {"start s": min(waits)}


def _processor_time(process: int) -> float:
    """Seconds of user and system time, fields 14 and 15 of proc(5) stat."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
