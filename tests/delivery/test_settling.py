"""What a human decides, having looked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.planner import NO_ACCOUNT
from core.delivery import MOST_ATTEMPTS, TRANSITIONS, DeliveryState, Urgency, claimed, lost
from core.errors import Rejected, Uncertain
from core.identifiers import DeliveryId, MemberKey
from delivery.settling import it_is_out, send_again
from tests.core.examples import receipt
from tests.delivery.post_office import CHANNELS, HOUR, PostOffice, pinned, text, to
from tests.fakes import NOON

OFFICER = MemberKey("amartin")
LATER = NOON + 24 * HOUR


async def _doubtful(office: PostOffice, *, parts: int = 1) -> DeliveryId:
    """A delivery of which nobody knows whether its first part is out."""
    (number,) = await office.plan(pinned() if parts > 1 else text())
    mine = replace(claimed(await office.get(number), NOON), parts=parts)
    doubtful = lost(mine, at=NOON, dedupes_for=timedelta())
    await office.change(replace(doubtful, attempts=MOST_ATTEMPTS), expected=DeliveryState.PLANNED)
    return number


async def test_what_a_human_saw_is_sent() -> None:
    """With its receipt when they say which message it is."""
    office = PostOffice()
    number = await _doubtful(office)

    settled = await it_is_out(office.memory, number, at=LATER, by=OFFICER, receipt=receipt())

    delivery = await office.get(number)
    assert (settled, delivery.state, delivery.receipts) == (True, DeliveryState.SENT, (receipt(),))


async def test_what_failed_for_want_of_a_channel_is_sent_by_the_account_that_now_serves_it() -> None:
    """The configuration was corrected; nobody served the channel when the step was planned."""
    office = PostOffice()
    await office.memory.write(
        lambda books: books.deliveries.plan(
            occurrence=None,
            message=text(),
            recipients=[(NO_ACCOUNT, to("square"))],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=LATER,
            refusal="the configuration knows no channel «square»",
        )
    )
    (lost_one,) = await office.all()

    settled = await send_again(office.memory, lost_one.id, at=NOON, by=OFFICER, channels=CHANNELS)
    await office.work()

    assert (settled, office.texts(), await office.states()) == (True, ["@square text"], [DeliveryState.SENT])


async def test_the_parts_that_follow_what_a_human_saw_are_still_sent() -> None:
    """They were never in doubt."""
    office = PostOffice()
    office.clock.move_to(LATER)
    number = await _doubtful(office, parts=2)

    await it_is_out(office.memory, number, at=LATER, by=OFFICER, receipt=receipt())
    await office.work()

    assert (office.texts(), await office.states()) == (["@square pin"], [DeliveryState.SENT])


async def test_what_is_seen_without_a_number_has_no_receipt() -> None:
    """The message is known to be out, not where."""
    office = PostOffice()
    number = await _doubtful(office)

    await it_is_out(office.memory, number, at=LATER, by=OFFICER)

    assert (await office.get(number)).receipts == ()


async def test_what_a_human_did_not_see_is_sent_again() -> None:
    """However late: the decision is theirs, and it must not expire under their hands."""
    office = PostOffice()
    office.clock.move_to(LATER)
    number = await _doubtful(office)

    settled = await send_again(office.memory, number, at=LATER, by=OFFICER)
    await office.work()

    assert (settled, office.texts(), await office.states()) == (True, ["@square text"], [DeliveryState.SENT])


async def test_a_failure_whose_cause_is_cured_is_sent_again() -> None:
    """The bot is an administrator now."""
    office = PostOffice()
    office.platform.fails("send", Rejected("need administrator rights"))
    (number,) = await office.plan(text())
    await office.work()

    await send_again(office.memory, number, at=NOON, by=OFFICER)
    await office.work()

    assert (office.texts(), await office.states()) == (["@square text"], [DeliveryState.SENT])


@pytest.mark.parametrize("state", [state for state in DeliveryState if state is not DeliveryState.UNCERTAIN])
async def test_only_what_is_uncertain_can_be_said_to_be_out(state: DeliveryState) -> None:
    """Two officers settle the same one: the second is told that nothing was left to settle."""
    office = PostOffice()
    number = await _doubtful(office)
    await office.change(replace(await office.get(number), state=state), expected=DeliveryState.UNCERTAIN)

    assert not await it_is_out(office.memory, number, at=LATER, by=OFFICER)


@pytest.mark.parametrize("state", list(DeliveryState))
async def test_only_what_is_uncertain_or_failed_can_be_sent_again(state: DeliveryState) -> None:
    """What is planned, under way, out or called off is no human's business to repeat."""
    office = PostOffice()
    number = await _doubtful(office)
    await office.change(replace(await office.get(number), state=state), expected=DeliveryState.UNCERTAIN)

    again = await send_again(office.memory, number, at=LATER, by=OFFICER)

    allowed = DeliveryState.PLANNED in TRANSITIONS[state] and state is not DeliveryState.SENDING
    assert again is allowed


async def test_what_does_not_exist_cannot_be_settled() -> None:
    """A number mistyped."""
    assert not await it_is_out(PostOffice().memory, DeliveryId(99), at=NOON, by=OFFICER)


async def test_the_wait_after_a_human_decision_begins_anew() -> None:
    """Tries used up before it count no more."""
    office = PostOffice()
    number = await _doubtful(office)
    office.platform.fails("send", Uncertain("time-out"))

    await send_again(office.memory, number, at=NOON, by=OFFICER)

    assert (await office.get(number)).attempts == 0
