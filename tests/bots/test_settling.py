"""Somebody of the staff settles in chat what nobody knew; everybody else is refused, and nothing is settled twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alert import AlertKind, Matter, stamp
from core.answers import Toast
from core.audience import Recipient, RecipientKind, StaffChannel
from core.campaign import After, StepKind
from core.citizen import Person
from core.delivery import Delivery, DeliveryState, Urgency
from core.events import Command, CommandGiven, Handle, Incoming, MessagePosted, Received
from core.identifiers import Address, DeliveryId, Locale, MessageId, OccurrenceId
from core.messages import UnknownCommand
from core.ports.store import Books
from core.post import UNSAID, Receipt
from core.staff import Approval, Member, Role, Staff
from core.staff_messages import DeliverySettled, SettlingRefused, StaffAlert
from core.timetable import Timetable
from tests.bots.town import ALIX, BLAISE, TOWN, WENDY, Stage, presses_command, private, public, types
from tests.core.examples import BRIDGE, campaign, step
from tests.core.test_staff import ANNE, BASILE, CHLOE
from tests.delivery.post_office import text
from tests.fakes import ACCOUNT, NOON, Telling

OFFICER, SECOND = replace(ALIX, number="711"), replace(WENDY, number="733")
MODERATOR = replace(BLAISE, number="722")
STRANGER = replace(ALIX, account="9", number="9")
ROOM = StaffChannel(name="telegram", account=ACCOUNT, address=Address("-100900"), locale=Locale.FR)
IN_ROOM = Handle(account=ACCOUNT, private=False, chat=ROOM.address, message=MessageId("5"))
PLACE = Recipient(RecipientKind.CHANNEL, "place")


def staffed() -> Stage:
    """Alix and Wendy may settle, Blaise may not."""
    people = (("711", "Alix", ANNE, Role.OFFICER), ("733", "Wendy", BASILE, Role.OFFICER))
    members = [Member(key=key, name=name, role=role, accounts={ACCOUNT: number}) for number, name, key, role in people]
    blaise = Member(key=CHLOE, name="Blaise", role=Role.MODERATOR, accounts={ACCOUNT: "722"})
    staff = Staff(approval=Approval.SOLO, members=(*members, blaise))
    return Stage(staff=staff, town=replace(TOWN, staff_channels=(ROOM,)))


async def delivery(
    stage: Stage,
    state: DeliveryState = DeliveryState.UNCERTAIN,
    *,
    to: Recipient = PLACE,
    message: object = None,
    occurrence: OccurrenceId | None = None,
    receipts: tuple[Receipt, ...] = (),
) -> DeliveryId:
    """A delivery in this state."""

    def work(books: Books) -> DeliveryId:
        books.deliveries.plan(
            occurrence=occurrence,
            message=message or text(),  # type: ignore[arg-type]  # any message that is delivered
            recipients=[(ACCOUNT, to)],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=NOON + timedelta(hours=1),
        )
        (before,) = books.deliveries.all(limit=1)
        books.deliveries.save(replace(before, state=state, parts=1, receipts=receipts), expected=DeliveryState.PLANNED)
        return before.id

    return await stage.look(work)


async def alerted(stage: Stage, *numbers: DeliveryId, private: bool = False) -> MessageId:
    """An alert about these, said to the staff; the message that says it."""
    matter = Matter(kind=AlertKind.DOUBT, about="occurrence:1", deliveries=numbers)
    alert = await stage.look(lambda books: books.alerts.open(matter, at=NOON))
    receipt = Receipt(address=UNSAID if private else ROOM.address, message=MessageId("77"), call="text")
    recipient = Recipient(RecipientKind.STAFF, f"telegram:{alert.id}")
    message = StaffAlert(alert=alert.id)
    await delivery(stage, DeliveryState.SENT, to=recipient, message=message, receipts=(receipt,))
    return receipt.message


async def stands(stage: Stage, number: DeliveryId) -> Delivery:
    """The delivery."""
    found = await stage.look(lambda books: books.deliveries.get(number))
    assert found is not None
    return found


def orders(person: Person, line: str, where: Handle) -> Telling:
    """Somebody types a command there."""
    name, *arguments = line.split()

    def telling(received: Received) -> tuple[Incoming, ...]:
        command = Command(name.removeprefix("/"), tuple(arguments))
        return (CommandGiven(received=received, person=person, command=command, handle=where),)

    return telling


def answers(person: Person, words: str, about: MessageId, where: Handle = IN_ROOM, *, edited: bool = False) -> Telling:
    """Somebody answers a message there."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        posted = MessagePosted(received=received, person=person, handle=where, text=words, answers=about, edited=edited)
        return (posted,)

    return telling


