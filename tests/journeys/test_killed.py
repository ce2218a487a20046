"""The whole program, as a process of its own, dies in the middle of its work."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.telegram.values import Change, Message
from tests.app.program import running
from tests.crash.machines import Process, wait_for
from tests.journeys.town import Town

VOTERS, SPEAKERS = 80, 20


@asynccontextmanager
async def at_work(town: Town) -> AsyncIterator[Process]:
    """``parvis run`` over the town's configuration; it is dead afterwards, whatever happens."""
    file = town.settings.file
    process = await asyncio.to_thread(running, file, file.with_name("said"))
    try:
        yield process
    finally:
        await asyncio.to_thread(process.end)


def dies_at_the_first_bubble(town: Town, process: Process) -> None:
    """Kill it in the very moment in which Telegram is told the first answer."""
    number = process.number

    def watch(change: Change) -> None:
        if change.kind == "toast":
            leave()
            os.kill(number, signal.SIGKILL)

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

    async with at_work(town) as process:
        dies_at_the_first_bubble(town, process)
        await asyncio.to_thread(wait_for, lambda: process.exit is not None, "it is dead")
    await town.opens()

    assert (await town.officer.tally("fete_envies")).counts == (VOTERS, 0, 0)
    assert len(await town.officer.replies()) == SPEAKERS
    assert len(town.world.the_bot().queue) == 0
