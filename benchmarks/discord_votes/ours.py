"""Parvis on Discord: the adapter with its line to the gateway, the runner, the store on SQLite, the templates."""

import asyncio
from pathlib import Path

from adapters.discord.adapter import DiscordAdapter
from app.clock import SystemClock
from benchmarks import hall
from benchmarks.discord_votes.server import TOKEN
from benchmarks.presses import Load, Until, measured
from benchmarks.rounds import Measures
from benchmarks.votes.town import ACCOUNT
from core.ports.platform import Introduction


def whole(url: str, load: Load, folder: str) -> Measures:
    """Votes heard, stored, counted and answered."""

    async def listening(url: str, until: Until) -> None:
        adapter = DiscordAdapter(account=ACCOUNT, token=TOKEN, base_url=f"{url}/api/v10", clock=SystemClock())
        await adapter.open(Introduction(), known=None)
        keeps = asyncio.create_task(adapter.keep())
        try:
            await hall.serve(adapter, Path(folder), until)
        finally:
            keeps.cancel()
            await asyncio.wait((keeps,))
            await adapter.close()

    return measured(url, load, listening)
