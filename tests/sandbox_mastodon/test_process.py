"""The imitation as a process of its own, for those who are killed and started again beside it."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sandbox.journal import Journal, read
from sandbox.mastodon.small import furnish
from sandbox.mastodon.world import World
from tests.sandbox_mastodon.conftest import HandClock


async def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """Its address on its first line, its journal on the disk at its end."""
    journal = tmp_path / "journal.jsonl"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox.mastodon", "--profile", "gotosocial", "--journal", str(journal), "--fsync",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))

    headers = {"Authorization": f"Bearer {ready['tokens'][0]}"}
    address = f"{ready['url']}/api/v1/statuses"
    async with ClientSession() as session, session.post(address, data={"status": "Avis"}, headers=headers) as answer:
        posted = answer.status
    process.send_signal(signal.SIGTERM)
    ended = await asyncio.wait_for(process.wait(), 20)

    entries = await asyncio.to_thread(read, journal)
    assert (posted, ended) == (200, 0)
    assert [(entry["kind"], entry["method"]) for entry in entries] == [("call", "POST /api/v1/statuses")]


@pytest.mark.parametrize("description", [{"users": {}}, {"bots": [{"token": "t", "username": "b", "scopes": "read"}]}])
def test_a_description_that_makes_no_sense_is_refused(clock: HandClock, description: dict[str, object]) -> None:
    """Before anybody moves in."""
    world = World(clock=clock, journal=Journal(clock))

    with pytest.raises(TypeError):
        furnish(world, description)
    assert not world.accounts


def test_scopes_that_are_no_list_are_refused() -> None:
    """A word would be taken for its letters."""
    bot = {"token": "t", "username": "ville", "scopes": "read"}

    with pytest.raises(TypeError, match="scopes must be a list"):
        furnish(World(), {"bots": [bot]})


def test_people_may_have_a_language_or_none() -> None:
    """As on any server."""
    world = World()

    furnish(world, {"users": [{"acct": "anne", "name": "Anne", "language": "fr"}, {"acct": "bob", "name": "Bob"}]})

    assert [account.language for account in world.accounts.values()] == ["fr", None]
