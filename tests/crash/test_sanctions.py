"""Whoever keeps the sanctions is killed between decision, store and call; another one goes on, and all is as decided.

The judge reads the imitation of the network, its journal, and the database: nobody else.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.identifiers import SanctionId
from core.sanction import Order, Sanction, SanctionState
from core.sanctioning import impose, lift
from storage.store import SqlStore
from storage.vault import FileVault
from tests.contracts.databases import sqlite_template, sqlite_url
from tests.contracts.stages import NOON, TelegramStage
from tests.core.test_sanction import HOUR, mute
from tests.core.test_staff import CHLOE, TELEGRAM
from tests.crash.keepers import STAFF, exit_of

__all__ = ["sqlite_template", "sqlite_url"]

MUTING = ("write:1:before", "write:1:after", "call:flight", "call:after", "write:2:before", "write:2:after")
LIFTING = ("call:before", "call:flight", "call:after", "write:1:before", "write:1:after")
FAST = frozenset({("muting", "call:after"), ("lifting", "call:after"), ("muting", "write:1:after")})
EACH = [
    pytest.param(what, point, marks=() if (what, point) in FAST else pytest.mark.slow, id=f"{what}/{point}")
    for what, points in (("muting", MUTING), ("lifting", LIFTING))
    for point in points
]


@dataclass(slots=True)
class Town:
    """A town on a disk, and the network that it speaks to."""

    stage: TelegramStage
    url: str
    keys: Path

    async def decides(self) -> SanctionId:
        """A moderator mutes the citizen for an hour."""
        what = Order(measure=mute(), account=TELEGRAM, chat=self.stage.place, subject=self.stage.citizen_there)
        store, vault = await SqlStore.open(self.url), await asyncio.to_thread(FileVault, self.keys)
        found = await store.write(lambda books: impose(books, what, at=NOON, by=CHLOE, staff=STAFF, vault=vault))
        await store.close()
        return found.id

    async def lifts(self, number: SanctionId) -> None:
        """A moderator lets them write again."""
        store = await SqlStore.open(self.url)
        await store.write(lambda books: lift(books, number, at=NOON, by=CHLOE, staff=STAFF))
        await store.close()

    async def keeper(self, point: str = "", *, after: timedelta = timedelta()) -> int | None:
        """How a keeper ends that looks so long after noon."""
        return await asyncio.to_thread(exit_of, self.url, str(self.keys), self.stage.server.url, NOON + after, point)

    async def sanction(self, number: SanctionId) -> Sanction:
        """How it stands."""
        store = await SqlStore.open(self.url)
        found = await store.read(lambda books: books.sanctions.get(number))
        await store.close()
        assert found is not None
        return found

    def told(self) -> list[tuple[bool, object]]:
        """What the network was told of the citizen: whether they may write, until when."""
        calls = self.stage.world.journal.calls("restrictChatMember")
        said: list[Any] = [call["parameters"] for call in calls]
        return [(json.loads(each["permissions"])["can_send_messages"], each.get("until_date")) for each in said]


@pytest.fixture
async def town(sqlite_url: str, tmp_path: Path, socket_enabled: None) -> AsyncIterator[Town]:  # noqa: ARG001  loopback
    async with TelegramStage.built() as stage:
        yield Town(stage, sqlite_url, tmp_path / "keys")


@pytest.mark.parametrize(("what", "point"), EACH)
async def test_a_keeper_that_dies_leaves_nothing_undone_and_nothing_for_ever(town: Town, what: str, point: str) -> None:
    """The same call at most twice, with the same end; then it ends, and is known to have ended."""
    number = await town.decides()
    if what == "lifting":
        assert await town.keeper() == 0
        await town.lifts(number)

    died = await town.keeper(point)
    went_on = await town.keeper()
    calls, between = town.told(), await town.sanction(number)
    town.stage.clock.at = NOON + HOUR
    town.stage.world.let_go(town.stage.world.chat(town.stage.group))
    at_the_end = await town.keeper(after=HOUR)

    after, member = await town.sanction(number), town.stage.world.chat(town.stage.group).member(town.stage.citizen)
    ends = {until for writes, until in calls if not writes}
    assert (died, went_on, at_the_end) == (-signal.SIGKILL, 0, 0)
    assert between.state is (SanctionState.STANDING if what == "muting" else SanctionState.ENDED)
    assert between.ours
    assert (len(ends), None in ends, len(calls) <= 3) == (1, False, True)
    assert calls[-1][0] is (what == "lifting")
    assert (after.state, after.failures, member.status) == (SanctionState.ENDED, 0, "member")
