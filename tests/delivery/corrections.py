"""A campaign whose announcement is out in some places, and what is ordered about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from core.alert import Alert
from core.announcement import Announcement
from core.audience import Recipient
from core.campaign import After, StepKind
from core.correction import Amendment, AmendmentState, CorrectionKind, Order
from core.identifiers import CampaignId, CorrectionId, DeliveryId, OccurrenceId
from core.messages import AnnouncementPublished, Delivered
from core.timetable import Timetable
from core.wording import Wording
from delivery.aftercare import Aftercare
from tests.core.examples import NEWS, announcement, campaign, step, words
from tests.delivery.post_office import HOUR, PostOffice, to
from tests.fakes import ACCOUNT, NOON

BRIDGE = CampaignId("bridge")
CORRECTED = replace(announcement(), title=words("The new footbridge"))
PINNED = replace(announcement(), pinned=True)
WHY = Wording(fr="Motif", en="Reason")

Outcomes: TypeAlias = list[tuple[AmendmentState, str]]


class Desk:
    """An office with a campaign. ``occurrence`` is that of its announcement."""

    def __init__(self, office: PostOffice, occurrence: OccurrenceId) -> None:
        self.office = office
        self.occurrence = occurrence
        self.woken = 0
        self.aftercare = self.worker()

    def worker(self, *, most: int = 300) -> Aftercare:
        """One that carries out what is ordered."""
        return Aftercare(
            store=self.office.store,
            words=self.office.words,
            directory=self.office.directory,
            clock=self.office.clock,
            platforms={ACCOUNT: self.office.platform},
            wake=self._wake,
            most=most,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def publish(self, *recipients: Recipient, message: Delivered | None = None) -> list[DeliveryId]:
        """Plan the announcement for these recipients, or the square, and have it sent."""
        said = message or AnnouncementPublished(announcement=announcement())
        numbers = await self.office.plan(said, *recipients, occurrence=self.occurrence)
        await self.office.work()
        return numbers

    async def order(self, kind: CorrectionKind, *, said: Announcement | None = None, **more: datetime) -> CorrectionId:
        """Order it, now and to be done now."""
        times: Mapping[str, datetime] = {"at": self.office.clock.now(), "due_at": self.office.clock.now(), **more}
        order = Order(
            kind=kind,
            occurrence=self.occurrence,
            by="anne",
            words=said,
            said=WHY,
            at=times["at"],
            due_at=times["due_at"],
        )
        return await self.office.memory.write(lambda books: books.corrections.order(order))

    async def look(self, after: timedelta = timedelta()) -> None:
        """Carry out what is due."""
        self.office.clock.advance(after)
        await self.aftercare.look()

    async def amendment(self, number: DeliveryId) -> Amendment:
        """The last one of a copy."""
        return (await self.office.memory.read(lambda books: books.corrections.of_delivery(number)))[-1]

    async def outcomes(self) -> Outcomes:
        """What became of each copy, by the last of its amendments, the oldest copy first."""
        found = [
            await self.office.memory.read(lambda books, number=each.id: books.corrections.of_delivery(number))  # type: ignore[misc]  # a default
            for each in await self.office.all()
        ]
        return [(each[-1].state, each[-1].note) for each in found if each]

    async def alerts(self) -> tuple[Alert, ...]:
        """What the staff is to be told of."""
        return await self.office.memory.read(lambda books: books.alerts.standing())

    def made(self) -> list[str]:
        """The calls made, in order: which, about which message, and what it then says."""
        parts = self.office.platform.changed
        return [f"{part.call} {part.parameters['message']}: {part.text}".removesuffix(": ") for part in parts]


async def desk(office: PostOffice | None = None) -> Desk:
    """A running campaign, whose announcement falls due."""
    office = office or PostOffice()
    started = campaign(step(StepKind.ANNOUNCE, After(HOUR), NEWS))
    due = Timetable(started, NOON - HOUR).all()
    await office.memory.write(lambda books: books.campaigns.start(started, at=NOON, due=due))
    (occurrence,) = await office.memory.read(lambda books: books.campaigns.due(NOON))
    return Desk(office, occurrence.id)


def pinned() -> Delivered:
    """The announcement, kept on top."""
    return AnnouncementPublished(announcement=PINNED)


__all__ = ["BRIDGE", "CORRECTED", "PINNED", "WHY", "Desk", "desk", "pinned", "to"]
