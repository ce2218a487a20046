"""Discord as a process of its own: ``python -m sandbox.discord --port 0 --journal FILE``. See ``sandbox.process``."""

import argparse
import sys

from sandbox import process
from sandbox.control import Json
from sandbox.discord.limits import Pace
from sandbox.discord.phone import DiscordPhone
from sandbox.discord.server import DiscordServer
from sandbox.discord.small import DEFAULT, furnish
from sandbox.discord.world import World
from sandbox.journal import Journal
from sandbox.process import Made
from sandbox.real_clock import RealClock


def make(chosen: argparse.Namespace, description: Json, clock: RealClock, journal: Journal) -> Made:
    """A town on Discord."""
    world = World(clock=clock, journal=journal)
    furnish(world, description)
    server = DiscordServer(world, port=chosen.port, pace=None if chosen.unpaced else Pace())

    def tells() -> Json:
        return {
            "api": server.api_url,
            "gateway": server.gateway_url,
            "tokens": list(world.bots),
            "guilds": list(world.guilds),
            "chats": list(world.channels),
        }

    return Made(server, DiscordPhone(world), tells)


def main(arguments: list[str]) -> None:
    """Run the process."""
    parser = process.options("sandbox.discord", "Discord", "a guild, people, bots and channels")
    process.run(parser.parse_args(arguments), DEFAULT, make)


if __name__ == "__main__":
    main(sys.argv[1:])
