"""A public vote, as people on Telegram live it: its own poll, then results with each count apart."""

import asyncio
from pathlib import Path

from tests.journeys.people import Citizen, as_read
from tests.journeys.town import FETE, Town


async def test_a_public_vote_from_the_question_to_the_results(
    town: Town, anne: Citizen, ben: Citizen, tmp_path: Path
) -> None:
    """People vote in the network's own poll; it closes with ours, and its final counts are published under its name."""
    file = tmp_path / "public.toml"
    plan = (await asyncio.to_thread(FETE.read_text, "utf-8")).replace("kind =", "public = true\nkind =", 1)
    await asyncio.to_thread(file.write_text, plan, "utf-8")

    await town.officer.starts(file)
    (asked,) = town.posts()
    for citizen, chosen in ((anne, (0,)), (ben, (1,)), (anne, (1,))):
        town.world.vote(citizen.id, asked.chat, asked.id, chosen)
    await town.waits(days=2)

    (poll,) = town.world.polls.values()
    results = as_read(town.posts()[-1].text)
    assert (asked.poll, poll.closed, list(town.world.buttons(town.place, asked.id))) == (poll.id, True, [])
    assert "Sondage de Telegram" in results
    assert ": 2 voix" in results
    assert "provisoires" not in results
