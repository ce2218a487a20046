"""Fifty people a second: presses and commands are answered within a second, each press after its commit."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.real_clock import RealClock
from sandbox.telegram.values import Change
from tests.journeys.town import FETE, Town, at_work

ACTS, A_SECOND = 120, 50  # real time passes here
COMMANDS = 5  # every so many acts
LONGEST = 1.0


class Doorkeeper:
    """Stands before Telegram. At each answer to a press it looks whether another connection can read the ballot."""

    def __init__(self) -> None:
        self.town: Town | None = None
        self.answers = 0
        self.too_early = 0

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Look, then let it pass."""
        if request.match_info.get("method") == "answerCallbackQuery" and self.town is not None:
            self.answers += 1
            answers = self.answers
            self.too_early += (await self.town.officer.tally("fete_envies")).voters < answers
        return await handler(request)


class Watch:
    """Measures, in real seconds, how long each person waits for what they see."""

    def __init__(self, town: Town) -> None:
        self._began: dict[int, float] = {}
        self.seconds: list[float] = []
        town.world.subscribe(self._look)

    def begins(self, person: int) -> None:
        """They act now."""
        self._began[person] = time.monotonic()

    def _look(self, change: Change) -> None:
        answered = change.toast.user if change.toast else change.chat
        written = change.kind == "message" and change.user != change.chat
        if answered in self._began and (change.toast or written):
            self.seconds.append(time.monotonic() - self._began.pop(answered))


@pytest.fixture
def doorkeeper() -> Doorkeeper:
    """Nobody has passed yet."""
    return Doorkeeper()


@pytest.fixture
async def town(tmp_path: Path, sqlite_template: Path, doorkeeper: Doorkeeper) -> AsyncIterator[Town]:
    """A town whose clock runs with the real one."""
    database = Path(copy(sqlite_template, tmp_path / "town.db"))
    async with at_work(tmp_path, database, flowing=True, door=doorkeeper) as town:
        doorkeeper.town = town
        await town.officer.starts(FETE)
        yield town


async def test_at_fifty_a_second_everybody_is_answered_within_a_second_and_after_the_commit(
    town: Town, doorkeeper: Doorkeeper
) -> None:
    """Four of five press, one asks for their votes. One in a hundred may wait longer: the machine is shared."""
    fete, clock, watch = town.published("Que voulez-vous"), RealClock(), Watch(town)
    crowd = [town.citizen(f"Citizen {number}") for number in range(ACTS)]
    begin = clock.now()

    for rank, citizen in enumerate(crowd):
        await clock.sleep_until(begin + rank * timedelta(seconds=1 / A_SECOND))
        watch.begins(citizen.id)
        if rank % COMMANDS:
            citizen.touches("Des jeux", under=fete)
        else:
            citizen.asks("/myvote")
    await town.rests()

    seconds = sorted(watch.seconds)
    assert (len(seconds), doorkeeper.answers, doorkeeper.too_early) == (ACTS, ACTS - ACTS // COMMANDS, 0)
    assert seconds[len(seconds) * 99 // 100 - 1] < LONGEST
