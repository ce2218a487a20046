"""``python -m benchmarks.fanout.network NETWORK NUMBER JOURNAL``: the sandbox with its limits, until it is ended.

``NUMBER`` people have started the bot on Telegram; on Discord so many channels stand open. Prints its address.
"""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from app.clock import SystemClock
from sandbox.discord import small as guilds
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World as Guilds
from sandbox.journal import Journal
from sandbox.mastodon import small as fediverse
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.world import World as Fediverse
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat
from sandbox.telegram.world import World as Chats

TOKEN = "1000001:AAH-a_sandbox_token_of_the_usual_length"  # noqa: S105  of nobody
FIRST = 10_000  # the number of the first person, or channel
CHANNEL = -1001
Made = tuple[AbstractAsyncContextManager[Any], Callable[[], str]]


def _telegram(clock: SystemClock, journal: Journal, number: int) -> Made:
    world = Chats(clock=clock, journal=journal)
    bot = world.add_bot(TOKEN, username="ville_bot")
    for person in range(FIRST, FIRST + number):
        world.add_user(person, f"P{person}", language_code="fr")
        world.start(person, bot=bot.id)
    for rank in range(number):
        world.add_chat(Chat(id=CHANNEL - rank, kind="channel", title=f"Place {rank}"))
        world.promote(CHANNEL - rank, bot.id)
    bot.queue.clear()
    server = TelegramServer(world)
    return server, lambda: server.url


def _discord(clock: SystemClock, journal: Journal, number: int) -> Made:
    world = Guilds(clock=clock, journal=journal)
    channels = [{"id": FIRST + rank, "kind": "text", "name": f"place-{rank}"} for rank in range(number)]
    guilds.furnish(
        world,
        {
            "guild": {"id": 800, "name": "Ville", "owner": 101},
            "users": [{"id": 101, "name": "Anne", "locale": "fr"}],
            "bots": [{"token": TOKEN, "id": 900, "username": "ville-bot"}],
            "channels": channels,
        },
    )
    server = DiscordServer(world)
    return server, lambda: server.api_url


def _mastodon(clock: SystemClock, journal: Journal, _number: int) -> Made:
    world = Fediverse(clock=clock, journal=journal)
    fediverse.furnish(world, {"bots": [{"token": TOKEN, "username": "ville"}], "users": []})
    server = MastodonServer(world)
    return server, lambda: server.url


_MADE = {"telegram": _telegram, "discord": _discord, "mastodon": _mastodon}


async def _listen(network: str, number: int, journal: Path) -> None:
    clock = SystemClock()
    server, url = _MADE[network](clock, Journal(clock, journal), number)
    async with server:
        sys.stdout.write(url() + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_listen(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