async def test_a_press_about_an_earlier_call_settles_nothing() -> None:
    """A colleague had it sent again, and that call is in doubt too: nobody has looked whether that one is out."""
    stage = staffed()
    number = await delivery(stage)
    old = stamp((await stands(stage, number)).due_at)
    await stage.hears(presses_command(OFFICER, f"/settle {number} again {old}", where=_pressed()))
    planned = await stands(stage, number)
    doubted = replace(planned, state=DeliveryState.UNCERTAIN, claimed_at=NOON + timedelta(seconds=1))
    await stage.look(lambda books: books.deliveries.save(doubted, expected=planned.state))

    (answer,) = await stage.hears(presses_command(SECOND, f"/settle {number} again {old}", where=_pressed()))

    assert isinstance(answer, Toast)
    assert answer.message == DeliverySettled(
        delivery=number, out=False, by="Alix", at=NOON, zone=TOWN.zone, before=True
    )
    assert (await stands(stage, number)).state is DeliveryState.UNCERTAIN


async def test_a_press_settles_what_is_out() -> None:
    """It is said at once, to the presser; the log names who it was."""
    stage = staffed()
    number = await delivery(stage)

    (answer,) = await stage.hears(presses_command(OFFICER, f"/settle {number} out", where=_pressed()))

    assert isinstance(answer, Toast)
    assert answer.message == DeliverySettled(delivery=number, out=True, by="Alix", at=NOON, zone=TOWN.zone)
    assert (await stands(stage, number)).state is DeliveryState.SENT
    (entry,) = await stage.look(lambda books: books.audit.last(limit=9))
    assert (entry.deed.who, entry.deed.about, stage.woken) == (ANNE, f"delivery:{number}", 1)


async def test_a_press_sends_again_what_is_not_out() -> None:
    """From there the lane takes it."""
    stage = staffed()
    number = await delivery(stage)

    await stage.hears(presses_command(OFFICER, f"/settle {number} again", where=_pressed()))

    assert (await stands(stage, number)).state is DeliveryState.PLANNED


async def test_a_second_press_says_who_was_first_and_changes_nothing() -> None:
    """Two officers look at the same time, and see something else."""
    stage = staffed()
    number = await delivery(stage)
    await stage.hears(presses_command(OFFICER, f"/settle {number} out", where=_pressed()))
    stage.clock.advance(timedelta(minutes=3))

    said = await stage.says(presses_command(SECOND, f"/settle {number} again", where=_pressed()))

    assert said == DeliverySettled(delivery=number, out=True, by="Alix", at=NOON, zone=TOWN.zone, before=True)
    assert (await stands(stage, number)).state is DeliveryState.SENT
    assert len(await stage.look(lambda books: books.audit.last(limit=9))) == 1


@pytest.mark.parametrize("person", [STRANGER, MODERATOR, ALIX], ids=["a stranger", "a moderator", "without a number"])
async def test_a_press_of_anybody_else_is_refused(person: Person) -> None:
    """A forwarded button, or a colleague without the right."""
    stage = staffed()
    number = await delivery(stage)

    said = await stage.says(presses_command(person, f"/settle {number} out", where=_pressed()))

    assert said == SettlingRefused(reason="staff_only")
    assert (await stands(stage, number)).state is DeliveryState.UNCERTAIN


async def test_to_everybody_else_the_command_does_not_exist() -> None:
    """Nobody learns of it."""
    stage = staffed()
    number = await delivery(stage)

    assert await stage.says(types(STRANGER, f"/settle {number} out")) == UnknownCommand()


@pytest.mark.parametrize("where", [IN_ROOM, private(OFFICER)], ids=["in the staff's channel", "in private"])
@pytest.mark.parametrize("line", ["/settle {} out", "/regler {} publié", "/Régler {} 1"])
async def test_the_same_can_be_typed(where: Handle, line: str) -> None:
    """In French too, where citizens do not read it."""
    stage = staffed()
    number = await delivery(stage)

    said = await stage.says(orders(OFFICER, line.format(number), where))

    assert isinstance(said, DeliverySettled)


async def test_nothing_is_settled_before_citizens() -> None:
    """Typed in the debates by mistake; where the staff's channel has moved, it still is the staff's."""
    stage = staffed()
    number = await delivery(stage)
    await stage.look(lambda books: books.town.moved(ACCOUNT, ROOM.address, Address("-100901")))

    there = await stage.says(orders(OFFICER, f"/settle {number} out", public()))
    moved = await stage.says(orders(OFFICER, f"/settle {number} out", replace(IN_ROOM, chat=Address("-100901"))))

    assert there == SettlingRefused(reason="not_here")
    assert isinstance(moved, DeliverySettled)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/settle", "unclear"),
        ("/settle {0}", "unclear"),
        ("/settle {0} maybe", "unclear"),
        ("/settle {0} out again", "unclear"),
        ("/settle first out", "unclear"),
        ("/settle 99999999999999999999 out", "unclear"),
        ("/settle 99 out", "unknown"),
    ],
)
async def test_what_nobody_can_read_changes_nothing(line: str, reason: str) -> None:
    """It is never guessed."""
    stage = staffed()
    number = await delivery(stage)

    assert await stage.says(orders(OFFICER, line.format(number), IN_ROOM)) == SettlingRefused(reason=reason)
    assert (await stands(stage, number)).state is DeliveryState.UNCERTAIN


