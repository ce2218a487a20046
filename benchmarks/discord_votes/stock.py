"""The usual bot: discord.py's Client as documented, with a ``DynamicItem`` for the buttons.

Its callback reads the vote from the button's name, stores it, and answers with a message that only the presser sees.
That a press is lost when the process stops before it is stored is left as it usually is.
"""

import asyncio
import re

import discord
import yarl
from discord.http import Route

from benchmarks.discord_votes.server import TOKEN
from benchmarks.presses import Load, Until, measured
from benchmarks.rounds import Measures
from benchmarks.usual import Keep, by_sqlmodel, by_upsert, nowhere


def with_sqlmodel(url: str, load: Load, folder: str) -> Measures:
    """Each vote is one session."""
    return _measured(url, load, by_sqlmodel(folder))


def with_upsert(url: str, load: Load, folder: str) -> Measures:
    """Each vote is one statement."""
    return _measured(url, load, by_upsert(folder))


def without_storage(url: str, load: Load, _folder: str) -> Measures:
    """Nothing is stored."""
    return _measured(url, load, nowhere)


def _measured(url: str, load: Load, keep: Keep) -> Measures:
    class Option(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"v1:([a-z_]+):([0-9]+)"):
        def __init__(self, poll: str, option: int) -> None:
            super().__init__(discord.ui.Button(label="Option", custom_id=f"v1:{poll}:{option}"))
            self.poll, self.option = poll, option

        @classmethod
        async def from_custom_id(
            cls,
            _interaction: discord.Interaction[discord.Client],
            _item: discord.ui.Item[discord.ui.View],
            found: re.Match[str],
        ) -> "Option":
            return cls(found[1], int(found[2]))

        async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
            keep(self.poll, interaction.user.id, self.option)
            await interaction.response.send_message("C'est noté : La passerelle.", ephemeral=True)

    async def listening(url: str, until: Until) -> None:
        Route.BASE = f"{url}/api/v10"
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"{url.replace('http', 'ws')}/gateway")
        client = discord.Client(intents=discord.Intents.default())
        client.add_dynamic_items(Option)
        works = asyncio.create_task(client.start(TOKEN))
        await until()
        await client.close()
        await asyncio.wait((works,))

    return measured(url, load, listening)
