"""A town with one channel and a campaign about a footbridge, whose clock is moved by hand."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from campaigns.planner import Planner
from core.audience import Audience, Channel
from core.campaign import After, Campaign, OccurrenceState, Step, StepKind
from core.delivery import Delivery
from core.identifiers import Address, ChannelName, Locale, PollId
from core.poll import Choose, Outcome, Poll, Vote
from core.ports.platform import Cursor, Update
from core.ports.store import Books, Guard, Store
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.core.examples import BRIDGE, NEWS, campaign, step, vote
from tests.fakes import ACCOUNT, NOON, TELEGRAM, StoppedClock

T = TypeVar("T")
HOUR = timedelta(hours=1)
SQUARE = Channel(
    name=ChannelName("square"), platform=TELEGRAM, account=ACCOUNT, address=Address("@square"), locale=Locale.FR
)


def then(kind: StepKind, delay: timedelta = HOUR) -> Step:
    """A step so long after the one before; it may be an hour late."""
    return step(kind, After(delay), NEWS if kind is StepKind.ANNOUNCE else BRIDGE)


WHOLE = tuple(
    then(kind) for kind in StepKind if kind is not StepKind.FOLLOW_UP
)  # an hour apart, the first an hour after the start


class Stage:
    """A planner over a store in memory. ``woken`` counts the times it called for attention.

    ``promised_at`` is when a vote was heard that the bots promised to record, and that is not yet stored.
    """

    def __init__(
        self, *, subscribers: bool = False, steps: tuple[Step, ...] = WHOLE, channels: tuple[str, ...] = ("square",)
    ) -> None:
        self.store = MemoryStore()
        self.vault = MemoryVault()
        self.clock = StoppedClock()
        self.woken = 0
        self.promised_at: datetime | None = None
        self.planner = self.new_planner()
        audience = Audience(channels=tuple(map(ChannelName, channels)), subscribers=subscribers)
        plain = campaign(*steps)
        if all(each.kind is StepKind.ANNOUNCE for each in steps):
            plain = replace(plain, questions=())
        self.campaign = Campaign(**{name: getattr(plain, name) for name in plain.__slots__} | {"audience": audience})

    def new_planner(self, store: Store | None = None, *, needs_approval: bool = False) -> Planner:
        """Another planner of the same town, as after a restart."""
        return Planner(
            store=store or self.store,
            vault=self.vault,
            clock=self.clock,
            channels=(SQUARE,),
            accounts=(ACCOUNT,),
            wake=self._wake,
            votes_wait_since=lambda: self.promised_at,
            needs_approval=needs_approval,
        )

    async def started(self) -> "Stage":
        """Start the campaign now."""
        await self.planner.start(self.campaign)
        return self

    async def at(self, hours: float) -> int:
        """Look, so many hours after noon."""
        self.clock.move_to(NOON + hours * HOUR)
        return await self.planner.look()

    async def states(self) -> list[OccurrenceState]:
        """How the steps stand."""
        found = await self.read(lambda books: books.campaigns.occurrences(self.campaign.id))
        return [occurrence.state for occurrence in found]

    async def planned(self) -> list[Delivery]:
        """All deliveries, the oldest first."""
        return list(reversed(await self.read(lambda books: books.deliveries.all())))

    async def poll(self, number: PollId = BRIDGE) -> Poll:
        """The poll as it stands."""
        poll = await self.read(lambda books: books.polls.get(number))
        assert poll is not None
        return poll

    async def votes(self, option: int, *, voter: bytes = b"a" * 16) -> None:
        """One citizen votes now."""
        await self.store.cast([vote(Choose(option), voter=voter, at=self.clock.now())])

    async def receives(self) -> None:
        """An update arrives now, and is not yet dealt with."""
        now = self.clock.now()
        await self.store.write(lambda books: books.inbox.take_in(ACCOUNT, [Update(1, b"{}")], cursor=Cursor(2), at=now))

    async def citizen(self, name: str, *, subscribed: bool) -> None:
        """Somebody chose English, and perhaps asked for news."""
        account, sealed = name.encode(), self.vault.seal(f"telegram:{name}")
        await self.store.write(
            lambda books: books.citizens.remember(
                blind=account, sealed=sealed, account=ACCOUNT, locale=Locale.EN, subscribed=subscribed, at=NOON
            )
        )

    async def read(self, work: Callable[[Books], T]) -> T:
        """Look into the books."""
        return await self.store.read(work)

    def _wake(self) -> None:
        self.woken += 1


async def running(*, until: int) -> Stage:
    """The campaign, looked at every hour until this one."""
    stage = await Stage().started()
    for hour in range(1, until + 1):
        await stage.at(hour)
    return stage


class Interrupted:
    """A store before whose first write something else happens."""

    def __init__(self, store: Store, first: Callable[[], Awaitable[object]]) -> None:
        self._store = store
        self._first: Callable[[], Awaitable[object]] | None = first

    async def write(self, work: Callable[[Books], T]) -> T:
        """Let it happen, then write."""
        first, self._first = self._first, None
        if first is not None:
            await first()
        return await self._store.write(work)

    async def read(self, work: Callable[[Books], T]) -> T:
        """Read."""
        return await self._store.read(work)

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Cast."""
        return await self._store.cast(votes, guard=guard)

    async def close(self) -> None:
        """Let go."""
        await self._store.close()
