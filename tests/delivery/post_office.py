"""A ledger, one scripted account and a lane that sends: what most tests of this package need."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TypeVar

from core.audience import Channel, Recipient, RecipientKind, StaffChannel
from core.case_messages import RemovalNotice, StatementOfReasons
from core.delivery import Delivery, DeliveryState, Urgency
from core.errors import StorageError
from core.identifiers import (
    AccountName,
    Address,
    CaseNumber,
    ChannelName,
    CitizenId,
    DeliveryId,
    Locale,
    MemberKey,
    MessageId,
    OccurrenceId,
)
from core.messages import AnnouncementPublished, Delivered, PollOpened, Thanks
from core.moderation import CaseState, Evidence
from core.poll import Outcome, Vote
from core.ports.clock import Clock
from core.ports.store import Books, Guard, Store
from core.staff import Approval, Member, Role, Staff
from delivery.bells import Bell
from delivery.briefing import Briefing
from delivery.directory import Directory
from delivery.dispatcher import Dispatcher
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.core.examples import announcement, poll, words
from tests.fakes import ACCOUNT, NOON, TELEGRAM, FakeWords, ScriptedPlatform, StoppedClock

T = TypeVar("T")
HOUR = timedelta(hours=1)
FIRST = CaseNumber(1)
_MOST_TURNS = 5000  # of the event loop; everything here is in memory


def channel(
    name: str, *, locale: Locale = Locale.FR, discussion: str | None = None, topic: int | None = None
) -> Channel:
    """A place of the town; its address is its name with an @."""
    return Channel(
        name=ChannelName(name),
        platform=TELEGRAM,
        account=ACCOUNT,
        address=Address(f"@{name}"),
        locale=locale,
        discussion=Address(discussion) if discussion else None,
        topic=topic,
    )


SQUARE = channel("square", discussion="@debate")
CHANNELS = (SQUARE, channel("hamlet", locale=Locale.EN), channel("harbour", topic=7))

ROOM = StaffChannel(name="telegram", account=ACCOUNT, address=Address("-100900"), locale=Locale.EN)
MARIE = Member(key=MemberKey("mroux"), name="Marie", role=Role.OFFICER, accounts={ACCOUNT: "101"})
STAFF = Staff(members=(MARIE,), approval=Approval.SOLO)


def to(name: str) -> Recipient:
    """A channel as a recipient."""
    return Recipient(RecipientKind.CHANNEL, name)


def text() -> Delivered:
    """A message of one part."""
    return Thanks(poll=poll(), voters=3)


def pinned() -> Delivered:
    """A message of two parts: a text and its pin."""
    plain = announcement()
    values = {name: getattr(plain, name) for name in plain.__slots__} | {"pinned": True}
    return AnnouncementPublished(announcement=type(plain)(**values))


def notice(case: CaseNumber = FIRST) -> RemovalNotice:
    """A private notice about a message removed from the debate."""
    return RemovalNotice(
        case=case,
        article="2",
        charter="1",
        rule=words("Respect"),
        account=ACCOUNT,
        chat=Address("@debate"),
    )


def statement() -> StatementOfReasons:
    """What a moderator decided about the same message."""
    said = notice()
    return StatementOfReasons(
        case=said.case,
        decisions=("warn",),
        article=said.article,
        charter=said.charter,
        rule=words("Respect"),
        account=said.account,
        chat=said.chat,
    )


def board() -> PollOpened:
    """A message that shows a poll."""
    return PollOpened(poll=poll(), zone="Europe/Paris")


class PostOffice:
    """The ledger and what works on it. ``store`` may be another store around the one in memory."""

    def __init__(self, platform: ScriptedPlatform | None = None) -> None:
        self.memory = MemoryStore()
        self.store: Store = self.memory
        self.vault = MemoryVault()
        self.clock = StoppedClock()
        self.words = FakeWords()
        self.bell = Bell()
        self.platform = platform or ScriptedPlatform()
        self.briefing = Briefing(staff=STAFF, zone="Europe/Paris")
        self.directory = Directory(channels=CHANNELS, vault=self.vault, rooms=(ROOM,), briefing=self.briefing)

    def dispatcher(self, *, clock: Clock | None = None, at_once: int = 16) -> Dispatcher:
        """The lane of the account."""
        return Dispatcher(
            platform=self.platform,
            store=self.store,
            words=self.words,
            directory=self.directory,
            clock=clock or self.clock,
            bell=self.bell,
            at_once=at_once,
        )

    async def plan(
        self,
        message: Delivered,
        *recipients: Recipient,
        account: AccountName = ACCOUNT,
        urgency: Urgency = Urgency.CAMPAIGN,
        due_at: datetime = NOON,
        expires_at: datetime = NOON + 12 * HOUR,
        occurrence: OccurrenceId | None = None,
    ) -> list[DeliveryId]:
        """Plan deliveries, to the square when nobody is named; their numbers."""
        before = {delivery.id for delivery in await self.all()}
        await self.memory.write(
            lambda books: books.deliveries.plan(
                occurrence=occurrence,
                message=message,
                recipients=[(account, recipient) for recipient in recipients or (to("square"),)],
                urgency=urgency,
                due_at=due_at,
                expires_at=expires_at,
            )
        )
        self.bell.ring()
        return [delivery.id for delivery in await self.all() if delivery.id not in before]

    async def citizen(self, account: str, *, locale: Locale = Locale.FR, subscribed: bool = True) -> Recipient:
        """Somebody who asked to be written to."""
        sealed = self.vault.seal(f"telegram:{account}")
        number = await self.memory.write(
            lambda books: books.citizens.remember(
                blind=account.encode(), sealed=sealed, account=ACCOUNT, locale=locale, subscribed=subscribed, at=NOON
            )
        )
        return Recipient(RecipientKind.CITIZEN, str(CitizenId(number)))

    async def case(self, account: str = "4711") -> CaseNumber:
        """A message of somebody, judged."""
        said = Evidence(author=f"telegram:{account}", name="Alix", text="Quelle andouille !", found="andouille")
        sealed = self.vault.seal(json.dumps(asdict(said)))
        case = await self.memory.write(
            lambda books: books.cases.open(
                article="2",
                charter="1",
                account=ACCOUNT,
                chat=Address("@debate"),
                message=MessageId(account),
                author=account.encode(),
                sealed=sealed,
                state=CaseState.REMOVED,
                at=NOON,
            )
        )
        return case.number

    async def person(self, account: str = "4711", *, locale: Locale = Locale.EN) -> Recipient:
        """Somebody who is no citizen, known by the case of their message."""
        return Recipient(RecipientKind.PERSON, f"{locale}:{await self.case(account)}")

    async def all(self) -> list[Delivery]:
        """Every delivery, the oldest first."""
        return list(reversed(await self.memory.read(lambda books: books.deliveries.all(limit=10_000))))

    async def get(self, number: DeliveryId) -> Delivery:
        """One delivery."""
        found = await self.memory.read(lambda books: books.deliveries.get(number))
        assert found is not None
        return found

    async def states(self) -> list[DeliveryState]:
        """How they stand, the oldest first."""
        return [delivery.state for delivery in await self.all()]

    async def change(self, delivery: Delivery, *, expected: DeliveryState) -> None:
        """Store a delivery as it is said to be."""
        assert await self.memory.write(lambda books: books.deliveries.save(delivery, expected=expected))

    async def change_sending(self, delivery: Delivery) -> None:
        """The same for one whose claim was made by the lane."""
        at, sending = delivery.claimed_at, DeliveryState.SENDING
        assert await self.memory.write(lambda books: books.deliveries.save(delivery, expected=sending, claimed_at=at))

    async def hold(self, reason: str | None = "restored") -> None:
        """Hold the town, or release it with None."""
        await self.memory.write(lambda books: books.town.set_fact("held", reason))

    def texts(self, address: str | None = None) -> list[str]:
        """The calls made, in order: where and which."""
        made = [(str(sent.part.parameters["address"]), sent.part.call) for sent in self.platform.sent]
        return [f"{where} {call}" for where, call in made if address in {None, where}]

    @asynccontextmanager
    async def open(self, dispatcher: Dispatcher | None = None) -> AsyncIterator[Dispatcher]:
        """Run the lane until the end of the block, having let it do at both ends what it can."""
        lane = dispatcher or self.dispatcher()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(lane.run())
            await quiet(lane)
            yield lane
            await quiet(lane)
            task.cancel()

    async def work(self) -> None:
        """Run the lane until it has nothing left to do."""
        async with self.open():
            pass


async def quiet(*lanes: Dispatcher) -> None:
    """Let them work until they are idle, or stuck on something that the test holds."""
    idle = 0
    for _ in range(_MOST_TURNS):
        await asyncio.sleep(0)
        idle = 0 if any(lane.busy for lane in lanes) else idle + 1
        if idle > 20:  # a few turns for what is between two hands
            return


class Crossing(ScriptedPlatform):
    """An account for which something happens while the ``at``-th turn is waited for (the first is 0)."""

    def __init__(self, *, at: int = 0) -> None:
        super().__init__()
        self.at = at
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    @asynccontextmanager
    async def turn(self, address: Address, urgency: Urgency) -> AsyncIterator[None]:
        """Let it happen, then give the turn."""
        if len(self.turns) == self.at and self.meanwhile is not None:
            await self.meanwhile()
        async with super().turn(address, urgency):
            yield


class FailingStore:
    """A store that refuses the next reads or writes; ``after`` they are carried out all the same."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads: list[StorageError | None] = []
        self.writes: list[StorageError | None] = []
        self.after = False
        self.once_written: Callable[[], None] = lambda: None
        self.once_read: Callable[[], None] = lambda: None

    async def write(self, work: Callable[[Books], T]) -> T:
        """Refuse, or write."""
        error = self.writes.pop(0) if self.writes else None
        if error is not None and not self.after:
            raise error
        result = await self._store.write(work)
        self.once_written()
        if error is not None:
            raise error
        return result

    async def read(self, work: Callable[[Books], T]) -> T:
        """Refuse, or read."""
        error = self.reads.pop(0) if self.reads else None
        if error is not None:
            raise error
        result = await self._store.read(work)
        self.once_read()
        return result

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Cast."""
        return await self._store.cast(votes, guard=guard)

    async def close(self) -> None:
        """Let go."""
        await self._store.close()
