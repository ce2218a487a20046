"""A small town on the imitation of Telegram, and ways to talk to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import telegram
from aiohttp import ClientSession, FormData

from sandbox.journal import Journal
from sandbox.stage import Stage
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World
from tests.sandbox.visitor import NINE, QUIET, Visitor

TOKEN = "1000001:sandbox-token"
BOT = 1000001
CHANNEL = -1001000000001
GROUP = -1001000000002
ANNE, BILAL, CHLOE = 101, 102, 103
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class HandClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """Where it was put."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """Jump there."""
        self.at = max(self.at, at)

    def forward(self, by: timedelta) -> None:
        """Move on."""
        self.at += by


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: dict[str, object]
    headers: dict[str, str]

    @property
    def result(self) -> object:
        """What was asked for."""
        return self.body["result"]

    @property
    def reason(self) -> object:
        """Why it was refused."""
        return self.body.get("description")


class Caller:
    """A program that talks plain HTTP to the server."""

    def __init__(self, session: ClientSession, server: TelegramServer) -> None:
        self.session = session
        self.server = server

    async def call(self, method: str, token: str = TOKEN, /, **parameters: object) -> Answer:
        """Call a method with a JSON body."""
        async with self.session.post(f"{self.server.url}/bot{token}/{method}", json=parameters) as answer:
            return Answer(answer.status, await answer.json(), dict(answer.headers))

    async def form(self, method: str, fields: dict[str, str] | FormData) -> Answer:
        """Call a method with a form."""
        async with self.session.post(f"{self.server.url}/bot{TOKEN}/{method}", data=fields) as answer:
            return Answer(answer.status, await answer.json(), dict(answer.headers))

    async def updates(self, **parameters: object) -> list[dict[str, object]]:
        """What getUpdates gives."""
        answer = await self.call("getUpdates", TOKEN, **parameters)
        assert isinstance(answer.result, list)
        return answer.result


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def world(clock: HandClock) -> World:
    world = World(clock=clock, journal=Journal(clock))
    for number, name in ((ANNE, "Anne"), (BILAL, "Bilal"), (CHLOE, "Chloé")):
        world.add_user(number, name, language_code="fr")
    world.add_bot(TOKEN, username="ville_bot")
    world.add_chat(Chat(id=CHANNEL, kind="channel", title="Ville", username="ville_demo"))
    world.add_chat(Chat(id=GROUP, kind="supergroup", title="Ville, la place"))
    for user in (ANNE, BILAL):
        world.chat(GROUP).members[user] = Member(user=user)
    for chat in (CHANNEL, GROUP):
        world.promote(chat, BOT)
    world.bots[TOKEN].queue.clear()
    return world


@pytest.fixture
async def server(world: World) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(world) as server:
        yield server


@pytest.fixture
async def caller(server: TelegramServer) -> AsyncIterator[Caller]:
    async with ClientSession() as session:
        yield Caller(session, server)


@pytest.fixture
async def ptb(server: TelegramServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(TOKEN, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot") as bot:
        yield bot


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    """A visitor of a small town where nobody else does anything."""
    async with Stage(NINE, inhabitants=6, plan=QUIET) as stage, ClientSession() as session:
        yield Visitor(stage, session)
