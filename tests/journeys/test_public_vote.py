"""A public vote, as people on Telegram live it: its own poll, then results with each count apart."""

import asyncio
import json
from pathlib import Path

from sandbox.faults import Fault, Harm
from sandbox.journal import Entry
from tests.journeys.people import Citizen, as_read
from tests.journeys.town import FETE, Town
from tests.scripts.recounting import judged


async def test_a_public_vote_from_the_question_to_the_results(
    town: Town, anne: Citizen, ben: Citizen, tmp_path: Path
) -> None:
    """People vote in the network's own poll; it closes with ours, and its final counts are published under its name."""
    await town.officer.starts(await _public(tmp_path))
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
    assert [await _recounted(tmp_path, entries) for entries in (town.world.journal.entries, _less(town))] == [0, 1]


async def test_results_do_not_hide_a_poll_that_was_lost(town: Town, anne: Citizen, tmp_path: Path) -> None:
    """It stands there and people vote in it, but Telegram's answer never came: nobody can look at it."""
    town.stage.server.faults.add(Fault(harm=Harm.CUT_AFTER, method="sendPoll"))

    await town.officer.starts(await _public(tmp_path))
    (asked,) = town.posts()
    town.world.vote(anne.id, asked.chat, asked.id, (0,))
    await town.waits(days=2)

    results = as_read(town.posts()[-1].text)
    assert "Sondage de Telegram" in results
    assert "Nous ne connaissons pas ses résultats" in results


async def _public(folder: Path) -> Path:
    """The campaign of the fair, with a public vote."""
    file = folder / "public.toml"
    plan = (await asyncio.to_thread(FETE.read_text, "utf-8")).replace("kind =", "public = true\nkind =", 1)
    await asyncio.to_thread(file.write_text, plan, "utf-8")
    return file


def _less(town: Town) -> list[Entry]:
    """What happened, without the last vote in the network's own poll."""
    last = [entry for entry in town.world.journal.entries if entry["kind"] == "voted"][-1]
    return [entry for entry in town.world.journal.entries if entry is not last]


async def _recounted(folder: Path, entries: list[Entry]) -> int:
    """What the separate program says of it."""
    journal, lines = folder / "journal", "".join(json.dumps(entry) + "\n" for entry in entries)
    await asyncio.to_thread(journal.write_text, lines, "utf-8")
    return (await asyncio.to_thread(judged, journal)).returncode
