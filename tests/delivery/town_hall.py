"""A ledger with two networks and the staff's channels on both: what the tests of alerts need.

Nobody sleeps: time is moved second by second, and everything that would look by then looks.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.alert import Alert
from core.audience import Recipient, RecipientKind, StaffChannel
from core.campaign import After, StepKind
from core.capabilities import Capabilities
from core.delivery import Delivery, DeliveryState, claimed
from core.identifiers import AccountName, Address, DeliveryId, Locale, OccurrenceId, PlatformName
from core.messages import Delivered
from core.ports.store import Store
from core.staff_messages import StaffAlert
from core.timetable import Timetable
from delivery.aftercare import Aftercare
from delivery.alerts import Alerts
from delivery.bells import Bell
from delivery.directory import Directory
from delivery.dispatcher import Dispatcher
from delivery.lookback import Lookback
from delivery.matters import Matters
from delivery.rooms import Rooms
from delivery.sweep import Sweep
from tests.core.examples import campaign, step
from tests.delivery.post_office import CHANNELS, ROOM, PostOffice, quiet, text, to
from tests.fakes import ACCOUNT, CAPABILITIES, NOON, ScriptedPlatform

OTHER = AccountName("discord")
SECOND = timedelta(seconds=1)
TICK = 5 * SECOND
ROOMS = (ROOM, StaffChannel(name="discord", account=OTHER, address=Address("900"), locale=Locale.FR))


class TownHall(PostOffice):
    """The post office, with another network, and everything that looks for what needs a human."""

    def __init__(self, *, looks_back: bool = False, rooms: Sequence[StaffChannel] = ROOMS, at_once: int = 16) -> None:
        super().__init__(ScriptedPlatform(capabilities=replace(CAPABILITIES, looks_back=looks_back)))
        self.at_once = at_once
        self.other = ScriptedPlatform(name=PlatformName("discord"), account=OTHER)
        self.platforms = {ACCOUNT: self.platform, OTHER: self.other}
        self.directory = Directory(channels=CHANNELS, vault=self.vault, rooms=rooms, briefing=self.briefing)
        self.sweep = Sweep(store=self.memory, clock=self.clock, capabilities=self._capabilities, wake=self.bell.ring)
        self.lookback = Lookback(
            platform=self.platform,
            store=self.memory,
            words=self.words,
            directory=self.directory,
            clock=self.clock,
            bell=self.bell,
        )
        self._staff_channels = tuple(rooms)
        self.alerts = self.looking(self.memory)
        self.aftercare = Aftercare(
            store=self.memory,
            words=self.words,
            directory=self.directory,
            clock=self.clock,
            platforms=self.platforms,
            wake=self.bell.ring,
        )
        self.rooms = Rooms(
            store=self.memory,
            clock=self.clock,
            words=self.words,
            directory=self.directory,
            briefing=self.briefing,
            platforms=self.platforms,
            rooms=rooms,
        )

    def looking(self, store: Store) -> Alerts:
        """What looks for matters, by way of this store."""
        return Alerts(
            store=store,
            clock=self.clock,
            matters=Matters(accounts=self.platforms, capabilities=self._capabilities),
            briefing=self.briefing,
            rooms=self._staff_channels,
            wake=self.bell.ring,
        )

    def _capabilities(self) -> dict[AccountName, Capabilities]:
        return {name: platform.capabilities for name, platform in self.platforms.items()}

    async def tick(self) -> None:
        """One tick of the ledger, and what the lanes do after it."""
        await self.sweep.look()
        await self.lookback.look()
        await self.aftercare.look()
        await self.alerts.look()
        for platform in self.platforms.values():
            lane = Dispatcher(
                platform=platform,
                store=self.memory,
                words=self.words,
                directory=self.directory,
                clock=self.clock,
                bell=Bell(),
                at_once=self.at_once,
            )
            async with self.open(lane):
                pass
            await quiet(lane)
        await self.rooms.look()

    async def until(self, at: datetime) -> None:
        """Let time pass, tick by tick."""
        while self.clock.now() < at:
            self.clock.advance(TICK)
            await self.tick()

    async def doubtful(
        self, *recipients: Recipient, message: Delivered | None = None, occurrence: OccurrenceId | None = None
    ) -> list[DeliveryId]:
        """Deliveries of which nobody knows whether they are out, claimed now."""
        numbers = await self.plan(message or text(), *recipients or (to("square"),), occurrence=occurrence)
        for number in numbers:
            await self.become(number, DeliveryState.UNCERTAIN)
        return numbers

    async def occurrence(self) -> OccurrenceId:
        """A step of a campaign that was started at noon."""
        plan = campaign(step(StepKind.OPEN_POLL, After(timedelta())))
        due = Timetable(plan, NOON).all()
        await self.memory.write(lambda books: books.campaigns.start(plan, at=NOON, due=due))
        (first,) = await self.memory.read(lambda books: books.campaigns.occurrences(plan.id))
        return first.id

    async def become(self, number: DeliveryId, state: DeliveryState) -> None:
        """Claimed now, and then in this state."""
        before = await self.get(number)
        mine = claimed(before, self.clock.now())
        await self.change(mine, expected=before.state)
        await self.change_sending(replace(mine, state=state, lease_until=None, parts=1, note="Uncertain: time-out"))

    async def standing(self) -> tuple[Alert, ...]:
        """The alerts that are not done."""
        return await self.memory.read(lambda books: books.alerts.standing())

    async def told(self, account: AccountName = ACCOUNT) -> list[Delivery]:
        """What was planned for the staff with this account, the oldest first."""
        every = await self.memory.read(lambda books: books.deliveries.all(kind=RecipientKind.STAFF))
        return [each for each in reversed(every) if each.account == account]

    def said(self) -> list[StaffAlert]:
        """What the staff was told or shown, in order."""
        return [message for message, _, _ in self.words.asked if isinstance(message, StaffAlert)]

    def arrived(self) -> list[str]:
        """Where something was said to the staff, in order."""
        addresses = {room.address for room in ROOMS}
        sent = [each for platform in self.platforms.values() for each in platform.sent]
        return [each.receipt.address for each in sent if each.receipt.address in addresses]


__all__ = ["NOON", "OTHER", "ROOMS", "SECOND", "TICK", "TownHall"]
