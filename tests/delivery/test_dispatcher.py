"""The lane: what is due goes out once, in order, many chats at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from core.delivery import DeliveryState, Urgency
from core.errors import (
    Unavailable,
)
from core.identifiers import Address, MessageId
from core.post import UNSAID, Receipt
from delivery import dispatcher
from tests.delivery.post_office import HOUR, Crossing, PostOffice, pinned, quiet, text, to
from tests.fakes import NOON

PLANNED, SENDING, SENT = DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.SENT
SQUARE = Receipt(address=Address("@square"), message=MessageId("1001"), call="text")
SECOND = timedelta(seconds=1)


# ── the plain case ─────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_due_is_sent_and_its_receipt_kept() -> None:
    """Case 1 of the outbox: the plain one."""
    office = PostOffice()
    (number,) = await office.plan(text())

    await office.work()

    delivery = await office.get(number)
    assert (delivery.state, delivery.receipts, delivery.lease_until) == (SENT, (SQUARE,), None)


async def test_each_recipient_gets_their_own_language() -> None:
    """The one of the channel, or the one the citizen chose."""
    office = PostOffice()
    await office.plan(text(), to("square"), to("hamlet"))

    await office.work()

    assert sorted(sent.part.text for sent in office.platform.sent) == ["<thanks en>", "<thanks fr>"]


async def test_what_is_not_due_waits_for_its_instant() -> None:
    """The lane sleeps until then, and asks nobody meanwhile."""
    office = PostOffice()
    await office.plan(text(), due_at=NOON + HOUR)

    async with office.open() as lane:
        waiting = (office.texts(), list(office.clock.waiting))
        office.clock.advance(HOUR)
        await quiet(lane)

    assert waiting == ([], [NOON + HOUR])
    assert office.texts() == ["@square text"]


async def test_what_is_planned_while_the_lane_rests_is_sent_when_the_bell_rings() -> None:
    """At once."""
    office = PostOffice()

    async with office.open() as lane:
        await office.plan(text())
        await quiet(lane)
        sent = office.texts()

    assert sent == ["@square text"]


async def test_the_more_urgent_goes_first() -> None:
    """A notice before a campaign that was planned earlier."""
    office = PostOffice()
    await office.plan(text(), to("square"))
    await office.plan(pinned(), to("square"), urgency=Urgency.NOTICE)

    await office.work()

    assert [urgency for _, urgency in office.platform.turns] == [Urgency.NOTICE, Urgency.NOTICE, Urgency.CAMPAIGN]


async def test_a_message_in_parts_is_sent_part_after_part() -> None:
    """Each knows those before it, each has a key of its own."""
    office = PostOffice()
    (number,) = await office.plan(pinned())

    await office.work()

    assert office.texts() == ["@square text", "@square pin"]
    assert [sent.key for sent in office.platform.sent] == [f"{number}:0", f"{number}:1"]
    assert (await office.get(number)).receipts == (SQUARE,)


async def test_nothing_is_pinned_in_a_private_chat() -> None:
    """That place is the citizen's own."""
    office = PostOffice()
    await office.plan(pinned(), await office.citizen("4711"))

    await office.work()

    assert office.texts() == ["4711 text"]


async def test_the_ledger_never_names_a_private_chat() -> None:
    """On some networks its address is the account of the person."""
    office = PostOffice()
    (number,) = await office.plan(text(), await office.citizen("4711"))

    await office.work()

    assert office.texts() == ["4711 text"]
    assert [receipt.address for receipt in (await office.get(number)).receipts] == [UNSAID]


async def test_a_claim_is_committed_before_each_call() -> None:
    """A crash then never hides a call that was made."""
    office = PostOffice()

    async with office.open() as lane:
        with office.platform.slow("send"):
            (number,) = await office.plan(text())
            await quiet(lane)
            claimed = await office.get(number)

    assert (claimed.state, claimed.parts, claimed.claimed_at) == (SENDING, 1, NOON)


async def test_between_two_parts_no_call_is_under_way() -> None:
    """A crash while a long message waits for its turn leaves nothing in doubt."""
    crossing = Crossing(at=1)
    office = PostOffice(crossing)
    (number,) = await office.plan(pinned())
    seen = []

    async def see() -> None:
        seen.append(await office.get(number))

    crossing.meanwhile = see
    await office.work()

    assert [(between.state, between.done, between.parts) for between in seen] == [(PLANNED, 1, 2)]


