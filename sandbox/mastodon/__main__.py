"""A server of the fediverse as a process of its own: ``python -m sandbox.mastodon --port 0 --profile gotosocial``.

See ``sandbox.process``.
"""

import argparse
import sys

from sandbox import process
from sandbox.control import Json
from sandbox.journal import Journal
from sandbox.mastodon.limits import Pace
from sandbox.mastodon.phone import MastodonPhone
from sandbox.mastodon.profiles import PROFILES
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.small import DEFAULT, furnish
from sandbox.mastodon.world import World
from sandbox.process import Made
from sandbox.real_clock import RealClock


def make(chosen: argparse.Namespace, description: Json, clock: RealClock, journal: Journal) -> Made:
    """A town on Mastodon, or on another server that speaks its language."""
    world = World(clock=clock, journal=journal, profile=PROFILES[chosen.profile], domain=chosen.domain)
    furnish(world, description)
    server = MastodonServer(world, port=chosen.port, pace=None if chosen.unpaced else Pace())

    def tells() -> Json:
        return {
            "tokens": list(world.tokens),
            "accounts": {account.acct: account.id for account in world.accounts.values()},
        }

    return Made(server, MastodonPhone(world), tells)


def main(arguments: list[str]) -> None:
    """Run the process."""
    parser = process.options("sandbox.mastodon", "Mastodon", "people and bots")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="mastodon", help="which kind of server")
    parser.add_argument("--domain", default="mairie.example", help="the server's name in addresses")
    process.run(parser.parse_args(arguments), DEFAULT, make)


if __name__ == "__main__":
    main(sys.argv[1:])
