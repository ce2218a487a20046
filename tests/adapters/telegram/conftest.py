"""A town on the imitation of Telegram, and the adapter connected to it through the real python-telegram-bot."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.telegram.adapter import TelegramAdapter
from core.delivery import Urgency
from core.events import Handle, Incoming, Received
from core.identifiers import AccountName, Address, IntakeId, MessageId
from core.ports.platform import Cursor, Introduction
from core.post import Part, Post, Receipt
from core.richtext import RichText
from sandbox.faults import Fault, Harm
from sandbox.journal import Entry, Journal
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat, Member, Message
from sandbox.telegram.world import World

TOKEN = "1000001:AAH-a_sandbox_token_of_the_usual_length"
ACCOUNT = AccountName("telegram")
BOT = 1000001
CHANNEL = -1001000000001
GROUP = -1001000000002
ANNE, BILAL, CHLOE = 101, 102, 103
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


@dataclass
class Town:
    """The imitation with its inhabitants, and ways to look at it."""

    world: World
    server: TelegramServer
    clock: LeapingClock

    def misbehave(self, harm: Harm, method: str, **details: Any) -> None:
        """Harm the next call of a method."""
        self.server.faults.add(Fault(harm=harm, method=method, **details))

    def messages(self, chat: int, *, bot: int = BOT) -> list[Message]:
        """What stands in a chat, notices apart, the oldest first."""
        place = self.world.private[bot, chat] if chat > 0 else self.world.chat(chat)
        return [message for message in place.messages.values() if message.service is None]

    def texts(self, chat: int) -> list[str]:
        """The words that stand in a chat."""
        return [message.text for message in self.messages(chat)]

    def calls(self, method: str, outcome: str | None = None) -> list[Entry]:
        """The calls that arrived."""
        return self.world.journal.calls(method, outcome)

    def parameters(self, method: str) -> list[dict[str, object]]:
        """With what a method was called."""
        return [call["parameters"] for call in self.calls(method) if isinstance(call["parameters"], dict)]


@pytest.fixture
async def town(socket_enabled: None) -> AsyncIterator[Town]:  # noqa: ARG001  opens loopback
    """A channel with its group; Anne and Bilal live there, Chloé governs the group."""
    clock = LeapingClock()
    world = World(clock=clock, journal=Journal(clock))
    for number, name in ((ANNE, "Anne"), (BILAL, "Bilal"), (CHLOE, "Chloé")):
        world.add_user(number, name, language_code="fr")
    world.add_bot(TOKEN, username="ville_bot")
    world.add_chat(Chat(id=CHANNEL, kind="channel", title="Ville", username="ville"))
    world.add_chat(Chat(id=GROUP, kind="supergroup", title="Ville, la place"))
    world.link(CHANNEL, GROUP)
    for user in (ANNE, BILAL):
        world.chat(GROUP).members[user] = Member(user=user)
    for chat, user in ((CHANNEL, BOT), (GROUP, BOT), (GROUP, CHLOE)):
        world.promote(chat, user)
    world.bots[TOKEN].queue.clear()
    async with TelegramServer(world) as server:
        yield Town(world=world, server=server, clock=clock)
    assert world.violations == []


@pytest.fixture
async def connect(town: Town) -> AsyncIterator[Callable[..., TelegramAdapter]]:
    """Make adapters that are closed at the end."""
    async with AsyncExitStack() as stack:

        def make(**settings: object) -> TelegramAdapter:
            usual: dict[str, object] = {
                "account": ACCOUNT,
                "token": TOKEN,
                "base_url": town.server.url,
                "clock": town.clock,
                "discussions": (Address(str(GROUP)),),
                "long_poll": timedelta(0),
            }
            adapter = TelegramAdapter(**(usual | settings))  # type: ignore[arg-type]  # a test names what it changes
            stack.push_async_callback(adapter.close)
            return adapter

        yield make


@pytest.fixture
async def adapter(connect: Callable[..., TelegramAdapter]) -> TelegramAdapter:
    """The adapter, introduced to the town."""
    adapter = connect()
    await adapter.open(Introduction(), known=None)
    return adapter


async def publish(adapter: TelegramAdapter, post: Post, chat: int = CHANNEL, **where: int) -> list[Receipt]:
    """Put a post out as the dispatcher does."""
    address = Address(str(chat))
    out: list[Receipt] = []
    for rank, part in enumerate(adapter.plan(post, address, **where)):
        async with adapter.turn(address, Urgency.CAMPAIGN):
            out += await adapter.send(part, key=f"1.{rank}", before=tuple(out))
    return out


async def hear(adapter: TelegramAdapter, cursor: Cursor | None = None) -> list[Incoming]:
    """What the updates that wait say."""
    heard: list[Incoming] = []
    for update in await adapter.fetch(cursor):
        heard += adapter.understand(update.body, received(update.number))
    return heard


def received(order: int = 1) -> Received:
    """An arrival."""
    return Received(account=ACCOUNT, order=IntakeId(order), at=NOON)


def text(words: str) -> Post:
    """A post of words alone."""
    return Post(text=RichText.of(words))


def handle(chat: int, message: int | None = None, press: str | None = None) -> Handle:
    """Where to answer."""
    number = None if message is None else MessageId(str(message))
    return Handle(account=ACCOUNT, private=chat > 0, chat=Address(str(chat)), message=number, press=press)


def picture(folder: Path, name: str = "pont.png") -> Path:
    """A picture file; every name is another picture."""
    path = folder / name
    path.write_bytes(PNG + name.encode())
    return path


def squeezed(words: str) -> str:
    """The words without white space, for texts that Telegram trims at each end."""
    return re.sub(r"\s", "", words)


def sends(parts: tuple[Part, ...]) -> list[str]:
    """The calls of a plan."""
    return [part.call for part in parts]
