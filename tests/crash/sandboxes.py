"""The imitations of the networks as processes, on the story's time: a nonce or a key is forgotten when it would be."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.discord import small as guilds
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World as Guilds
from sandbox.journal import Journal
from sandbox.mastodon import small as fediverse
from sandbox.mastodon.profiles import PROFILES
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.world import World as Fediverse
from sandbox.telegram import small as chats
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World as Chats
from tests.crash.networks import NETWORKS, Network
from tests.crash.storytime import StoryTime, hours

Made = tuple[AbstractAsyncContextManager[Any], Callable[[], dict[str, object]]]


def be(network: str, folder: str) -> None:
    """Be the process: listen for ever. Writes its address when it does."""
    asyncio.run(_listen(NETWORKS[network], Path(folder)))


async def _listen(network: Network, folder: Path) -> None:
    clock = StoryTime(hours(folder))
    journal = Journal(clock, folder / "journal", fsync=True)
    server, ready = made(network, clock, journal)
    async with server:
        (folder / "sandbox").write_text(json.dumps(ready()) + "\n", encoding="utf-8")
        await asyncio.Event().wait()


def made(network: Network, clock: StoryTime, journal: Journal) -> Made:
    """A server that does not listen yet, and what there is to say once it does."""
    return _MADE[network.platform](network, clock, journal)


def _telegram(network: Network, clock: StoryTime, journal: Journal) -> Made:
    world = Chats(clock=clock, journal=journal)
    chats.furnish(world, dict(network.world))
    server = TelegramServer(world, pace=None)
    return server, lambda: {"url": server.url, "people": {str(user): user for user in world.users}}


def _discord(network: Network, clock: StoryTime, journal: Journal) -> Made:
    world = Guilds(clock=clock, journal=journal, resumable=timedelta())
    guilds.furnish(world, dict(network.world))
    server = DiscordServer(world, pace=None)
    people = {str(user): user for user in world.users}
    return server, lambda: {"url": server.url, "base_url": server.api_url, "people": people}


def _mastodon(network: Network, clock: StoryTime, journal: Journal) -> Made:
    world = Fediverse(clock=clock, journal=journal, profile=PROFILES[network.name])
    fediverse.furnish(world, dict(network.world))
    server = MastodonServer(world, pace=None)
    people = {
        account.id: int(account.acct.removeprefix("c"))
        for account in world.accounts.values()
        if account.acct.removeprefix("c").isdecimal()
    }
    return server, lambda: {"url": server.url, "people": people}


_MADE: dict[str, Callable[[Network, StoryTime, Journal], Made]] = {
    "telegram": _telegram,
    "discord": _discord,
    "mastodon": _mastodon,
}
