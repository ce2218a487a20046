"""Telegram with many bots and their people: ``python -m benchmarks.workers.network JOURNAL ACCOUNTS PEOPLE``.

Says where it listens, keeps its limits, and works until it is told to stop.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

from sandbox.journal import Journal
from sandbox.real_clock import RealClock
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World


def token(account: int) -> str:
    """The token of an account."""
    return f"{1000001 + account}:AAH-a-sandbox-token-of-the-town"


def people(account: int, number: int) -> range:
    """Who reads what an account sends."""
    return range(100_000 * (account + 1), 100_000 * (account + 1) + number)


async def serve(journal: Path, accounts: int, number: int) -> None:
    """Listen until told to stop."""
    clock, stopped = RealClock(), asyncio.Event()
    world = World(clock=clock, journal=Journal(clock, journal))
    for account in range(accounts):
        bot = world.add_bot(token(account), username=f"rives{account}_bot")
        for person in people(account, number):
            world.add_user(person, f"P{person}", language_code="fr")
            world.start(person, bot=bot.id)
        bot.queue.clear()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with TelegramServer(world) as server:
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
