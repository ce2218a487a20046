"""The imitation as a process of its own: ``python -m sandbox --port 0 --journal FILE``.

Prints one line of JSON with its address when it listens, for programs, then a sentence for people: its page shows the
phones of its citizens. Runs until SIGTERM or SIGINT.
"""

import argparse
import asyncio
import errno
import json
import signal
import sys
from pathlib import Path

from sandbox.journal import Journal
from sandbox.pages.routes import at_the_real_hour
from sandbox.real_clock import RealClock
from sandbox.telegram.limits import Pace
from sandbox.telegram.phone import TelegramPhone
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.small import DEFAULT, furnish
from sandbox.telegram.values import Json
from sandbox.telegram.world import World


def options(arguments: list[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A loopback imitation of Telegram.")
    parser.add_argument("--port", type=_port, default=0, help="0 takes any free one")
    parser.add_argument("--journal", type=Path, help="JSON lines of what was really accepted")
    parser.add_argument("--fsync", action="store_true", help="journal lines are on the disk before answers leave")
    parser.add_argument("--world", type=Path, help="people, bots and chats, as JSON")
    parser.add_argument("--unpaced", action="store_true", help="no rate limits")
    return parser.parse_args(arguments)


def _port(said: str) -> int:
    if not said.isdecimal() or int(said) > 65535:
        raise argparse.ArgumentTypeError("a number from 0 to 65535")
    return int(said)


async def serve(chosen: argparse.Namespace, description: Json) -> None:
    """Listen until told to stop."""
    clock = RealClock()
    journal = Journal(clock, chosen.journal, fsync=chosen.fsync)
    world = World(clock=clock, journal=journal)
    furnish(world, description)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    page = at_the_real_hour(TelegramPhone(world))
    await asyncio.to_thread(page.read)
    server = TelegramServer(world, port=chosen.port, pace=None if chosen.unpaced else Pace())
    page.attach(server.application)
    async with server:
        ready = {"url": server.url, "tokens": list(world.bots), "chats": list(world.chats)}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        sys.stderr.write(f"The phones of its citizens: {server.url}/ (Ctrl-C ends it)\n")
        await stopped.wait()
    journal.close()


def main(arguments: list[str]) -> None:
    """Run the process."""
    chosen = options(arguments)
    description = DEFAULT if chosen.world is None else json.loads(chosen.world.read_text("utf-8"))
    try:
        asyncio.run(serve(chosen, description))
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        sys.exit(f"port {chosen.port} is taken: choose another one with --port, and name it in base_url")


if __name__ == "__main__":
    main(sys.argv[1:])
