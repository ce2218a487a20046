"""A town on stage: the imitations of its networks, its people, its page and its clock, in one ``async with``."""

import asyncio
import tomllib
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.clock import AT_ONCE, Pace, StageClock
from sandbox.crowd import Crowd, CrowdPlan, Remark
from sandbox.discord import scene as on_discord
from sandbox.inhabitants import Person, doubles, guest, people
from sandbox.journal import Journal
from sandbox.linking import Account, Double
from sandbox.mastodon import scene as on_mastodon
from sandbox.pages.routes import Page
from sandbox.scene import Scene, Server
from sandbox.telegram import scene as on_telegram
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World
from sandbox.town import Town
from sandbox.weather import Weather

TELEGRAM, DISCORD, MASTODON = "telegram", "discord", "mastodon"
EVERY_NETWORK = (TELEGRAM, DISCORD, TELEGRAM, MASTODON)  # half of the people are on Telegram

_Staging = Callable[[Town, tuple[Person, ...], StageClock, Journal], Scene[Server]]
_ELSEWHERE: dict[str, _Staging] = {DISCORD: on_discord.staged, MASTODON: on_mastodon.staged}


class Stage:
    """Open between ``async with`` and its end; nothing moves before ``play``.

    ``networks`` are where its people are, in turn; Telegram is always there. ``journal`` is a file for the journal of
    Telegram; those of the other networks are written beside it, with the network's name (``journals``). The clock waits
    for the imitations to be idle; whoever plays with it adds its own ``clock.idle_when`` before ``play``. ``port`` is
    Telegram's. Bad hours of the networks are told to the ``weather`` before ``play``.
    """

    def __init__(
        self,
        start: datetime,
        *,
        town: Town = Town(),  # noqa: B008  frozen
        inhabitants: int = 120,
        networks: tuple[str, ...] = (TELEGRAM,),
        plan: CrowdPlan = CrowdPlan(),  # noqa: B008  frozen
        pace: Pace = AT_ONCE,
        flowing: bool = False,
        quiet: timedelta = timedelta(milliseconds=30),
        journal: Path | None = None,
        port: int = 0,
    ) -> None:
        self.town = town
        self.people = people(inhabitants, seed=plan.seed, networks=networks)
        self.doubles = doubles(self.people)
        self.guest = guest(networks)
        self.clock = StageClock(start, quiet=quiet, pace=pace, flowing=flowing)
        self.journals: dict[str, Path] = {}
        self._files: list[Journal] = []
        self._plan = plan
        self.telegram = on_telegram.staged(
            town, self._accounts(TELEGRAM), self.clock, self._journal(TELEGRAM, journal), port=port
        )
        self.scenes: dict[str, Scene[Server]] = {TELEGRAM: self.telegram}
        for network in sorted(_ELSEWHERE.keys() & set(networks)):
            file = self._journal(network, journal)
            self.scenes[network] = _ELSEWHERE[network](town, self._accounts(network), self.clock, file)
        self.weather = Weather(self.scenes, self.clock.aside)
        self.clock.at_work_when(lambda: self.weather.under_way)
        self.page = Page([scene.phone for scene in self.scenes.values()], self.clock, zone=town.zone)
        self.page.attach(self.telegram.server.application)
        self._open = AsyncExitStack()
        self._actors: asyncio.TaskGroup | None = None
        self._playing: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Listen on loopback."""
        await asyncio.to_thread(self.page.read)
        for scene in self.scenes.values():
            await self._open.enter_async_context(scene.server)
            self._heed(scene.server)
        self._actors = await self._open.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Send everybody home and close the journals."""
        for task in self._playing:
            task.cancel()
        try:
            return await self._open.__aexit__(kind, error, trace)
        finally:
            for file in self._files:
                file.close()

    @property
    def url(self) -> str:
        """Where Telegram's methods and the page are: ``<url>/bot<token>/<method>`` and ``<url>/``."""
        return self.server.url

    @property
    def token(self) -> str:
        """What opens the town's account on Telegram."""
        return self.telegram.token

    @property
    def server(self) -> TelegramServer:
        """The imitation of Telegram."""
        return self.telegram.server

    @property
    def journal(self) -> Journal:
        """What happened on Telegram."""
        return self.world.journal

    @property
    def world(self) -> World:
        """What stands on Telegram."""
        return self.telegram.server.world

    def play(self) -> None:
        """Raise the curtain: the clock may jump and everybody behaves, until the stage closes."""
        if self._actors is None or self._playing:
            return
        acts = [crowd.run() for crowd in self._crowds()] + [double.run() for double in self._doubles()]
        running = (*acts, self.weather.run(), self.clock.run())
        self._playing = [self._actors.create_task(act) for act in running]

    def _crowds(self) -> list[Crowd]:
        away = {first.id for first, _ in self.doubles}
        return [
            Crowd(
                scene.hands,
                self.clock.aside,
                tuple(person for person in self.people if person.network == network and person.id not in away),
                self._plan,
                partial(self.weather.back, network),
            )
            for network, scene in self.scenes.items()
        ]

    def _doubles(self) -> list[Double]:
        beat, clock = self._plan.rhythm, self.clock.aside
        both = [[self._account(each) for each in pair] for pair in self.doubles]
        return [Double(first, second, clock, rhythm=beat, habit=rank) for rank, (first, second) in enumerate(both)]

    def _account(self, person: Person) -> Account:
        return Account(person, self.scenes[person.network].hands, partial(self.weather.back, person.network))

    def _accounts(self, network: str) -> tuple[Person, ...]:
        second = [person for _, person in self.doubles]
        return tuple(person for person in (*self.guest, *self.people, *second) if person.network == network)

    def _journal(self, network: str, file: Path | None) -> Journal:
        if file is not None:
            file = self.journals[network] = file if network == TELEGRAM else file.with_stem(f"{file.stem}-{network}")
        journal = Journal(self.clock, file)
        self._files.append(journal)
        return journal

    def _heed(self, server: Server) -> None:
        self.clock.idle_when(lambda: server.idle)
        self.clock.watch(lambda: server.activity)


def talk() -> tuple[tuple[Remark, ...], ...]:
    """What a crowd may say on the square (``CrowdPlan.remarks``): the sandbox's own small talk."""
    posts = tomllib.loads((Path(__file__).parent / "talk.toml").read_text(encoding="utf-8"))["posts"]
    return tuple(
        tuple(Remark(said["text"], timedelta(minutes=said["after"]), said["language"]) for said in post["remarks"])
        for post in posts
    )
