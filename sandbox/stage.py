"""A town on stage: the imitation of Telegram, its people, its page and its clock, in one ``async with``."""

import asyncio
import tomllib
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.clock import AT_ONCE, Pace, StageClock
from sandbox.crowd import Crowd, CrowdPlan, Remark
from sandbox.faults import Faults
from sandbox.inhabitants import people
from sandbox.journal import Journal
from sandbox.pages.routes import Page
from sandbox.telegram.phone import TelegramPhone
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World
from sandbox.town import Town, found


class Stage:
    """Open between ``async with`` and its end; nothing moves before ``play``.

    ``journal`` is a file for the journal. The clock waits for the sandbox to be idle; whoever plays with it adds its
    own ``clock.idle_when`` before ``play``.
    """

    def __init__(
        self,
        start: datetime,
        *,
        town: Town = Town(),  # noqa: B008  frozen
        inhabitants: int = 120,
        plan: CrowdPlan = CrowdPlan(),  # noqa: B008  frozen
        pace: Pace = AT_ONCE,
        flowing: bool = False,
        quiet: timedelta = timedelta(milliseconds=30),
        journal: Path | None = None,
        port: int = 0,
        faults: Faults | None = None,
    ) -> None:
        self.town = town
        self.people = people(inhabitants, seed=plan.seed)
        self.clock = StageClock(start, quiet=quiet, pace=pace, flowing=flowing)
        self.journal = Journal(self.clock, journal)
        self.world = World(clock=self.clock, journal=self.journal)
        self.token = found(self.world, town, self.people)
        self.server = TelegramServer(self.world, port=port, faults=faults)
        self.page = Page((TelegramPhone(self.world),), self.clock, zone=town.zone)
        self.page.attach(self.server.application)
        self.crowd = Crowd(self.world, self.clock.aside, self.people, plan, channel=town.channel, group=town.group)
        self.clock.idle_when(lambda: self.server.idle)
        self.clock.watch(lambda: self.world.activity)
        self._open = AsyncExitStack()
        self._actors: asyncio.TaskGroup | None = None
        self._playing: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Listen on loopback."""
        await asyncio.to_thread(self.page.read)
        await self._open.enter_async_context(self.server)
        self._actors = await self._open.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Send everybody home and close the journal."""
        for task in self._playing:
            task.cancel()
        try:
            return await self._open.__aexit__(kind, error, trace)
        finally:
            self.journal.close()

    @property
    def url(self) -> str:
        """Where Telegram's methods and the page are: ``<url>/bot<token>/<method>`` and ``<url>/``."""
        return self.server.url

    def play(self) -> None:
        """Raise the curtain: the clock may jump and the crowd behaves, until the stage closes."""
        if self._actors is None or self._playing:
            return
        self._playing = [self._actors.create_task(self.crowd.run()), self._actors.create_task(self.clock.run())]


def talk() -> tuple[tuple[Remark, ...], ...]:
    """What a crowd may say on the square (``CrowdPlan.remarks``): the sandbox's own small talk."""
    posts = tomllib.loads((Path(__file__).parent / "talk.toml").read_text(encoding="utf-8"))["posts"]
    return tuple(
        tuple(Remark(said["text"], timedelta(minutes=said["after"]), said["language"]) for said in post["remarks"])
        for post in posts
    )
