"""Cancelling while something is sent: stopped in time, or already out, and the officer is told which."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.campaign import After, StepKind
from core.delivery import Delivery, DeliveryState, claimed
from core.errors import PlatformError, Unavailable, Uncertain
from core.identifiers import CampaignId, DeliveryId, OccurrenceId
from core.post import Part, Receipt
from core.timetable import Timetable
from delivery.fates import PATIENCE, Fate, calls_ended, fate
from tests.core.examples import NEWS, campaign, delivery, step
from tests.delivery.post_office import HOUR, PostOffice, pinned, quiet, text
from tests.fakes import NOON, ScriptedPlatform

Fault = tuple[PlatformError, bool]  # and whether the call was carried out all the same
BRIDGE = CampaignId("bridge")
MOMENTS = 40  # turns of the event loop: more than two parts take


class _Distant(ScriptedPlatform):
    """A platform that is some turns away, going and coming."""

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Send."""
        await asyncio.sleep(0)
        receipts = await super().send(part, key=key, before=before)
        await asyncio.sleep(0)
        return receipts


async def _occurrence(office: PostOffice) -> OccurrenceId:
    started = campaign(step(StepKind.ANNOUNCE, After(HOUR), NEWS))
    due = Timetable(started, NOON - HOUR).all()
    await office.memory.write(lambda books: books.campaigns.start(started, at=NOON, due=due))
    (occurrence,) = await office.memory.read(lambda books: books.campaigns.due(NOON))
    return occurrence.id


async def _cancelled_after(turns: int, fault: Fault | None) -> tuple[PostOffice, Delivery]:
    """A message of two parts was being sent; how it stands once the call that was under way has ended."""
    office = PostOffice(_Distant())
    if fault is not None:
        office.platform.fails("send", fault[0], after=fault[1])
    await office.plan(pinned(), occurrence=await _occurrence(office))
    async with asyncio.TaskGroup() as group:
        lane = office.dispatcher()
        task = group.create_task(lane.run())
        for _ in range(turns):
            await asyncio.sleep(0)
        await office.memory.write(lambda books: books.campaigns.cancel(BRIDGE))
        waiting = group.create_task(calls_ended(office.memory, office.clock, BRIDGE))
        await quiet(lane)
        office.clock.advance(timedelta(seconds=1))
        await waiting
        stands = await office.get(DeliveryId(1))
        office.clock.advance(timedelta(minutes=1))
        office.bell.ring()
        await quiet(lane)
        task.cancel()
    return office, stands


@pytest.mark.parametrize(
    ("fault", "meant"),
    [
        (None, {Fate.STOPPED, Fate.OUT}),
        ((Unavailable("flood"), False), {Fate.STOPPED}),
        ((Uncertain("time-out"), True), {Fate.STOPPED, Fate.UNKNOWN}),
        ((Uncertain("time-out"), False), {Fate.STOPPED, Fate.UNKNOWN}),
    ],
    ids=["accepted", "later", "accepted unheard", "lost"],
)
async def test_whenever_it_is_cancelled_what_is_said_is_what_happened(fault: Fault | None, meant: set[Fate]) -> None:
    """At every moment: «stopped» and nothing is out, now and later; «out» and it is; and a lost answer is no guess."""
    said: set[Fate | None] = set()

    for turns in range(MOMENTS):
        office, stands = await _cancelled_after(turns, fault)
        said.add(fate(stands))
        assert bool(office.platform.sent) is (fate(stands) is Fate.OUT) or fate(stands) is Fate.UNKNOWN, turns

    assert said == meant


@pytest.mark.parametrize(
    ("state", "done", "meant"),
    [
        (DeliveryState.PLANNED, 0, Fate.STOPPED),
        (DeliveryState.PLANNED, 1, Fate.OUT),
        (DeliveryState.CANCELLED, 1, Fate.OUT),
        (DeliveryState.FAILED, 0, None),
        (DeliveryState.EXPIRED, 1, Fate.OUT),
        (DeliveryState.RETRACTED, 2, None),
    ],
)
def test_half_a_message_is_out(state: DeliveryState, done: int, meant: Fate | None) -> None:
    """Its first part can be read by everyone: there is something to retract."""
    assert fate(replace(delivery(state), parts=2, done=done)) is meant


def test_a_call_in_doubt_that_was_to_be_made_again_is_in_doubt() -> None:
    """It is not made again once the campaign is cancelled."""
    assert fate(replace(delivery(DeliveryState.PLANNED), doubted_at=NOON)) is Fate.UNKNOWN


async def test_a_call_that_does_not_end_is_not_waited_for_without_end() -> None:
    """Its sender may be dead: the officer is told that nobody knows."""
    office = PostOffice()
    (number,) = await office.plan(text(), occurrence=await _occurrence(office))
    await office.change(claimed(await office.get(number), NOON), expected=DeliveryState.PLANNED)
    waiting = asyncio.get_running_loop().create_task(calls_ended(office.memory, office.clock, BRIDGE))
    for _ in range(MOMENTS):  # until it has looked, and looks again in a moment
        await asyncio.sleep(0)

    office.clock.advance(PATIENCE)
    await waiting

    assert fate(await office.get(number)) is Fate.UNKNOWN
