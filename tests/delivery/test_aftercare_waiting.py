"""Corrections that wait: for a network that is away, for their turn, for a call under way."""

import asyncio
from datetime import timedelta

from core.correction import AmendmentState, CorrectionKind
from core.errors import Unauthorised, Unavailable
from tests.delivery.corrections import desk
from tests.delivery.notice_boards import everybody_waits
from tests.delivery.post_office import Crossing, PostOffice
from tests.fakes import NOON

RETRACT = CorrectionKind.RETRACT
DONE, REFUSED, PLANNED = AmendmentState.DONE, AmendmentState.REFUSED, AmendmentState.PLANNED


async def test_a_network_that_is_away_is_waited_for() -> None:
    """Three hours are not the end of a correction; one line and one alert tell of them, elsewhere."""
    at = await desk()
    await at.publish()
    await at.order(RETRACT)
    at.office.platform.fails("delete", Unavailable("away"), times=18)

    for _ in range(19):
        await at.look(timedelta(minutes=10))

    assert [state for state, _ in await at.outcomes()] == [DONE]
    assert at.made() == ["delete 1001"]


async def test_a_fault_of_ours_is_given_up_in_the_end() -> None:
    """Shown to the officer, not tried for ever."""
    at = await desk()
    await at.publish()
    await at.order(RETRACT)
    at.office.platform.fails("delete", RuntimeError("a defect"), times=9)

    for _ in range(9):
        await at.look(timedelta(minutes=10))

    assert await at.outcomes() == [(REFUSED, "a fault of Parvis itself: RuntimeError")]
    assert at.office.platform.calls.count("delete") == 8


async def test_waiting_as_told_is_no_failed_try() -> None:
    """Nor is an account that is refused: a human cures it."""
    at = await desk()
    (copy,) = await at.publish()
    await at.order(RETRACT)
    at.office.platform.fails("delete", Unavailable("slow down", retry_after=timedelta(minutes=1)))
    at.office.platform.fails("delete", Unauthorised("token"))
    await at.look()
    first = (await at.amendment(copy)).due_at
    await at.look(timedelta(minutes=1))

    found = await at.amendment(copy)

    assert first == NOON + timedelta(minutes=1)
    assert (found.state, found.attempts, found.due_at) == (PLANNED, 0, NOON + timedelta(minutes=6))


async def test_what_is_in_hand_is_not_taken_up_again() -> None:
    """A chat that was told to pause holds up nobody, and gets no second call."""
    at = await desk()
    await at.publish()
    await at.order(RETRACT)
    async with asyncio.TaskGroup() as group:
        with at.office.platform.slow("delete"):
            group.create_task(at.aftercare.look())
            await everybody_waits()
            await at.aftercare.look()

    assert at.office.platform.calls.count("delete") == 1


async def test_what_waits_for_its_turn_is_not_taken_up_again() -> None:
    """It is planned still, and already somebody's."""
    crossing = Crossing(at=1)
    at = await desk(PostOffice(crossing))
    await at.publish()
    await at.order(RETRACT)

    async def meanwhile() -> None:
        crossing.meanwhile = None
        await at.aftercare.look()

    crossing.meanwhile = meanwhile
    await at.look()

    assert at.made() == ["delete 1001"]