async def test_the_parts_that_remain_are_sent_later() -> None:
    """By another process, after those that are out."""
    office = PostOffice()
    (number,) = await office.plan(pinned())
    before = await office.get(number)
    await office.change(replace(before, receipts=(SQUARE,), parts=2, done=1), expected=PLANNED)

    await office.work()

    assert office.texts() == ["@square pin"]
    assert await office.states() == [SENT]


async def test_a_message_whose_words_became_fewer_is_complete() -> None:
    """After an upgrade in the middle of it: what is out is all there is."""
    office = PostOffice()
    (number,) = await office.plan(text())
    before = await office.get(number)
    await office.change(replace(before, receipts=(SQUARE,), parts=2, done=1), expected=PLANNED)

    await office.work()

    assert (office.texts(), await office.states()) == ([], [SENT])


# ── several chats ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_slow_chat_holds_up_no_other() -> None:
    """One told to wait; the other is served meanwhile."""
    office = PostOffice()
    office.platform.fails("send", Unavailable("flood", retry_after=HOUR))
    await office.plan(text(), to("square"), to("hamlet"))

    await office.work()

    assert office.texts() == ["@hamlet text"]


async def test_order_is_kept_in_a_chat_that_was_told_to_wait() -> None:
    """Telegram case 24: the third of five is limited; the fourth and fifth come after it."""
    office = PostOffice()
    for _ in range(2):
        office.platform.works("send")
    office.platform.fails("send", Unavailable("flood", retry_after=2 * SECOND))
    numbers = [number for _ in range(5) for number in await office.plan(text())]

    async with office.open() as lane:
        before = len(office.platform.sent)
        office.clock.advance(2 * SECOND)
        await quiet(lane)

    assert before == 2
    assert [sent.key for sent in office.platform.sent] == [f"{number}:0" for number in numbers]


async def test_a_crowd_waiting_for_one_chat_does_not_hide_the_others() -> None:
    """The lane looks further down the ledger until it finds somebody to serve."""
    office = PostOffice()
    office.platform.fails("send", Unavailable("flood", retry_after=HOUR))
    for _ in range(dispatcher.FEW + 5):
        await office.plan(text(), to("square"))
    await office.plan(text(), to("hamlet"))

    await office.work()

    assert office.texts() == ["@hamlet text"]


async def test_a_broadcast_reaches_everybody_once() -> None:
    """More people than are looked at together."""
    office = PostOffice()
    citizens = [await office.citizen(str(1000 + number)) for number in range(dispatcher.FEW * 2)]
    await office.plan(text(), *citizens)

    await office.work()

    assert sorted(office.texts()) == sorted(f"{1000 + number} text" for number in range(dispatcher.FEW * 2))


# ── the lane ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_two_lanes_of_one_account_send_once() -> None:
    """Case 6 of the outbox: two processes dispatch at once, and the compare-and-set decides."""
    office = PostOffice()
    await office.plan(text(), to("square"), to("hamlet"), to("harbour"))
    first, second = office.dispatcher(), office.dispatcher()

    async with office.open(first), office.open(second):
        await quiet(first, second)

    assert sorted(office.texts()) == ["@hamlet text", "@harbour text", "@square text"]


async def test_a_drained_lane_ends_the_call_under_way_and_begins_no_other() -> None:
    """An orderly stop leaves nothing in doubt."""
    office = PostOffice()
    await office.plan(text())
    await office.plan(text())

    async with office.open() as lane:
        pass
    async with asyncio.TaskGroup() as group:
        lane = office.dispatcher()
        with office.platform.slow("send"):
            await office.plan(text())
            running = group.create_task(lane.run())
            await quiet(lane)
            await office.plan(text())
            drained = group.create_task(lane.drain())
            await quiet(lane)
            early = drained.done()
        await drained
        await running

    assert (early, await office.states()) == (False, [SENT, SENT, SENT, PLANNED])


async def test_a_lane_that_rests_is_not_busy() -> None:
    """Nor one that does not run, whoever rings: the clock of a rehearsal jumps when nobody is busy."""
    office = PostOffice()
    await office.plan(text(), due_at=NOON + HOUR)

    async with office.open() as lane:
        resting = lane.busy
    office.bell.ring()

    assert (resting, lane.busy) == (False, False)


async def test_waiting_for_a_turn_is_rest() -> None:
    """The platform's pace is kept by the clock: who waits for it must let it jump."""
    crossing = Crossing()
    office = PostOffice(crossing)
    lane = office.dispatcher()
    seen = []

    async def see() -> None:
        for _ in range(9):  # until the lane has gone to rest
            await asyncio.sleep(0)
        seen.append(lane.busy)

    crossing.meanwhile = see
    await office.plan(text())
    async with office.open(lane):
        pass

    assert seen == [False]
