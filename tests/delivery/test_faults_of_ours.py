"""A fault of ours concerns one delivery: it is set aside, and the calls of the others go on."""

from dataclasses import replace

import pytest

from core.audience import Destination, Recipient
from core.delivery import DeliveryState
from core.errors import StorageError
from core.identifiers import AccountName
from core.ports.store import Books
from delivery.directory import Directory
from delivery.dispatcher import PAUSE
from tests.delivery.post_office import CHANNELS, Crossing, FailingStore, PostOffice, pinned, quiet, text, to

FAILED, PLANNED, SENT, UNCERTAIN = (
    DeliveryState.FAILED,
    DeliveryState.PLANNED,
    DeliveryState.SENT,
    DeliveryState.UNCERTAIN,
)
FAULT = "a fault of Parvis itself: AttributeError"


class _Confused(Directory):
    """A directory that stumbles over citizens."""

    def find(self, books: Books, account: AccountName, recipient: Recipient) -> Destination | None:
        """Stumble, or find."""
        if recipient.kind == "citizen":
            raise AttributeError("bug")
        return super().find(books, account, recipient)


async def test_a_fault_during_a_call_interrupts_no_other_call() -> None:
    """What the others are sending would be in doubt, for nothing."""
    office = PostOffice()
    office.platform.works("send")
    office.platform.fails("send", AttributeError("bug"))

    async with office.open() as lane:
        with office.platform.slow("send"):
            _, second = await office.plan(text(), to("square"), to("hamlet"))
            await quiet(lane)
            during = (await office.get(second)).state

    assert (during, await office.states()) == (UNCERTAIN, [SENT, UNCERTAIN])
    assert (await office.get(second)).note == FAULT


async def test_a_fault_before_any_call_is_a_failure() -> None:
    """It is surely not out: «again» may be said without looking."""
    office = PostOffice()
    office.directory = _Confused(channels=CHANNELS, vault=office.vault)
    await office.plan(text(), await office.citizen("4711"))
    await office.plan(text(), to("square"))

    await office.work()

    assert [(each.state, each.note) for each in await office.all()] == [(FAILED, FAULT), (SENT, "")]


async def test_a_fault_between_two_parts_leaves_what_is_out_known() -> None:
    """The first part is out, the second was not tried."""
    office = PostOffice()
    (number,) = await office.plan(pinned())
    office.platform.works("turn")
    office.platform.fails("turn", AttributeError("bug"))

    await office.work()

    delivery = await office.get(number)
    assert (delivery.state, delivery.done, delivery.note) == (FAILED, 1, FAULT)


async def test_a_fault_is_traced_and_told(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever repairs it needs to know where."""
    office = PostOffice()
    office.platform.fails("send", AttributeError("bug"))
    await office.plan(text())

    await office.work()

    told = {record.message: record for record in caplog.records}
    assert set(told) == {"delivery_fault", "delivery_settled"}
    assert told["delivery_fault"].exc_info


async def test_the_account_goes_on_after_a_fault() -> None:
    """What is planned later is sent."""
    office = PostOffice()
    office.platform.fails("send", AttributeError("bug"))
    await office.plan(text())

    async with office.open() as lane:
        await office.plan(text())
        await quiet(lane)

    assert await office.states() == [UNCERTAIN, SENT]


async def test_what_cannot_be_set_aside_now_is_set_aside_later() -> None:
    """The store was away at that moment; the lane looks at it again."""
    office = PostOffice()
    office.store = store = FailingStore(office.memory)
    office.platform.fails("turn", AttributeError("bug"), times=2)
    store.writes = [StorageError("locked")]
    await office.plan(text())

    async with office.open() as lane:
        before = await office.states()
        office.clock.advance(PAUSE)
        await quiet(lane)

    assert (before, await office.states()) == ([PLANNED], [FAILED])


async def test_what_others_settled_meanwhile_is_left_as_it_stands() -> None:
    """Somebody was quicker than the fault."""
    crossing = Crossing()
    office = PostOffice(crossing)
    (number,) = await office.plan(text())

    async def cancel() -> None:
        await office.change(replace(await office.get(number), state=DeliveryState.CANCELLED), expected=PLANNED)
        raise AttributeError("bug")

    crossing.meanwhile = cancel
    await office.work()

    assert await office.states() == [DeliveryState.CANCELLED]


async def test_what_was_forgotten_meanwhile_is_nothing_to_set_aside() -> None:
    """Somebody asked to be forgotten while their message was due."""
    crossing = Crossing()
    office = PostOffice(crossing)
    person = await office.citizen("4711")
    await office.plan(text(), person)

    async def forget() -> None:
        await office.memory.write(lambda books: books.citizens.forget(b"4711"))
        raise AttributeError("bug")

    crossing.meanwhile = forget
    await office.work()

    assert await office.all() == []
