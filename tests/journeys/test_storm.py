"""A storm in the debates while people vote: two hundred messages a second, and every vote is counted and answered."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest

from core.ports.store import Books
from sandbox.real_clock import RealClock
from tests.journeys.people import Citizen
from tests.journeys.test_promptness import Watch
from tests.journeys.town import FETE, MONDAY, Town, at_work

SECONDS, A_SECOND, VOTES = 0.5, 200, 20  # real time passes here
MESSAGES = round(SECONDS * A_SECOND)
EVERY = A_SECOND // VOTES  # message somebody presses
SAID = (
    "Bonjour, la halle doit rester ouverte le samedi matin : c’est là que je fais mon marché depuis 20 ans !",
    *("D’accord avec Paul.", "Moi aussi.", "Et le parking, on en parle ?", "Non !", "Merci à tous.") * 3,
    "Quel abruti, celui qui a décidé ça.",
)
LONGEST = 5.0  # the town, the pretended Telegram and the crowd share one process here; benchmarks.storm measures


@pytest.fixture
async def town(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Town]:
    """A town whose clock runs with the real one, and which keeps a journal of its debates."""
    database = Path(copy(sqlite_template, tmp_path / "town.db"))
    async with at_work(tmp_path, database, flowing=True, journal=True) as town:
        await town.officer.starts(FETE)
        yield town


async def test_a_storm_in_the_debates_harms_no_vote(town: Town) -> None:
    """Every press is answered in time and counted once; every message is judged."""
    fete, clock, watch = town.published("Que voulez-vous"), RealClock(), Watch(town)
    voters = [town.citizen(f"Voter {number}") for number in range(MESSAGES // EVERY)]
    crowd = [town.citizen(f"Citizen {number}") for number in range(100)]
    begin = clock.now()

    for rank in range(MESSAGES):
        await clock.sleep_until(begin + rank * timedelta(seconds=1 / A_SECOND))
        _say(town, crowd[rank % len(crowd)], SAID[rank % len(SAID)])
        if rank % EVERY == 0:
            voter = voters[rank // EVERY]
            watch.begins(voter.id)
            voter.touches("Des jeux", under=fete)
    await town.rests()

    tally = await town.officer.tally("fete_envies")
    assert (tally.voters, tally.counts) == (len(voters), (0, 0, len(voters)))
    assert len(watch.seconds) == len(voters)
    assert max(watch.seconds) < LONGEST
    assert await town.officer.office.store.read(_judged) == MESSAGES


def _say(town: Town, citizen: Citizen, text: str) -> None:
    """Write on the square, without waiting for anything."""
    town.world.write(citizen.id, town.square.id, text)


def _judged(books: Books) -> int:
    """How many messages the journal of the debates holds."""
    return len(books.journal.after(0, since=MONDAY, limit=10 * MESSAGES))
