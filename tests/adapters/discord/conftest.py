"""The adapter on the imitation of Discord, with people, and ways to look at what they see."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.adapter import DiscordAdapter
from core.events import Choice, Incoming, Received
from core.identifiers import AccountName, Address, IntakeId, PollId
from core.ports.platform import Cursor, Form, Introduction
from core.post import Button, Part, Post, Receipt
from core.richtext import RichText
from sandbox.discord import permissions
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Kind
from sandbox.discord.world import World
from sandbox.faults import Fault, Harm
from sandbox.journal import Journal
from tests.sandbox_discord import openapi

TOKEN = "discord-token-that-opens-nothing"
BOT, TOWN, NEWS, SQUARE, FORUM, MACHINES, OFFICERS = 900, 800, 810, 811, 812, 821, 820
ANNE, BILAL, CHLOE = 101, 102, 103
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ACCOUNT = AccountName("discord")
HERE = Address(str(SQUARE))
POLL = PollId("pont")
ASKED = Post(text=RichText.of("Un pont ?"), buttons=((Button("Oui", Choice(POLL, 0)), Button("Non", Choice(POLL, 1))),))
RECEIVED = Received(account=ACCOUNT, order=IntakeId(1), at=NOON)
INTRODUCTION = Introduction(
    commands={
        "en": (("help", "Help"), ("vote", "Vote"), ("opinion", "Opinion")),
        "fr": (("help", "Aide"), ("vote", "Voter"), ("opinion", "Avis")),
    },
    worded=frozenset({"vote", "opinion"}),
    forms={
        "opinion": {
            "en": Form(title="Your opinion", label="Opinion", hint="It is kept."),
            "fr": Form(title="Votre avis", label="Avis", hint="Il est gardé."),
        },
        "warn": {
            "en": Form(title="Warn", label="Article", hint="Then the reasons."),
            "fr": Form(title="Avertir", label="Article", hint="Puis les motifs."),
        },
    },
    staff={"en": (("warn", "Warn"), ("lock", "Close")), "fr": (("warn", "Avertir"), ("lock", "Fermer"))},
    menus={"warn": {"en": "Warn the author", "fr": "Avertir l’auteur"}, "case": {"en": "Case", "fr": "Dossier"}},
    report={"en": "Report", "fr": "Signaler"},
)


class LeapingClock:
    """Is at any instant at once."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """Where it has come to."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """Leap."""
        self.at = max(self.at, at)


class WorldClock:
    """The same present for the imitation, which only waits: polls end when a test says so."""

    def __init__(self, clock: LeapingClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """Where the adapter's has come to."""
        return self._clock.at

    async def sleep_until(self, at: datetime) -> None:  # noqa: ARG002  of the port
        """Never end."""
        await asyncio.Event().wait()


@dataclass
class Town:
    """The imitation and its inhabitants; adapters connect to it one after the other."""

    world: World
    server: DiscordServer
    clock: LeapingClock
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    def harm(self, harm: Harm, method: str = "create_message", **more: Any) -> None:
        """Harm the next call of a method."""
        self.server.faults.add(Fault(harm=harm, method=method, **more))

    def calls(self, method: str, outcome: str | None = None) -> list[dict[str, Any]]:
        """What the server noted of a method."""
        return self.world.journal.calls(method, outcome)

    def words(self, channel: int = SQUARE) -> list[str]:
        """What stands in a channel."""
        return [message.content for message in self.world.channels[channel].messages.values()]

    def toasts(self) -> list[str]:
        """What one person alone was told."""
        return [str(entry["text"]) for entry in self.world.journal.of("toast")]

    def adapter(self, *, base_url: str = "", **more: Any) -> DiscordAdapter:
        """An adapter, not yet connected."""
        return DiscordAdapter(
            account=ACCOUNT, token=TOKEN, base_url=base_url or self.server.api_url, clock=self.clock, **more
        )

    @asynccontextmanager
    async def connected(self, **more: Any) -> AsyncIterator[DiscordAdapter]:
        """An adapter that is open and hears."""
        adapter = self.adapter(**more)
        await adapter.open(INTRODUCTION, known=None)
        async with asyncio.TaskGroup() as tasks:
            async with self.listening():
                keeping = tasks.create_task(adapter.keep())
            try:
                yield adapter
            finally:
                keeping.cancel()
                await adapter.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Wait, at the end, until a bot has identified."""
        begun = asyncio.Event()
        leave = self.world.subscribe(lambda change: begun.set() if change.kind == "listening" else None)
        yield
        await asyncio.wait_for(begun.wait(), 10)
        leave()

    async def until(self, kind: str, act: Callable[[], object] = lambda: None) -> None:
        """Act, and wait until people can see a change of this kind."""
        seen = asyncio.Event()
        leave = self.world.subscribe(lambda change: seen.set() if change.kind == kind else None)
        act()
        await asyncio.wait_for(seen.wait(), 10)
        leave()


@pytest.fixture
async def town(socket_enabled: None) -> AsyncIterator[Town]:  # noqa: ARG001  loopback
    clock = LeapingClock()
    world = World(clock=WorldClock(clock), journal=Journal(clock))
    for number, name in ((ANNE, "Anne"), (BILAL, "Bilal"), (CHLOE, "Chloé")):
        world.add_user(number, name)
    world.add_bot(TOKEN, BOT, username="ville-bot")
    guild = world.add_guild(TOWN, "Ville", owner=CHLOE)
    world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT)
    world.add_role(TOWN, OFFICERS, "Agents", permissions.MANAGE_MESSAGES)
    for user in (ANNE, BILAL):
        world.add_member(guild, user)
    world.add_member(guild, BOT, (MACHINES,))
    world.add_channel(TOWN, NEWS, "annonces", Kind.ANNOUNCEMENT)
    world.add_channel(TOWN, SQUARE, "place")
    world.add_channel(TOWN, FORUM, "idées", Kind.FORUM, tags={71: "Travaux", 72: "Écoles"}, needs_tag=True)
    async with DiscordServer(world) as server:
        yield Town(world, server, clock)
    if openapi.WHERE.exists():  # Discord's own document, where it is at hand, judges every body that was sent
        assert openapi.read().wrong(world.journal.entries) == []


@pytest.fixture
async def adapter(town: Town) -> AsyncIterator[DiscordAdapter]:
    async with town.connected(discussions=[HERE]) as connected:
        yield connected


def text(words: str) -> Post:
    """A post of a few words."""
    return Post(text=RichText.of(words))


async def publish(adapter: DiscordAdapter, post: Post, address: Address = HERE) -> list[Receipt]:
    """Make the calls of a post."""
    out: list[Receipt] = []
    for rank, part in enumerate(adapter.plan(post, address)):
        out += await adapter.send(part, key=f"7:{rank}", before=out)
    return out


async def send(adapter: DiscordAdapter, part: Part, key: str = "7:0") -> Receipt:
    """Make one call."""
    (receipt,) = await adapter.send(part, key=key, before=())
    return receipt


async def hear(adapter: DiscordAdapter, cursor: Cursor | None = None) -> list[Incoming]:
    """What is said."""
    heard: list[Incoming] = []
    for update in await asyncio.wait_for(adapter.fetch(cursor), 10):
        heard += adapter.understand(update.body, RECEIVED)
    return heard


def picture(folder: Path, name: str) -> Path:
    """A picture file."""
    path = folder / name
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode())
    return path
