"""A town on the imitation of Mastodon, in both kinds of server, and ways to talk to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import mastodon
import pytest
from aiohttp import ClientSession, FormData

from sandbox.journal import Journal
from sandbox.mastodon.profiles import GOTOSOCIAL, MASTODON
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.values import Account
from sandbox.mastodon.world import World
from sandbox.real_clock import Clock

TOKEN = "token-that-opens-nothing-elsewhere"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class HandClock:
    """A clock that moves when told to, and wakes those who sleep until then."""

    def __init__(self) -> None:
        self.at = NOON
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Where it was put."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """Wait until it was moved there."""
        while self.at < at:
            await self._moved.wait()

    def forward(self, by: timedelta) -> None:
        """Move on."""
        self.at += by
        self._moved.set()
        self._moved = asyncio.Event()


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: dict[str, Any]
    rows: list[dict[str, Any]]
    headers: dict[str, str]

    @property
    def id(self) -> str:
        """The id of what was answered."""
        return str(self.body["id"])

    @property
    def error(self) -> object:
        """Why it was refused."""
        return self.body.get("error")


class Caller:
    """A program that talks plain HTTP to the server."""

    def __init__(self, session: ClientSession, server: MastodonServer) -> None:
        self.session = session
        self.server = server
        self.token = TOKEN

    async def call(
        self,
        verb: str,
        path: str,
        json: object = None,
        *,
        form: dict[str, str] | FormData | list[tuple[str, str]] | None = None,
        key: str | None = None,
    ) -> Answer:
        """Ask for something, with a JSON body or a form."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {} if key is None else {"Idempotency-Key": key}
        data = FormData(form) if isinstance(form, list) else form
        address = f"{self.server.url}/api/{path}"
        async with self.session.request(verb, address, json=json, data=data, headers=headers) as answer:
            body = await answer.json()
            rows = body if isinstance(body, list) else []
            return Answer(answer.status, body if isinstance(body, dict) else {}, rows, dict(answer.headers))

    async def post(self, status: str, *, key: str | None = None, **more: object) -> Answer:
        """Publish."""
        return await self.call("POST", "v1/statuses", {"status": status, **more}, key=key)


def town(clock: Clock, *, gotosocial: bool = False) -> World:
    """A town hall's bot, two people of its server and one of another."""
    profile = GOTOSOCIAL if gotosocial else MASTODON
    world = World(clock=clock, journal=Journal(clock), profile=profile)
    world.add_bot(TOKEN, username="parvis")
    world.add_user("anne", "Anne", language="fr")
    world.add_user("bilal", "Bilal", language="fr")
    world.add_user("chloe@ailleurs.example", "Chloé", language="fr")
    return world


def person(world: World, acct: str) -> Account:
    """Somebody of the town."""
    found = world.find(acct)
    assert found is not None
    return found


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[None]:
    """Wait, at the end, until somebody has begun to listen."""
    begun = asyncio.Event()
    leave = world.subscribe(lambda change: begun.set() if change.kind == "listening" else None)
    yield
    await asyncio.wait_for(begun.wait(), 5)
    leave()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def world(clock: HandClock) -> World:
    return town(clock)


@pytest.fixture
async def server(world: World) -> AsyncIterator[MastodonServer]:
    async with MastodonServer(world) as server:
        yield server


@pytest.fixture
async def caller(server: MastodonServer) -> AsyncIterator[Caller]:
    async with ClientSession() as session:
        yield Caller(session, server)


@pytest.fixture
async def social(clock: HandClock) -> AsyncIterator[Caller]:
    """A program that talks to GoToSocial."""
    async with MastodonServer(town(clock, gotosocial=True)) as server, ClientSession() as session:
        yield Caller(session, server)


@pytest.fixture
def anne(world: World) -> str:
    return person(world, "anne").id


@pytest.fixture
def bilal(world: World) -> str:
    return person(world, "bilal").id


@pytest.fixture
def chloe(world: World) -> str:
    return person(world, "chloe@ailleurs.example").id


def library(server: MastodonServer) -> mastodon.Mastodon:
    """Mastodon.py as the sheet says that it is to be made: no probing, no waiting."""
    return mastodon.Mastodon(
        access_token=TOKEN,
        api_base_url=server.url,
        ratelimit_method="throw",
        request_timeout=5,
        mastodon_version="99.0.0",
        version_check_mode="created",
        user_agent="parvis-tests",
    )


@pytest.fixture
def masto(server: MastodonServer) -> mastodon.Mastodon:
    return library(server)
