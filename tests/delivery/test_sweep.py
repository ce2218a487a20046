"""What time alone decides."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.capabilities import Capabilities
from core.delivery import LEASE, DeliveryState, claimed
from core.identifiers import AccountName, DeliveryId
from delivery.sweep import Sweep
from tests.delivery.post_office import HOUR, PostOffice, text
from tests.fakes import ACCOUNT, CAPABILITIES, NOON

LATE = NOON + LEASE + timedelta(seconds=1)


def _sweep(office: PostOffice, capabilities: dict[AccountName, Capabilities] | None = None) -> Sweep:
    known = {ACCOUNT: CAPABILITIES} if capabilities is None else capabilities
    return Sweep(store=office.memory, clock=office.clock, capabilities=lambda: known, wake=office.bell.ring)


async def _abandoned(office: PostOffice) -> DeliveryId:
    """A delivery whose sender died between claim and answer."""
    (number,) = await office.plan(text())
    await office.change(claimed(await office.get(number), NOON), expected=DeliveryState.PLANNED)
    office.bell = type(office.bell)()
    return number


async def test_a_claim_without_an_answer_becomes_uncertain_when_its_lease_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Case 5 of the outbox: the platform does not recognise a repeated call. A human is told."""
    office = PostOffice()
    number = await _abandoned(office)
    office.clock.move_to(LATE)

    await _sweep(office).look()

    assert (await office.get(number)).state is DeliveryState.UNCERTAIN
    assert [record.message for record in caplog.records] == ["delivery_uncertain"]


async def test_a_claim_within_its_lease_is_left_alone() -> None:
    """Its sender may be alive."""
    office = PostOffice()
    number = await _abandoned(office)
    office.clock.move_to(NOON + LEASE)

    await _sweep(office).look()

    assert (await office.get(number)).state is DeliveryState.SENDING
    assert not office.bell.rung


async def test_a_claim_without_an_answer_is_planned_again_where_the_key_is_recognised() -> None:
    """Case 4 of the outbox: the platform dedupes, and the key is fresh."""
    office = PostOffice()
    number = await _abandoned(office)
    office.clock.move_to(LATE)

    await _sweep(office, {ACCOUNT: replace(CAPABILITIES, dedupes_for=HOUR)}).look()

    assert (await office.get(number)).state is DeliveryState.PLANNED
    assert office.bell.rung


async def test_while_the_town_is_held_nothing_is_given_up_as_too_late() -> None:
    """It was held back, not late; once released, what is late is."""
    office = PostOffice()
    await office.plan(text(), expires_at=NOON + HOUR)
    await office.hold()
    office.clock.move_to(NOON + HOUR)

    await _sweep(office).look()
    held = await office.states()
    await office.hold(None)
    await _sweep(office).look()

    assert (held, await office.states()) == ([DeliveryState.PLANNED], [DeliveryState.EXPIRED])


async def test_nothing_is_known_of_an_account_taken_out_of_the_configuration() -> None:
    """So nothing is repeated for it."""
    office = PostOffice()
    number = await _abandoned(office)
    office.clock.move_to(LATE)

    await _sweep(office, {}).look()

    assert (await office.get(number)).state is DeliveryState.UNCERTAIN


async def test_a_claim_whose_lease_was_renewed_is_left_alone() -> None:
    """Its sender has begun another call."""
    office = PostOffice()
    number = await _abandoned(office)
    office.clock.move_to(LATE)
    await office.change_sending(replace(await office.get(number), lease_until=LATE + LEASE))

    await _sweep(office).look()

    assert (await office.get(number)).state is DeliveryState.SENDING


async def test_what_was_not_sent_in_time_expires(caplog: pytest.LogCaptureFixture) -> None:
    """Case 8 of the outbox: late beyond its grace, it is not sent any more, and that is said."""
    office = PostOffice()
    await office.plan(text(), expires_at=NOON + HOUR)
    office.clock.move_to(NOON + HOUR)

    await _sweep(office).look()
    await office.work()

    assert (await office.states(), office.texts()) == ([DeliveryState.EXPIRED], [])
    assert [record.message for record in caplog.records] == ["deliveries_expired"]


async def test_the_sweep_is_idle_when_it_is_done() -> None:
    """The clock of a rehearsal jumps when nobody is busy."""
    sweep = _sweep(PostOffice())

    await sweep.look()

    assert not sweep.busy
