"""The whole program, as a process of its own, dies in the middle of its work."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.telegram.values import Change, Message
from tests.journeys.town import Town

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from cli.main import main; main()")
VOTERS, SPEAKERS = 80, 20


@asynccontextmanager
async def running(town: Town) -> AsyncIterator[asyncio.subprocess.Process]:
    """``parvis run`` over the town's configuration; it is dead afterwards, whatever happens."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "--config", str(town.settings.file), "run",
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def dies_at_the_first_bubble(town: Town, process: asyncio.subprocess.Process) -> None:
    """Kill it in the very moment in which Telegram is told the first answer."""

    def watch(change: Change) -> None:
        if change.kind == "toast":
            leave()
            process.kill()

    leave = town.world.subscribe(watch)


async def test_a_hundred_updates_take_effect_once_although_the_program_is_killed_among_them(
    town: Town, fete: Message
) -> None:
    """Telegram case 26. A second press on an answer takes it away: heard twice, these votes would be gone."""
    crowd = [town.citizen(f"Citizen {number}") for number in range(VOTERS + SPEAKERS)]
    await town.closes()
    for citizen in crowd[:VOTERS]:
        citizen.touches("Un bal", under=fete)
    for citizen in crowd[VOTERS:]:
        town.world.write(citizen.id, town.square.id, "Avec un orchestre !", reply_to=town.mirror(fete).id)

    async with running(town) as process:
        dies_at_the_first_bubble(town, process)
        await process.wait()
    await town.opens()

    assert (await town.officer.tally("fete_envies")).counts == (VOTERS, 0, 0)
    assert len(await town.officer.replies()) == SPEAKERS
    assert len(town.world.the_bot().queue) == 0
