"""A whole campaign through each store: planner, lanes, boards and sweep agree on what is written and read again."""

import asyncio
from datetime import timedelta

from campaigns.planner import Planner
from core.audience import RecipientKind
from core.delivery import LEASE, DeliveryState
from core.errors import Uncertain
from core.identifiers import Locale
from core.poll import Choose
from core.ports.store import Store
from core.staff import CONSOLE
from delivery.bells import Bell
from delivery.boards import Boards
from delivery.directory import Directory
from delivery.dispatcher import Dispatcher
from delivery.settling import it_is_out
from delivery.sweep import Sweep
from storage.vault import MemoryVault
from tests.campaigns.stage import HOUR, SQUARE, Stage
from tests.core.examples import vote
from tests.fakes import ACCOUNT, NOON, FakeWords, ScriptedPlatform, StoppedClock

ASKED = b"asked"


class Town:
    """Everything that takes part in a campaign, over one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = StoppedClock()
        self.vault = MemoryVault()
        self.bell = Bell()
        self.platform = ScriptedPlatform()
        directory, words = Directory(channels=(SQUARE,), vault=self.vault), FakeWords()
        self.planner = Planner(
            store=store,
            vault=self.vault,
            clock=self.clock,
            channels=(SQUARE,),
            accounts=(ACCOUNT,),
            wake=self.bell.ring,
        )
        self.lane = Dispatcher(
            platform=self.platform, store=store, words=words, directory=directory, clock=self.clock, bell=self.bell
        )
        self.boards = Boards(store=store, words=words, directory=directory, platforms={ACCOUNT: self.platform})
        known = {ACCOUNT: self.platform.capabilities}
        self.sweep = Sweep(store=store, clock=self.clock, capabilities=lambda: known, wake=self.bell.ring)

    async def subscribe(self) -> None:
        """One citizen asks to be written to."""
        sealed = self.vault.seal("telegram:4711")
        await self.store.write(
            lambda books: books.citizens.remember(
                blind=ASKED, sealed=sealed, account=ACCOUNT, locale=Locale.EN, subscribed=True, at=NOON
            )
        )

    async def live(self, *hours: int) -> None:
        """Live through these hours after noon."""
        async with asyncio.TaskGroup() as group:
            lane = group.create_task(self.lane.run())
            for hour in hours:
                self.clock.move_to(NOON + hour * HOUR)
                await self.planner.look()
                await self._sent()
                await self.boards.look()
            lane.cancel()

    async def states(self) -> list[DeliveryState]:
        """How all deliveries stand, the oldest first."""
        found = await self.store.read(lambda books: books.deliveries.all())
        return [delivery.state for delivery in reversed(found)]

    async def _sent(self) -> None:
        async with asyncio.timeout(20):
            while self.lane.busy or await self._due():  # noqa: ASYNC110  the store's threads say nothing when done
                await asyncio.sleep(0.01)

    async def _due(self) -> bool:
        now = self.clock.now()
        due = await self.store.read(lambda books: books.deliveries.claimable(ACCOUNT, at=now, limit=9))
        return self.lane.busy or bool(due)  # the lane may have begun meanwhile


async def test_a_campaign_lives_its_whole_life(store: Store) -> None:
    """Announced, opened, remembered, closed, published, thanked: in the square and in private, once each."""
    town = Town(store)
    await town.subscribe()
    await town.planner.start(Stage(subscribers=True).campaign)

    await town.live(1, 2, 3, 4, 5, 6)

    where = [str(sent.part.parameters["address"]) for sent in town.platform.sent]
    assert (where.count("@square"), where.count("4711")) == (5, 5)
    assert await town.states() == [DeliveryState.SENT] * 10


async def test_boards_follow_the_votes_and_end_with_the_poll(store: Store) -> None:
    """Public ones at once, private ones at closing, and then nothing is listed any more."""
    town = Town(store)
    await town.subscribe()
    await town.planner.start(Stage(subscribers=True).campaign)
    await town.live(1, 2)
    town.clock.advance(timedelta(minutes=1))
    await store.cast([vote(Choose(0), at=town.clock.now())])
    await town.boards.look()
    during = len(town.platform.edited)

    await town.live(3, 4, 5, 6)

    assert during == 1
    assert {post.text.plain for _, post in town.platform.edited} == {"<poll_opened fr> 1", "<poll_opened en> 1"}
    assert await store.read(lambda books: books.deliveries.boards(limit=9)) == ()


async def test_a_doubt_reaches_a_human_and_is_settled(store: Store) -> None:
    """Uncertain after the lost answer, sent once somebody has looked."""
    town = Town(store)
    town.platform.fails("send", Uncertain("time-out"), after=True)
    await town.planner.start(Stage().campaign)
    await town.live(1)
    (doubtful,) = await store.read(lambda books: books.deliveries.all(state=DeliveryState.UNCERTAIN))
    town.clock.advance(2 * LEASE)
    await town.sweep.look()

    settled = await it_is_out(store, doubtful.id, at=town.clock.now(), by=CONSOLE)

    assert (settled, await town.states()) == (True, [DeliveryState.SENT])
    assert doubtful.recipient.kind is RecipientKind.CHANNEL
