"""The imitation as a process of its own: ``python -m sandbox.mastodon --port 0 --journal FILE --profile gotosocial``.

Prints one line of JSON with its address when it listens, then for people where the phones of its
citizens are. Runs until SIGTERM or SIGINT.
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from sandbox.journal import Journal
from sandbox.mastodon.limits import Pace
from sandbox.mastodon.phone import MastodonPhone
from sandbox.mastodon.profiles import PROFILES
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.small import DEFAULT, furnish
from sandbox.mastodon.values import Json
from sandbox.mastodon.world import World
from sandbox.pages.routes import at_the_real_hour
from sandbox.real_clock import RealClock


def options(arguments: list[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.mastodon", description="A loopback imitation of Mastodon.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="mastodon", help="which kind of server")
    parser.add_argument("--domain", default="mairie.example", help="the server's name in addresses")
    parser.add_argument("--journal", type=Path, help="JSON lines of what was really accepted")
    parser.add_argument("--fsync", action="store_true", help="journal lines are on the disk before answers leave")
    parser.add_argument("--world", type=Path, help="people and bots, as JSON")
    parser.add_argument("--unpaced", action="store_true", help="no rate limits")
    return parser.parse_args(arguments)


async def serve(chosen: argparse.Namespace, description: Json) -> None:
    """Listen until told to stop."""
    clock = RealClock()
    journal = Journal(clock, chosen.journal, fsync=chosen.fsync)
    world = World(clock=clock, journal=journal, profile=PROFILES[chosen.profile], domain=chosen.domain)
    furnish(world, description)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    page = at_the_real_hour(MastodonPhone(world))
    await asyncio.to_thread(page.read)
    server = MastodonServer(world, port=chosen.port, pace=None if chosen.unpaced else Pace())
    page.attach(server.application)
    async with server:
        accounts = {account.acct: account.id for account in world.accounts.values()}
        sys.stdout.write(json.dumps({"url": server.url, "tokens": list(world.tokens), "accounts": accounts}) + "\n")
        sys.stdout.flush()
        sys.stderr.write(f"The phones of its citizens: {server.url}/ (Ctrl-C ends it)\n")
        await stopped.wait()
    journal.close()


def main() -> None:
    """Run the process."""
    chosen = options(sys.argv[1:])
    asyncio.run(serve(chosen, DEFAULT if chosen.world is None else json.loads(chosen.world.read_text("utf-8"))))


if __name__ == "__main__":
    main()
