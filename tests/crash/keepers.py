"""A process that keeps the sanctions of a town, once, and is killed at a point on its way.

``write:1:before`` and ``write:1:after`` lie around the first change that it stores; ``call:before``, ``call:flight``
(the request is under way) and ``call:after`` around what it tells the network.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from adapters.telegram.adapter import TelegramAdapter
from core.identifiers import Address, MessageId
from core.ports.moderator import Filter, Moderator, Powers, Purged, Restraint, Seen, Standing
from core.ports.platform import Introduction
from core.ports.store import Books
from core.sanction import SanctionKind, Subject
from core.staff import Member, Role, Staff
from delivery.sanctions import Sanctions
from storage.store import SqlStore
from storage.vault import FileVault
from tests.core.test_staff import CHLOE, TELEGRAM
from tests.crash.doors import enter
from tests.crash.machines import Process, wait_for
from tests.crash.networks import TOKEN
from tests.fakes import StoppedClock

T = TypeVar("T")
FLIGHT = 0.08  # seconds: longer than it takes to write a request to loopback
STAFF = Staff(members=(Member(key=CHLOE, name="Chloé Lopez", role=Role.MODERATOR),))


def exit_of(database: str, keys: str, url: str, at: datetime, point: str = "") -> int | None:
    """How a keeper that looks at this instant ends: minus the signal that killed it."""
    process = Process(enter, __name__, "keep", database, keys, url, at.isoformat(), point)
    try:
        wait_for(lambda: process.exit is not None, f"the keeper that dies at «{point}» has ended")
        return process.exit
    finally:
        process.end()


def keep(database: str, keys: str, url: str, at: str, point: str) -> None:
    """Be the process."""
    asyncio.run(_keep(database, Path(keys), url, datetime.fromisoformat(at), point))


async def _keep(database: str, keys: Path, url: str, at: datetime, point: str) -> None:
    clock = StoppedClock(at)
    adapter = TelegramAdapter(account=TELEGRAM, token=TOKEN, base_url=url, clock=clock)
    await adapter.open(Introduction(), known=None)
    keeper = Sanctions(
        account=TELEGRAM,
        moderator=_Moderator(adapter.moderator, point),
        store=await _Store.doomed(database, point),
        vault=FileVault(keys),
        clock=clock,
        staff=STAFF,
    )
    await keeper.look()
    await adapter.close()


def _pass_by(here: str, point: str) -> None:
    if here == point:
        os.kill(os.getpid(), signal.SIGKILL)


class _Store(SqlStore):
    """Dies around one of its writes."""

    point = ""
    writes = 0

    @classmethod
    async def doomed(cls, url: str, point: str) -> "_Store":
        """The store, and where it dies."""
        store = await cls.open(url)
        assert isinstance(store, _Store)
        store.point = point
        return store

    async def write(self, work: Callable[[Books], T]) -> T:
        """Pass two points."""
        self.writes += 1
        number = self.writes
        _pass_by(f"write:{number}:before", self.point)
        done = await super().write(work)
        _pass_by(f"write:{number}:after", self.point)
        return done


class _Moderator:
    """Dies around what it tells the network."""

    def __init__(self, inner: Moderator, point: str) -> None:
        self._inner = inner
        self._point = point

    @property
    def powers(self) -> Powers:
        """Pass on."""
        return self._inner.powers

    async def standing(self, chat: Address, subject: Subject | None, kind: SanctionKind) -> Standing:
        """Pass on."""
        return await self._inner.standing(chat, subject, kind)

    async def impose(self, restraint: Restraint) -> None:
        """Three points."""
        await self._around(self._inner.impose(restraint))

    async def lift(self, restraint: Restraint) -> None:
        """Three points."""
        await self._around(self._inner.lift(restraint))

    async def resolve(self, report: str) -> None:
        """Pass on."""
        await self._inner.resolve(report)

    async def filter(self, chats: Sequence[Address], filters: Sequence[Filter]) -> int:
        """Pass on."""
        return await self._inner.filter(chats, filters)

    async def answer_request(self, chat: Address, subject: Subject, *, admitted: bool) -> None:
        """Three points."""
        await self._around(self._inner.answer_request(chat, subject, admitted=admitted))

    async def latest(
        self, chat: Address, *, since: MessageId | None = None, before: MessageId | None = None, most: int
    ) -> Sequence[Seen] | None:
        """Pass on."""
        return await self._inner.latest(chat, since=since, before=before, most=most)

    async def purge(self, chat: Address, messages: Sequence[MessageId], *, reason: str = "") -> Purged:
        """Pass on."""
        return await self._inner.purge(chat, messages, reason=reason)

    async def _around(self, call: Awaitable[None]) -> None:
        _pass_by("call:before", self._point)
        under_way = asyncio.ensure_future(call)
        if self._point == "call:flight":
            await asyncio.sleep(FLIGHT)
            _pass_by("call:flight", self._point)
        await under_way
        _pass_by("call:after", self._point)
