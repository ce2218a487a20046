"""Networks on which the contract of ``core.ports.platform`` is played, each with a way to look at what people see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Protocol

from adapters.telegram.adapter import TelegramAdapter
from core.events import Choice
from core.identifiers import AccountName, Address, MessageId
from core.ports.platform import Introduction, Platform
from sandbox.faults import Fault, Harm
from sandbox.journal import Journal
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ACCOUNT = AccountName("account")


class Stage(Protocol):
    """A network with one public place, where the account under test may do everything, and one citizen."""

    platform: Platform
    place: Address

    def words(self) -> list[str]:
        """What stands in the place, the oldest first."""
        ...

    def bubbles(self) -> list[str]:
        """What the citizen saw in bubbles."""
        ...

    def refuse_for_now(self) -> None:
        """Make the next publication fail before it does anything."""
        ...

    def lose_the_answer(self) -> None:
        """Make the answer to the next publication go lost after it is done."""
        ...

    def lock_out(self) -> None:
        """Take every right from the account."""
        ...

    def write(self, text: str) -> MessageId:
        """Have the citizen write in the place."""
        ...

    def press(self, message: MessageId, choice: Choice) -> None:
        """Have the citizen press the button of an option."""
        ...


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


class TelegramStage:
    """The imitation of Telegram."""

    token = "1000001:AAH-a_sandbox_token_of_the_usual_length"
    citizen, group, bot = 101, -1001000000002, 1000001

    def __init__(self, clock: LeapingClock) -> None:
        self.world = World(clock=clock, journal=Journal(clock))
        self.world.add_user(self.citizen, "Anne", language_code="fr")
        self.world.add_bot(self.token, username="ville_bot")
        self.world.add_chat(Chat(id=self.group, kind="supergroup", title="La place"))
        self.world.chat(self.group).members[self.citizen] = Member(user=self.citizen)
        self.world.promote(self.group, self.bot)
        self.world.bots[self.token].queue.clear()
        self.server = TelegramServer(self.world)
        self.place = Address(str(self.group))
        self.platform: Platform

    @classmethod
    @asynccontextmanager
    async def built(cls) -> AsyncIterator["TelegramStage"]:
        """The stage with its adapter connected."""
        clock = LeapingClock()
        stage = cls(clock)
        async with stage.server as server:
            stage.platform = TelegramAdapter(account=ACCOUNT, token=cls.token, base_url=server.url, clock=clock)
            await stage.platform.open(Introduction(), known=None)
            try:
                yield stage
            finally:
                await stage.platform.close()

    def words(self) -> list[str]:
        """The texts and captions of the group."""
        return [message.text for message in self.world.chat(self.group).messages.values() if message.service is None]

    def bubbles(self) -> list[str]:
        """The answers to presses."""
        return [toast.text for toast in self.world.toasts.values()]

    def refuse_for_now(self) -> None:
        """A gateway's page."""
        self.server.faults.add(Fault(harm=Harm.STATUS, method="sendMessage"))

    def lose_the_answer(self) -> None:
        """A cut after the act."""
        self.server.faults.add(Fault(harm=Harm.CUT_AFTER, method="sendMessage"))

    def lock_out(self) -> None:
        """Thrown out of the group."""
        self.world.set_member(self.world.chat(self.group), Member(user=self.bot, status="kicked"))

    def write(self, text: str) -> MessageId:
        """A message in the group."""
        return MessageId(str(self.world.write(self.citizen, self.group, text)))

    def press(self, message: MessageId, choice: Choice) -> None:
        """An inline button."""
        self.world.press(self.citizen, self.group, int(message), f"v1:{choice.poll}:{choice.option}")
