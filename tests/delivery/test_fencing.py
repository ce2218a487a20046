"""A sender that lost its lane to another process: it claims nothing more, and what it knows of its calls is kept."""

import asyncio

import pytest

from core.delivery import DeliveryState
from core.errors import Superseded
from core.ports.engine import Fence, sending
from delivery.dispatcher import Dispatcher
from storage.fencing import FencedStore
from tests.delivery.post_office import PostOffice, quiet, text, to
from tests.fakes import ACCOUNT, NOON

LANE = sending(ACCOUNT)


async def _take_over(office: PostOffice) -> int:
    return await office.memory.write(lambda books: books.lanes.take(LANE, holder="another", at=NOON))


async def _fenced(office: PostOffice) -> Dispatcher:
    """The lane as the service makes it, held by this process."""
    fence = Fence(LANE)
    fence.hold(await _take_over(office))
    return Dispatcher(
        platform=office.platform,
        store=FencedStore(office.memory, fence),
        words=office.words,
        directory=office.directory,
        clock=office.clock,
        bell=office.bell,
        aftermath=office.memory,
    )


async def test_who_lost_the_lane_sends_nothing_more() -> None:
    """Two senders of one lane would tear the order of a chat apart."""
    office = PostOffice()
    lane = await _fenced(office)
    await _take_over(office)
    await office.plan(text())

    with pytest.raises(Superseded):
        await lane.run()

    assert (office.platform.sent, await office.states()) == ([], [DeliveryState.PLANNED])


async def test_what_became_of_a_call_is_stored_though_the_lane_was_lost_meanwhile() -> None:
    """It was made under our claim: throwing the answer away would only make a doubt of what is known."""
    office = PostOffice()
    await office.plan(text(), to("square"))
    lane = await _fenced(office)

    with office.platform.slow("send"):
        work = asyncio.create_task(lane.run())
        await quiet(lane)
        await _take_over(office)
        await office.plan(text(), to("hamlet"))
        await quiet(lane)
    with pytest.raises(Superseded):
        await work

    assert await office.states() == [DeliveryState.SENT, DeliveryState.PLANNED]


async def test_a_lane_that_is_left_ends_its_calls_begins_nothing_and_may_run_again() -> None:
    """It is placed elsewhere, and may come back."""
    office = PostOffice()
    await office.plan(text(), to("square"))
    lane = office.dispatcher()

    with office.platform.slow("send"):
        work = asyncio.create_task(lane.run())
        await quiet(lane)
        lane.leave()
        await office.plan(text(), to("hamlet"))
        await quiet(lane)
    await work
    left = await office.states()
    async with office.open(lane):
        pass

    assert left == [DeliveryState.SENT, DeliveryState.PLANNED]
    assert await office.states() == [DeliveryState.SENT, DeliveryState.SENT]
