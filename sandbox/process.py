"""A pretended network as a process of its own.

Prints one line of JSON with its address when it listens, for programs, then a sentence for people: its page shows the
phones of its citizens. Runs until SIGTERM or SIGINT.
"""

import argparse
import asyncio
import errno
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sandbox.control import Json
from sandbox.journal import Journal
from sandbox.loopback import Loopback
from sandbox.pages.phone import Phone
from sandbox.pages.routes import at_the_real_hour
from sandbox.real_clock import RealClock


class Made(NamedTuple):
    """A network that does not listen yet; ``tells`` what programs want to know beside its address, once it does."""

    server: Loopback
    phone: Phone
    tells: Callable[[], Json]


_NO_PORT = {errno.EADDRINUSE: "is taken", errno.EACCES: "is not for you to open"}
Make: TypeAlias = Callable[[argparse.Namespace, Json, RealClock, Journal], Made]


def options(program: str, network: str, world: str) -> argparse.ArgumentParser:
    """What the command line may say; ``world`` is what a description of one holds."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=f"A loopback imitation of {network}.")
    parser.add_argument("--port", type=_port, default=0, help="0 takes any free one")
    parser.add_argument("--journal", type=Path, help="JSON lines of what was really accepted")
    parser.add_argument("--fsync", action="store_true", help="journal lines are on the disk before answers leave")
    parser.add_argument("--world", type=Path, help=f"{world}, as JSON")
    parser.add_argument("--unpaced", action="store_true", help="no rate limits")
    return parser


def run(chosen: argparse.Namespace, default: Json, make: Make) -> None:
    """Be the process. Ends with a sentence when it cannot begin."""
    description = default if chosen.world is None else _described(chosen.world)
    try:
        asyncio.run(_serve(chosen, description, make))
    except OSError as error:
        if error.errno not in _NO_PORT:
            raise
        problem = _NO_PORT[error.errno]
        sys.exit(f"port {chosen.port} {problem}: choose another one with --port, and name it in base_url")


def _port(said: str) -> int:
    if not said.isdecimal() or int(said) > 65535:
        raise argparse.ArgumentTypeError("a number from 0 to 65535")
    return int(said)


def _described(file: Path) -> Json:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(f"{file} cannot be read as JSON: {error}")
    if not isinstance(found, dict):
        sys.exit(f"{file} holds no JSON object")
    return found


def _journal(clock: RealClock, chosen: argparse.Namespace) -> Journal:
    try:
        return Journal(clock, chosen.journal, fsync=chosen.fsync)
    except OSError as error:
        sys.exit(f"{chosen.journal} cannot be written: {error.strerror}")


async def _serve(chosen: argparse.Namespace, description: Json, make: Make) -> None:
    clock = RealClock()
    journal = _journal(clock, chosen)
    try:
        server, phone, tells = make(chosen, description, clock, journal)
    except (KeyError, TypeError, ValueError) as error:
        sys.exit(f"{chosen.world} describes no world: {type(error).__name__}: {error}")
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    page = at_the_real_hour(phone)
    await asyncio.to_thread(page.read)
    page.attach(server.application)
    async with server:
        sys.stdout.write(json.dumps({"url": server.url, **tells()}) + "\n")
        sys.stdout.flush()
        sys.stderr.write(f"The phones of its citizens: {server.url}/ (Ctrl-C ends it)\n")
        await stopped.wait()
    journal.close()
