"""Telegram as a process of its own: ``python -m sandbox --port 0 --journal FILE``. See ``sandbox.process``."""

import argparse
import sys

from sandbox import process
from sandbox.control import Json
from sandbox.journal import Journal
from sandbox.process import Made
from sandbox.real_clock import RealClock
from sandbox.telegram.limits import Pace
from sandbox.telegram.phone import TelegramPhone
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.small import DEFAULT, furnish
from sandbox.telegram.world import World


def make(chosen: argparse.Namespace, description: Json, clock: RealClock, journal: Journal) -> Made:
    """A town on Telegram."""
    world = World(clock=clock, journal=journal)
    furnish(world, description)
    server = TelegramServer(world, port=chosen.port, pace=None if chosen.unpaced else Pace())
    return Made(server, TelegramPhone(world), lambda: {"tokens": list(world.bots), "chats": list(world.chats)})


def main(arguments: list[str]) -> None:
    """Run the process."""
    parser = process.options("sandbox", "Telegram", "people, bots and chats")
    process.run(parser.parse_args(arguments), DEFAULT, make)


if __name__ == "__main__":
    main(sys.argv[1:])