async def test_a_message_to_the_staff_is_nothing_to_settle() -> None:
    """It is repeated by itself."""
    stage = staffed()
    number = await delivery(stage, to=Recipient(RecipientKind.STAFF, "telegram:1"))

    assert await stage.says(types(OFFICER, f"/settle {number} out")) == SettlingRefused(reason="unknown")


async def test_what_settled_itself_needs_nobody() -> None:
    """The late answer came first."""
    stage = staffed()
    number = await delivery(stage, DeliveryState.SENT)

    assert await stage.says(types(OFFICER, f"/settle {number} out")) == SettlingRefused(reason="by_itself")


async def test_what_was_refused_can_only_be_sent_again() -> None:
    """It is known not to be out."""
    stage = staffed()
    number = await delivery(stage, DeliveryState.FAILED)

    said = [await stage.says(types(OFFICER, f"/settle {number} {word}")) for word in ("out", "again")]

    assert said[0] == SettlingRefused(reason="not_failed")
    assert (await stands(stage, number)).state is DeliveryState.PLANNED


async def test_nothing_of_a_cancelled_campaign_is_sent_again() -> None:
    """What is out may be said to be."""
    stage = staffed()
    plan = campaign(step(StepKind.OPEN_POLL, After(timedelta()), BRIDGE))
    due = Timetable(plan, NOON).all()
    await stage.look(lambda books: books.campaigns.start(plan, at=NOON, due=due))
    (occurrence,) = await stage.look(lambda books: books.campaigns.occurrences(plan.id))
    number = await delivery(stage, occurrence=occurrence.id)
    await stage.look(lambda books: books.campaigns.cancel(plan.id))

    refused = await stage.says(types(OFFICER, f"/settle {number} again"))
    taken = await stage.says(types(OFFICER, f"/settle {number} out"))

    assert refused == SettlingRefused(reason="stopped")
    assert isinstance(taken, DeliverySettled)


# ── where there are no buttons ──


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("1", DeliveryState.SENT),
        ("C’est publié", DeliveryState.SENT),
        ("2", DeliveryState.PLANNED),
        ("À renvoyer !", DeliveryState.PLANNED),
        ("1 ou 2 ?", DeliveryState.UNCERTAIN),
        ("je regarde", DeliveryState.UNCERTAIN),
    ],
)
async def test_an_answer_in_words_settles_what_the_alert_asks_about(words: str, state: DeliveryState) -> None:
    """As on Mastodon, in private; both at once, or neither, is asked for again."""
    stage = staffed()
    number = await delivery(stage)
    about = await alerted(stage, number, private=True)

    said = await stage.says(answers(OFFICER, words, about, private(OFFICER, press="press")))

    assert (await stands(stage, number)).state is state
    assert isinstance(said, DeliverySettled) or said == SettlingRefused(reason="unclear")


async def test_an_answer_to_an_alert_about_several_names_one() -> None:
    """Else nobody knows which; the one that is left needs no name."""
    stage = staffed()
    first, second = await delivery(stage), await delivery(stage, to=Recipient(RecipientKind.CHANNEL, "port"))
    about = await alerted(stage, first, second)

    unclear = await stage.says(answers(OFFICER, "1", about))
    await stage.says(orders(OFFICER, f"/settle {first} out", IN_ROOM))
    clear = await stage.says(answers(OFFICER, "1", about))

    assert unclear == SettlingRefused(reason="unclear")
    assert isinstance(clear, DeliverySettled)
    assert clear.delivery == second


async def test_an_answer_that_comes_second_learns_who_was_first() -> None:
    """The alert asks about nothing any more."""
    stage = staffed()
    number = await delivery(stage)
    about = await alerted(stage, number)
    await stage.says(answers(OFFICER, "1", about))

    said = await stage.says(answers(SECOND, "2", about))

    assert isinstance(said, DeliverySettled)
    assert (said.by, said.before) == ("Alix", True)


async def test_an_alert_that_is_forgotten_is_about_nothing() -> None:
    """Its message may stand in the channel for years."""
    stage = staffed()
    about = await alerted(stage)
    (alert,) = await stage.look(lambda books: books.alerts.standing())
    await stage.look(lambda books: books.alerts.save(replace(alert, done=True)))
    await stage.look(lambda books: books.alerts.purge(before=NOON + timedelta(days=99)))

    assert await stage.says(answers(OFFICER, "1", about)) == SettlingRefused(reason="unclear")


@pytest.mark.parametrize(
    "telling",
    [
        answers(STRANGER, "1", MessageId("77")),
        answers(OFFICER, "1", MessageId("77"), edited=True),
        answers(OFFICER, "1", MessageId("78")),
        answers(OFFICER, "1", MessageId("77"), replace(IN_ROOM, chat=None)),
    ],
    ids=["a stranger", "an edited answer", "an answer to something else", "nowhere"],
)
async def test_other_messages_settle_nothing(telling: Telling) -> None:
    """They are what they were before."""
    stage = staffed()
    number = await delivery(stage)
    await alerted(stage, number)

    assert await stage.says(telling) is None
    assert (await stands(stage, number)).state is DeliveryState.UNCERTAIN


def _pressed() -> Handle:
    return replace(IN_ROOM, press="press")
