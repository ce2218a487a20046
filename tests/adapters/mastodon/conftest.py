"""A town on the imitation of Mastodon, and of GoToSocial, and the adapter connected to it by the real Mastodon.py."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.mastodon.adapter import MastodonAdapter
from core.delivery import Urgency
from core.events import Handle, Incoming, Received
from core.identifiers import AccountName, Address, IntakeId, MessageId
from core.ports.platform import Cursor, Introduction, Update
from core.post import Post, Receipt
from core.richtext import RichText
from sandbox.faults import Fault, Harm
from sandbox.journal import Entry, Journal
from sandbox.mastodon.profiles import GOTOSOCIAL, MASTODON, Profile
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.values import Account, Status
from sandbox.mastodon.world import World

TOKEN = "token-that-opens-nothing-elsewhere"
ACCOUNT = AccountName("mastodon")
PUBLIC = Address("public")
POST = "POST /api/v1/statuses"
PAGE = "GET /api/v1/notifications"
STREAM = "GET /api/v1/streaming"
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class LeapingClock:
    """A clock that stands still until somebody waits for an instant, and then is there at once."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """Where it has come to."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """Leap."""
        self.at = max(self.at, at)

    def forward(self, by: timedelta) -> None:
        """Move on."""
        self.at += by


class StandingClock:
    """The same for the imitation, which waits for nothing: what is due happens when it is next looked at."""

    def __init__(self, leaping: LeapingClock) -> None:
        self._leaping = leaping

    def now(self) -> datetime:
        """Where the other has come to."""
        return self._leaping.at

    async def sleep_until(self, at: datetime) -> None:  # noqa: ARG002  it never comes
        """Stand still."""
        await asyncio.Event().wait()


@dataclass
class Town:
    """The imitation with its inhabitants, the adapter, and ways to look at both."""

    world: World
    server: MastodonServer
    clock: LeapingClock
    bot: Account
    anne: str
    bilal: str
    chloe: str
    adapter: MastodonAdapter

    def misbehave(self, harm: Harm, method: str | None = POST, **details: Any) -> None:
        """Harm the next call of a method."""
        self.server.faults.add(Fault(harm=harm, method=method, **details))

    @property
    def posts(self) -> list[Status]:
        """What the town wrote, the oldest first."""
        return sorted(
            (one for one in self.world.statuses.values() if one.account == self.bot.id),
            key=lambda one: (len(one.id), one.id),
        )

    @property
    def texts(self) -> list[str]:
        """The words of that, without the mark that keeps people from being called."""
        return [one.text.replace("\u2060", "") for one in self.posts]

    def calls(self, method: str, outcome: str | None = None) -> list[Entry]:
        """The calls that arrived."""
        return self.world.journal.calls(method, outcome)

    def given(self, method: str = POST) -> list[dict[str, Any]]:
        """With what a method was called."""
        return [call["parameters"] for call in self.calls(method) if isinstance(call["parameters"], dict)]

    def stars(self, message: str) -> list[str]:
        """Who favourited a post."""
        return list(self.world.favourites.get(message, ()))


@asynccontextmanager
async def town_on(profile: Profile, **settings: Any) -> AsyncIterator[Town]:
    """A town on such a server; its adapter is open unless ``opened=False``."""
    opened = settings.pop("opened", True)
    clock = LeapingClock()
    world = World(clock=StandingClock(clock), journal=Journal(clock), profile=profile)
    bot = world.add_bot(TOKEN, username="ville")
    anne, bilal, chloe = (
        world.add_user(name, name.title(), language="fr").id for name in ("anne", "bilal", "chloe@ailleurs.example")
    )
    async with MastodonServer(world, **settings) as server:
        adapter = connected(server, clock)
        if opened:
            await adapter.open(Introduction(), known=None)
        try:
            yield Town(world, server, clock, bot, anne, bilal, chloe, adapter)
        finally:
            await adapter.close()


def connected(server: MastodonServer, clock: LeapingClock) -> MastodonAdapter:
    """An adapter that is not yet open."""
    return MastodonAdapter(account=ACCOUNT, token=TOKEN, base_url=server.url, clock=clock)


@pytest.fixture
async def town(socket_enabled: None) -> AsyncIterator[Town]:  # noqa: ARG001  opens loopback
    """On Mastodon. Nothing the adapter did there broke a rule."""
    async with town_on(MASTODON) as town:
        yield town
    assert town.world.violations == []


@pytest.fixture
async def social(socket_enabled: None) -> AsyncIterator[Town]:  # noqa: ARG001  opens loopback
    """On GoToSocial."""
    async with town_on(GOTOSOCIAL) as town:
        yield town
    assert town.world.violations == []


@pytest.fixture(params=[MASTODON, GOTOSOCIAL], ids=lambda profile: profile.name)
async def either(request: pytest.FixtureRequest, socket_enabled: None) -> AsyncIterator[Town]:  # noqa: ARG001  loopback
    """On each."""
    async with town_on(request.param) as town:
        yield town
    assert town.world.violations == []


async def publish(
    town: Town, post: Post, place: Address = PUBLIC, *, key: str = "1", before: tuple[Receipt, ...] = ()
) -> list[Receipt]:
    """Put a post out as the dispatcher does; ``before`` are the parts that are out already."""
    out = list(before)
    for rank, part in enumerate(town.adapter.plan(post, place)):
        if rank >= len(before):
            async with town.adapter.turn(place, Urgency.CAMPAIGN):
                out += await town.adapter.send(part, key=f"{key}:{rank}", before=tuple(out))
    return out


async def hear(town: Town, cursor: Cursor | None = None) -> list[Incoming]:
    """What the updates that wait say."""
    return understood(town, await town.adapter.fetch(cursor))


def understood(town: Town, updates: Any) -> list[Incoming]:
    """What they say."""
    return [event for update in updates for event in town.adapter.understand(update.body, received(update.number))]


def after(updates: Any) -> Cursor:
    """The place behind these."""
    last: Update = updates[-1]
    return Cursor(last.number + 1, last.mark)


def received(order: int = 1) -> Received:
    """An arrival."""
    return Received(account=ACCOUNT, order=IntakeId(order), at=NOON)


def text(words: str) -> Post:
    """A post of words alone."""
    return Post(text=RichText.of(words))


def handle(message: str, *, private: bool = True) -> Handle:
    """Where to answer Anne."""
    place = Address("@anne") if private else PUBLIC
    return Handle(account=ACCOUNT, private=private, chat=place, message=MessageId(message), press=f"{message} @anne")


def picture(folder: Path, name: str = "pont.png") -> Path:
    """A picture file; every name is another picture."""
    path = folder / name
    path.write_bytes(PNG + name.encode())
    return path


async def listening(town: Town) -> None:
    """Return once somebody listens to the bot's stream."""
    begun = asyncio.Event()
    leave = town.world.subscribe(lambda change: begun.set() if change.kind == "listening" else None)
    if not town.world.streams.listens(town.bot.id):
        await asyncio.wait_for(begun.wait(), 10)
    leave()
