"""Looking back: what is in doubt is settled by looking, where the network shows what we wrote."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.delivery import LEASE, MOST_ATTEMPTS, DeliveryState
from core.errors import OutcomeUnknown, Rejected, Unavailable, Uncertain
from core.identifiers import DeliveryId
from core.messages import Illegible
from core.post import Part, Receipt
from delivery.lookback import PAUSE, SOON, Lookback
from tests.delivery.post_office import FailingStore, PostOffice, pinned, text, to
from tests.fakes import CAPABILITIES, ScriptedPlatform

PLANNED, SENT, UNCERTAIN = DeliveryState.PLANNED, DeliveryState.SENT, DeliveryState.UNCERTAIN


def office_that_looks() -> PostOffice:
    """A network that shows what was written."""
    return PostOffice(ScriptedPlatform(capabilities=replace(CAPABILITIES, looks_back=True)))


def lookback(office: PostOffice) -> Lookback:
    """One that looks for the account of the office."""
    return Lookback(
        platform=office.platform,
        store=office.store,
        words=office.words,
        directory=office.directory,
        clock=office.clock,
        bell=office.bell,
    )


async def in_doubt(office: PostOffice, *, out: bool, message: object = None) -> DeliveryId:
    """A delivery whose answer was lost, some time ago."""
    office.platform.fails("send", Uncertain("cut"), after=out)
    (number,) = await office.plan(message or text())  # type: ignore[arg-type]  # a message
    await office.work()
    assert (await office.get(number)).state is UNCERTAIN
    office.clock.advance(LEASE)
    return number


async def test_what_is_there_is_sent() -> None:
    """With its receipt: a poll can be followed, and answers to it are found."""
    office = office_that_looks()
    number = await in_doubt(office, out=True)

    await lookback(office).look()

    delivery = await office.get(number)
    assert (delivery.state, len(delivery.receipts)) == (SENT, 1)
    assert len(office.platform.sent) == 1


async def test_what_is_there_goes_on_with_its_next_part() -> None:
    """The pin."""
    office = office_that_looks()
    await in_doubt(office, out=True, message=pinned())

    await lookback(office).look()
    await office.work()

    assert office.texts() == ["@square text", "@square pin"]
    assert await office.states() == [SENT]


async def test_what_is_not_there_is_sent_again() -> None:
    """Once."""
    office = office_that_looks()
    number = await in_doubt(office, out=False)

    await lookback(office).look()
    assert (await office.get(number)).note == "not found where it was meant for"
    await office.work()

    assert office.texts() == ["@square text"]
    assert await office.states() == [SENT]


async def test_a_message_of_another_delivery_is_not_taken_for_this_one() -> None:
    """The same words were published before."""
    office = office_that_looks()
    await office.plan(text())
    await office.work()
    number = await in_doubt(office, out=False)

    await lookback(office).look()

    assert (await office.get(number)).state is PLANNED


@pytest.mark.parametrize("change", [{"expires_at": 1}, {"attempts": MOST_ATTEMPTS - 1}], ids=["expired", "many tries"])
async def test_what_is_not_there_and_too_late_is_left_to_a_human(change: dict[str, int]) -> None:
    """They are asked once."""
    office = office_that_looks()
    number = await in_doubt(office, out=False)
    stands = await office.get(number)
    wanted = {"expires_at": office.clock.now()} if "expires_at" in change else change
    await office.change(replace(stands, **wanted), expected=UNCERTAIN)
    look = lookback(office)

    await look.look()
    await look.look()

    assert (await office.get(number)).state is UNCERTAIN
    assert office.platform.calls.count("find") == 1


@pytest.mark.parametrize(("after", "state"), [(SOON - LEASE, PLANNED), (SOON, UNCERTAIN)], ids=["soon", "late"])
async def test_what_is_not_there_long_after_the_call_is_left_to_a_human(after: timedelta, state: DeliveryState) -> None:
    """A moderator may have removed it since: sent again, it would defy them."""
    office = office_that_looks()
    number = await in_doubt(office, out=False)
    office.clock.advance(after)

    await lookback(office).look()

    assert (await office.get(number)).state is state


async def test_no_number_of_doubts_hides_one() -> None:
    """A network broke down in the middle of a round of private messages."""
    office = office_that_looks()
    number = await in_doubt(office, out=True)
    person = await office.citizen("4711")
    for _ in range(101):
        (private,) = await office.plan(text(), person)
        await office.change(replace(await office.get(private), state=UNCERTAIN), expected=PLANNED)

    await lookback(office).look()

    assert (await office.get(number)).state is SENT


async def test_a_call_that_may_still_be_under_way_is_not_judged() -> None:
    """What is not there yet may come."""
    office = office_that_looks()
    office.platform.fails("send", Uncertain("cut"))
    (number,) = await office.plan(text())
    await office.work()

    await lookback(office).look()

    assert (await office.get(number)).state is UNCERTAIN


async def test_a_network_that_shows_nothing_is_not_asked() -> None:
    """Its deliveries in doubt are for a human."""
    office = PostOffice()
    number = await in_doubt(office, out=True)

    await lookback(office).look()

    assert (await office.get(number)).state is UNCERTAIN


async def test_what_may_not_be_looked_at_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """Without the right to read, for instance."""
    office = office_that_looks()
    await in_doubt(office, out=True)
    office.platform.fails("find", Rejected("no right"), times=2)
    look = lookback(office)

    await look.look()
    await look.look()

    assert caplog.text.count("lookback_blind") == 1


async def test_a_network_that_does_not_answer_is_asked_later() -> None:
    """Not at every tick."""
    office = office_that_looks()
    number = await in_doubt(office, out=True)
    office.platform.fails("find", Unavailable("502"))
    look = lookback(office)

    await look.look()
    await look.look()
    assert (await office.get(number)).state is UNCERTAIN
    office.clock.advance(PAUSE)
    await look.look()

    assert (await office.get(number)).state is SENT
    assert not look.busy


async def test_nothing_is_looked_for_while_the_town_is_held_or_the_store_away() -> None:
    """What was restored may know less than what is out."""
    office = office_that_looks()
    number = await in_doubt(office, out=True)
    await office.hold()
    await lookback(office).look()
    await office.hold(None)
    failing = FailingStore(office.memory)
    failing.reads = [OutcomeUnknown("away")]
    office.store = failing

    await lookback(office).look()

    assert (await office.get(number)).state is UNCERTAIN


async def test_private_chats_and_messages_that_say_nothing_are_left_to_a_human() -> None:
    """Nobody looks into a private chat."""
    office = office_that_looks()
    office.platform.fails("send", Uncertain("cut"), times=3)
    await office.plan(text(), await office.citizen("4711"))
    await office.plan(text(), to("square"))
    await office.work()
    office.clock.advance(LEASE)
    for delivery in await office.all():
        if delivery.recipient == to("square"):
            await office.change(replace(delivery, message=Illegible(kind="x")), expected=UNCERTAIN)

    await lookback(office).look()

    assert set(await office.states()) == {UNCERTAIN}


async def test_words_that_have_changed_are_left_to_a_human() -> None:
    """There is no such part any more."""
    office = office_that_looks()
    number = await in_doubt(office, out=True)
    await office.change(replace(await office.get(number), done=5, parts=6), expected=UNCERTAIN)

    await lookback(office).look()

    assert (await office.get(number)).state is UNCERTAIN


async def test_who_settled_it_meanwhile_is_right() -> None:
    """A human was faster."""
    office = office_that_looks()
    number = await in_doubt(office, out=True)
    stands = await office.get(number)

    class Meanwhile(ScriptedPlatform):
        """Somebody settles it during the look."""

        async def find(self, part: Part, *, before: Sequence[Receipt], since: datetime) -> tuple[Receipt, ...]:  # noqa: ARG002  of the port
            """After somebody's decision."""
            await office.change(replace(stands, state=SENT, note="a human"), expected=UNCERTAIN)
            return ()

    office.platform = Meanwhile(capabilities=office.platform.capabilities)
    await lookback(office).look()

    assert (await office.get(number)).note == "a human"


async def test_it_looks_whenever_it_is_asked_to() -> None:
    """At each look at the ledger."""
    office = office_that_looks()
    number = await in_doubt(office, out=True)
    look = lookback(office)
    running = asyncio.create_task(look.run())

    look.ring()
    for _ in range(20):
        await asyncio.sleep(0)
    running.cancel()

    assert (await office.get(number)).state is SENT
