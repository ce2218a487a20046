"""What each contender goes through: a warm-up, bursts of presses for the CPU, a steady stream for the waits."""

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import ProxyHandler, build_opener

from benchmarks.machine import ROOT
from benchmarks.rounds import Measures, percentiles

Until = Callable[[], Awaitable[None]]
Listening = Callable[[str, Until], Coroutine[None, None, None]]  # listens at this address until the load is over
_WARMING = 10  # the warm-up is this part of a burst
_BURSTS = 3
_PATIENCE = 600.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much: presses in each burst, then so many presses a second for so many seconds."""

    burst: int
    rate: int
    seconds: int


@contextmanager
def server(program: str) -> Iterator[str]:
    """The address of this server in a process of its own."""
    command = [sys.executable, "-m", program]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def measured(url: str, load: Load, listening: Listening) -> Measures:
    """The CPU of this process for each press in bursts, and the waits of a steady stream."""
    found: dict[str, float] = {}

    async def until() -> None:
        found.update(await _put_through(url, load))

    asyncio.run(listening(url, until))
    return found


async def _put_through(url: str, load: Load) -> Measures:
    await asked(f"{url}/burst?count={load.burst // _WARMING}")
    gc.collect()
    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(_BURSTS):
        await asked(f"{url}/burst?count={load.burst}")
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    waits = await asked(f"{url}/stream?count={load.rate * load.seconds}&rate={load.rate}")
    presses = _BURSTS * load.burst
    return {"CPU µs/vote": cpu / presses * 1e6, "votes/s": presses / wall, **percentiles(waits)}


async def asked(address: str) -> list[float]:
    """What the benchmark's server answers; waiting for it in a thread costs nothing."""
    waits: list[float] = json.loads(await asyncio.to_thread(_read, address))
    return waits


def _read(address: str) -> bytes:
    with build_opener(ProxyHandler({})).open(address, timeout=_PATIENCE) as answer:
        body: bytes = answer.read()
        return body
