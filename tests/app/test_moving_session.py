"""A session at Discord's gateway that moves from one host to another and back, while people vote and write."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from app.accounts import platform_of
from app.keys import opened
from app.service import Service
from core.errors import Superseded
from core.identifiers import LaneName
from core.ports.engine import Keep, Role
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World
from templates.render import JinjaWords
from tests.app.hurry import until, working
from tests.app.networks import DISCORD, Network, Square, square

pytestmark = pytest.mark.usefixtures("socket_enabled")
ANNE, BILAL, CHLOE = range(3)


class Told:
    """A placement that gives and takes lanes when the test says so, all at once."""

    shared = True

    def __init__(self) -> None:
        self._ours, self._gone = asyncio.Event(), asyncio.Event()

    async def run(self, lanes: Collection[LaneName], keep: Keep) -> None:
        """Keep them while they are ours."""
        while True:
            await self._ours.wait()
            self._gone.clear()
            async with asyncio.TaskGroup() as group:
                holders = [group.create_task(_kept(keep, lane)) for lane in lanes]
                await self._gone.wait()
                for holder in holders:
                    holder.cancel()

    def take(self) -> None:
        """They are ours, whoever else believes to have them."""
        self._ours.set()

    def lose(self) -> None:
        """They are another's, and we are told so."""
        self._ours.clear()
        self._gone.set()


async def _kept(keep: Keep, lane: LaneName) -> None:
    with suppress(Superseded):
        await keep(lane)


@asynccontextmanager
async def hosts(town: Square, *placements: Told) -> AsyncIterator[None]:
    """Processes beside the town's own, that hear people when their placement says so."""
    async with AsyncExitStack() as stack:
        for placement in placements:
            await stack.enter_async_context(working(await _host(town, placement)))
        yield


async def _host(town: Square, placement: Told) -> Service:
    (account,) = town.settings.accounts
    vault = await opened(town.settings, town.service.store)
    return Service(
        town=town.settings.town,
        store=town.service.store,
        vault=vault,
        words=await asyncio.to_thread(partial(JinjaWords, town=town.settings.town.name)),
        clock=town.clock,
        platforms={account.name: await asyncio.to_thread(platform_of, account, town.settings, town.clock)},
        placement=placement,
        role=Role.GATEWAY,
    )


async def takes(town: Square, placement: Told) -> None:
    """Let this host take the lane over, and wait until Discord has begun a session for it."""
    (bot,) = _world(town).bots.values()
    before = bot.identified
    placement.take()
    await until(lambda: bot.identified > before)


async def loses(town: Square, placement: Told) -> None:
    """Tell this host that the lane is another's, and wait until nobody listens."""
    (bot,) = _world(town).bots.values()
    placement.lose()
    await until(lambda: not bot.sessions)


def _world(town: Square) -> World:
    server = town.networks[DISCORD].server
    assert isinstance(server, DiscordServer)
    return server.world


async def begun(town: Square) -> Network:
    """The vote is open, it can be talked about, and the town's own process listens."""
    await town.opened(DISCORD)
    await town.begin()
    await town.opens(DISCORD)
    discord = town.networks[DISCORD]
    post = int(discord.asked()[-1][1])
    await until(lambda: post in _world(town).channels)  # the thread below it
    return discord


async def replied(town: Square, *texts: str) -> None:
    """Wait until these replies are stored, and no other."""
    async with asyncio.timeout(20):
        while True:
            found = await town.service.store.read(lambda books: books.replies.all())
            if sorted(reply.text for reply in found) == sorted(texts):
                return
            await asyncio.sleep(0.03)


async def test_a_session_moves_between_hosts_and_nothing_is_heard_twice_or_lost(tmp_path: Path) -> None:
    """Whoever had it and was not told hears the same as the new one: what it does with that is refused."""
    one, other = Told(), Told()
    async with square(tmp_path, DISCORD) as town, hosts(town, one, other):
        discord = await begun(town)
        discord.votes(ANNE, 0)
        await town.counted(1, 0, 0)

        await takes(town, one)  # from the town's own process, as from one that was frozen
        discord.votes(BILAL, 1)
        discord.talks(CHLOE, "En bois clair")
        await town.counted(1, 1, 0)
        await loses(town, one)
        discord.talks(CHLOE, "Ou en pierre")
        await takes(town, other)
        await replied(town, "En bois clair", "Ou en pierre")
        discord.votes(BILAL, 2)
        await town.counted(1, 0, 1)
        await takes(town, one)  # back, and the other was not told
        discord.votes(ANNE, 2)
        discord.talks(CHLOE, "Ou en fer")
        await town.counted(0, 0, 2)
        await replied(town, "En bois clair", "Ou en pierre", "Ou en fer")

        assert [len(discord.told(rank)) for rank in (ANNE, BILAL, CHLOE)] == [2, 2, 0]
