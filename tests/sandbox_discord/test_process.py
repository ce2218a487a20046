"""The imitation as a process of its own, for those who are killed and started again beside it."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sandbox.discord.small import DEFAULT, NEWS, furnish
from sandbox.discord.values import Json
from sandbox.discord.world import World
from sandbox.journal import read


async def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """Its addresses on its first line, its journal on the disk at its end."""
    journal = tmp_path / "journal.jsonl"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox.discord", "--unpaced", "--journal", str(journal), "--fsync",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))

    headers = {"Authorization": f"Bot {ready['tokens'][0]}"}
    address = f"{ready['api']}/channels/{NEWS}/messages"
    async with ClientSession() as session, session.post(address, json={"content": "Avis"}, headers=headers) as answer:
        posted = answer.status
    process.send_signal(signal.SIGTERM)
    ended = await asyncio.wait_for(process.wait(), 20)

    entries = await asyncio.to_thread(read, journal)
    assert (posted, ended) == (200, 0)
    assert [(entry["kind"], entry["method"], entry["network"]) for entry in entries] == [
        ("call", "create_message", "discord")
    ]


@pytest.mark.parametrize(
    "wrong", [{"users": {}}, {"guild": []}, {"users": [{"id": "101", "name": "Anne"}]}], ids=["users", "guild", "id"]
)
def test_a_description_that_makes_no_sense_is_refused(wrong: Json) -> None:
    """With what is wrong in it."""
    with pytest.raises(TypeError):
        furnish(World(), DEFAULT | wrong)


def test_the_town_that_stands_there_by_itself_has_people_channels_and_a_bot() -> None:
    """Whoever tries something out needs no description."""
    world = World()

    furnish(world, DEFAULT | {"bots": [{"token": "blind", "id": 901, "username": "blind", "reads_all": False}]})

    assert {channel.name for channel in world.channels.values()} >= {"annonces", "place", "idées"}
    assert world.bots["blind"].granted == 0
