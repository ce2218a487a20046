"""Waking without asking the clock again and again."""

import asyncio
from datetime import timedelta

from delivery.bells import Bell, Hands
from tests.fakes import NOON, StoppedClock


async def _rings(bell: Bell, clock: StoppedClock, *, minutes: int | None = None) -> "asyncio.Task[None]":
    until = None if minutes is None else NOON + timedelta(minutes=minutes)
    task = asyncio.get_running_loop().create_task(bell.rest(clock, until))
    for _ in range(5):
        await asyncio.sleep(0)
    return task


async def test_a_bell_wakes_who_rests() -> None:
    """At once, whatever the time."""
    bell, clock = Bell(), StoppedClock()
    resting = await _rings(bell, clock, minutes=5)

    bell.ring()
    await resting

    assert (bell.rung, clock.waiting) == (False, [])


async def test_a_bell_that_rang_before_is_heard_at_the_next_rest() -> None:
    """Work that came in between two looks is not overlooked."""
    bell = Bell()
    bell.ring()

    resting = await _rings(bell, StoppedClock())

    assert resting.done()


async def test_a_bell_is_heard_once() -> None:
    """However often it rang."""
    bell, clock = Bell(), StoppedClock()
    bell.ring()
    bell.ring()
    await bell.rest(clock)

    resting = await _rings(bell, clock)

    assert not resting.done()
    resting.cancel()


async def test_a_rest_ends_at_its_instant() -> None:
    """Without anybody ringing."""
    bell, clock = Bell(), StoppedClock()
    resting = await _rings(bell, clock, minutes=5)

    clock.advance(timedelta(minutes=5))
    await resting

    assert not bell.rung


async def test_hands_are_busy_while_they_hold_work() -> None:
    """And not while they wait for something that is not theirs to do."""
    hands = Hands()

    with hands.at_work():
        working = hands.busy
        with hands.at_rest():
            resting = hands.busy

    assert (working, resting, hands.busy) == (True, False, False)


async def test_one_can_wait_until_hands_are_empty() -> None:
    """For an orderly end."""
    hands = Hands()
    with hands.at_work():
        waiting = asyncio.get_running_loop().create_task(hands.empty())
        await asyncio.sleep(0)
        early = waiting.done()

    await waiting

    assert not early
