"""A delivery that is a reply to another: where it stands, and what it says of it when it is looked for."""

from dataclasses import replace

from core.delivery import LEASE, DeliveryState, Urgency
from core.errors import Uncertain
from core.identifiers import DeliveryId
from core.messages import Erratum
from delivery.lookback import Lookback
from tests.core.examples import words
from tests.delivery.post_office import HOUR, PostOffice, text, to
from tests.fakes import CAPABILITIES, NOON, ScriptedPlatform

ERRATUM = Erratum(title=words("The footbridge"), said=words("In June."))


async def _reply(office: PostOffice, answered: DeliveryId) -> DeliveryId:
    number = await office.memory.write(
        lambda books: books.deliveries.reply(
            answered, ERRATUM, urgency=Urgency.CAMPAIGN, due_at=NOON, expires_at=NOON + HOUR
        )
    )
    office.bell.ring()
    return number


async def test_a_reply_stands_under_the_first_message_also_in_private() -> None:
    """Where the mistake was read."""
    office = PostOffice()
    here, there = await office.plan(text(), to("square"), await office.citizen("4711"))
    await office.work()
    for number in (here, there):
        await _reply(office, number)

    await office.work()

    answered = [sent.part.parameters.get("answers") for sent in office.platform.sent]
    assert answered == [None, None, "1001", "1002"]


async def test_a_reply_to_what_nobody_can_find_is_said_all_the_same() -> None:
    """As a message of its own."""
    office = PostOffice()
    (number,) = await office.plan(text())
    await _reply(office, number)
    delivery = await office.get(number)
    await office.change(replace(delivery, state=DeliveryState.FAILED), expected=DeliveryState.PLANNED)

    await office.work()

    assert [sent.part.parameters.get("answers") for sent in office.platform.sent] == [None]


async def test_a_reply_in_doubt_is_looked_for_as_a_reply() -> None:
    """The same words may stand elsewhere."""
    office = PostOffice(ScriptedPlatform(capabilities=replace(CAPABILITIES, looks_back=True)))
    (number,) = await office.plan(text())
    await office.work()
    office.platform.fails("send", Uncertain("cut"), after=True)
    reply = await _reply(office, number)
    await office.work()
    office.clock.advance(LEASE)

    await Lookback(
        platform=office.platform,
        store=office.store,
        words=office.words,
        directory=office.directory,
        clock=office.clock,
        bell=office.bell,
    ).look()

    assert (await office.get(reply)).state is DeliveryState.SENT
