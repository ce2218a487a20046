"""What every forked process begins with: the story was once played from end to end, on each kind of network.

So all code is read, the statements and the words are compiled, and nobody does it again. Nothing of it is looked at
again by the collector of garbage either, which would copy it all into each process.
"""

import asyncio
import gc
import logging
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.journal import Journal
from tests.crash import keepers
from tests.crash.machines import World
from tests.crash.networks import DISCORD, MASTODON, TELEGRAM, Network
from tests.crash.orders import Orders
from tests.crash.sandboxes import made
from tests.crash.story import A_MOMENT, CLOSING, FIRST_VOTES, START
from tests.crash.storytime import StoryTime, hours, tell
from tests.crash.town import MEMORY, Town, settled
from tests.crash.townhall import lay_out
from tests.crash.traps import Tripwire
from tests.crash.victim import live

READ_AHEAD = (keepers,)  # they play in no story


async def _everywhere(home: Path) -> None:
    async with asyncio.TaskGroup() as group:
        for network in (TELEGRAM, DISCORD, MASTODON):
            group.create_task(_lived(home / network.name, network))


async def _lived(folder: Path, network: Network) -> None:
    await lay_out(folder, public=False)
    tell(hours(folder), START + A_MOMENT, network.pace)
    clock = StoryTime(hours(folder))
    server, ready = made(network, clock, Journal(clock, folder / "journal"))
    async with server:
        world = World(folder, network, ready())
        told = partial(asyncio.to_thread, _voted, Town(folder, world))
        await live(Orders(folder=str(folder), clock=str(hours(folder))), Tripwire((), folder), told)


def _voted(town: Town) -> None:
    """Be the citizens, until the result is out."""
    town.until(lambda: _out(town, opening=True), "the poll is out")
    town.vote(FIRST_VOTES)
    town.until(town.is_quiet, "the votes are counted")
    town.leap(CLOSING)
    town.until(lambda: _out(town, opening=False), "the result is out")
    town.until(town.is_quiet, "everybody was answered")
    town.sandbox.end()


def _out(town: Town, *, opening: bool) -> bool:
    return settled([row for row in town.look().deliveries if row.opening is opening])


logging.disable()
with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
    asyncio.run(_everywhere(Path(folder)))
logging.disable(logging.NOTSET)
gc.collect()
gc.freeze()
