"""Traps: what happens to a process when it passes a named point for the n-th time."""

import asyncio
import os
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Effect(StrEnum):
    """KILL ends the process at once; HOLD keeps back this one call until the gate is opened, and the rest goes on."""

    KILL = "kill"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """``linger`` seconds pass between the point and the effect: the rest of the process goes on meanwhile."""

    point: str
    nth: int = 1
    effect: Effect = Effect.KILL
    linger: float = 0.0


class Tripwire:
    """The traps set in one process. Each that springs leaves a mark in ``folder``; a held call waits for a gate."""

    def __init__(self, traps: tuple[Trap, ...], folder: Path) -> None:
        self._traps = {(trap.point, trap.nth): trap for trap in traps}
        self._folder = folder
        self._passed: Counter[str] = Counter()
        self._lock = threading.Lock()

    def pass_by(self, point: str) -> None:
        """Pass a point in a thread of its own."""
        trap = self._sprung(point)
        if trap is None:
            return
        mark(self._folder, trap).touch()
        time.sleep(trap.linger)
        if trap.effect is Effect.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        while trap.effect is Effect.HOLD and not gate(self._folder).exists():
            time.sleep(0.01)

    async def walk_by(self, point: str, *, after: float = 0.0) -> None:
        """Pass a point on the event loop; its effect comes ``after`` so many seconds, unless this is cancelled."""
        trap = self._sprung(point)
        if trap is None:
            return
        await asyncio.sleep(after + trap.linger)
        mark(self._folder, trap).touch()
        if trap.effect is Effect.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        while trap.effect is Effect.HOLD and not gate(self._folder).exists():  # noqa: ASYNC110  another process opens it
            await asyncio.sleep(0.01)

    def _sprung(self, point: str) -> Trap | None:
        with self._lock:
            self._passed[point] += 1
            return self._traps.get((point, self._passed[point]))


def mark(folder: Path, trap: Trap) -> Path:
    """The file that says that a trap sprang."""
    return folder / f"sprung-{trap.point.replace(':', '-')}-{trap.nth}"


def gate(folder: Path) -> Path:
    """The file that lets held calls go on."""
    return folder / "gate"
