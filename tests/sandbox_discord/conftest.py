"""A small town on the imitation of Discord, a program that talks plain HTTP to it, and the real library."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import discord
import pytest
import yarl
from aiohttp import ClientSession, FormData

from sandbox.discord import permissions
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Kind
from sandbox.discord.world import World
from sandbox.journal import Journal

TOKEN = "discord-sandbox-token"
BOT, TOWN = 900, 800
NEWS, SQUARE, FORUM, OFFICE = 810, 811, 812, 813
OFFICERS, MACHINES = 820, 821
ANNE, BILAL, CHLOE = 101, 102, 103
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class HandClock:
    """A clock that moves when told to, and wakes those who sleep."""

    def __init__(self) -> None:
        self.at = NOON
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Where it was put."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """Wait until it was put there."""
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
    body: dict[str, object]
    headers: dict[str, str]

    @property
    def code(self) -> object:
        """Discord's code of what is wrong."""
        return self.body.get("code")

    @property
    def id(self) -> int:
        """The id of what was made."""
        return int(str(self.body["id"]))


class Caller:
    """A program that talks plain HTTP to the server."""

    def __init__(self, session: ClientSession, server: DiscordServer) -> None:
        self.session = session
        self.server = server

    async def call(self, verb: str, path: str, body: object = None, **headers: str) -> Answer:
        """Call an address with a JSON body."""
        signed = {"Authorization": f"Bot {TOKEN}"} | headers
        async with self.session.request(verb, f"{self.server.api_url}{path}", json=body, headers=signed) as answer:
            given = await answer.json() if answer.status != 204 else {}
            return Answer(answer.status, given if isinstance(given, dict) else {"": given}, dict(answer.headers))

    async def form(self, path: str, form: FormData) -> Answer:
        """Send a form."""
        signed = {"Authorization": f"Bot {TOKEN}"}
        async with self.session.post(f"{self.server.api_url}{path}", data=form, headers=signed) as answer:
            return Answer(answer.status, await answer.json(), dict(answer.headers))

    async def send(self, text: str = "Bonjour", channel: int = SQUARE, **more: object) -> Answer:
        """Send a message."""
        return await self.call("POST", f"/channels/{channel}/messages", {"content": text} | more)


def furnish(world: World) -> World:
    """People, a bot, a guild with an announcement channel, a square, a forum and an office that few see."""
    for number, name in ((ANNE, "Anne"), (BILAL, "Bilal"), (CHLOE, "Chloé")):
        world.add_user(number, name)
    world.add_bot(TOKEN, BOT, username="ville-bot")
    guild = world.add_guild(TOWN, "Ville", owner=CHLOE)
    world.add_role(TOWN, OFFICERS, "Agents", permissions.MODERATE_MEMBERS | permissions.MANAGE_MESSAGES)
    world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT)
    for user in (ANNE, BILAL):
        world.add_member(guild, user)
    world.add_member(guild, BOT, (MACHINES,))
    world.add_channel(TOWN, NEWS, "annonces", Kind.ANNOUNCEMENT)
    world.add_channel(TOWN, SQUARE, "place")
    world.add_channel(TOWN, FORUM, "idées", Kind.FORUM, tags={831: "Voirie", 832: "École"})
    return world


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def world(clock: HandClock) -> World:
    return furnish(World(clock=clock, journal=Journal(clock)))


@pytest.fixture
async def server(world: World) -> AsyncIterator[DiscordServer]:
    async with DiscordServer(world, pace=None) as server:
        yield server


@pytest.fixture
async def caller(server: DiscordServer) -> AsyncIterator[Caller]:
    async with ClientSession() as session:
        yield Caller(session, server)


@pytest.fixture
def library(server: DiscordServer) -> Iterator[None]:
    """The real library talks to the loopback server, until the test ends."""
    before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = server.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
    yield
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = before


@pytest.fixture
async def rest(library: None) -> AsyncIterator[discord.Client]:  # noqa: ARG001 - it points the library here
    """discord.py, logged in, without a gateway."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(TOKEN)
        yield client
