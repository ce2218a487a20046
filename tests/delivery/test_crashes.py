"""A process that dies anywhere posts nothing twice, hides nothing, and leaves the rest to the next one.

A life of the lane is cut after some turns of the event loop: before or after a commit, before or after the platform
acted. No clean-up of ours runs: what was not committed is gone.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.delivery import LEASE, DeliveryState
from core.errors import PlatformError, Unavailable, Uncertain
from core.poll import Outcome, Vote
from core.ports.store import Books, Guard, Store
from core.post import Part, Receipt
from delivery.sweep import Sweep
from tests.delivery.post_office import PostOffice, pinned, quiet, text, to
from tests.fakes import ACCOUNT, CAPABILITIES, ScriptedPlatform

T = TypeVar("T")
A_WHILE = 2 * LEASE


class Distant:
    """A store that is some turns away, going and coming: one can die after a commit and before hearing of it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def write(self, work: Callable[[Books], T]) -> T:
        """Write."""
        result = await self._store.write(work)
        await asyncio.sleep(0)
        return result

    async def read(self, work: Callable[[Books], T]) -> T:
        """Read."""
        return await self._store.read(work)

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Cast."""
        return await self._store.cast(votes, guard=guard)

    async def close(self) -> None:
        """Let go."""
        await self._store.close()


class DistantPlatform(ScriptedPlatform):
    """A platform that is some turns away: it may have acted when the one who asked is dead."""

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Send."""
        await asyncio.sleep(0)
        receipts = await super().send(part, key=key, before=before)
        await asyncio.sleep(0)
        return receipts

    async def change(self, part: Part) -> None:
        """Change what is out."""
        await asyncio.sleep(0)
        await super().change(part)
        await asyncio.sleep(0)


def _office(dedupes_for: timedelta = timedelta()) -> PostOffice:
    office = PostOffice(DistantPlatform(capabilities=replace(CAPABILITIES, dedupes_for=dedupes_for)))
    office.store = Distant(office.memory)
    return office


async def _life(office: PostOffice, turns: int) -> None:
    """Run the lane for so many turns of the event loop, then kill it."""
    task = asyncio.get_running_loop().create_task(office.dispatcher().run())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _sweep(office: PostOffice) -> None:
    """Some time later: leases have ended."""
    office.clock.advance(A_WHILE)
    capabilities = {ACCOUNT: office.platform.capabilities}
    await Sweep(
        store=office.memory, clock=office.clock, capabilities=lambda: capabilities, wake=office.bell.ring
    ).look()


async def _to_the_end(office: PostOffice) -> None:
    """Let the lane work until nothing is planned any more."""
    for _ in range(12):
        await _sweep(office)
        async with office.open() as lane:
            await quiet(lane)


def _calls(office: PostOffice) -> Counter[tuple[str, str]]:
    """How often each part was carried out; a pin may be repeated."""
    return Counter((sent.key, sent.part.call) for sent in office.platform.sent if sent.part.call != "pin")


ANSWERS = st.sampled_from(
    [None, None, None, (Uncertain("time-out"), True), (Uncertain("time-out"), False), (Unavailable("502"), False)]
)


def _script(office: PostOffice, answers: Sequence[tuple[PlatformError, bool] | None]) -> None:
    for answer in answers:
        if answer is None:
            office.platform.works("send")
        else:
            error, after = answer
            office.platform.fails("send", error, after=after)


@given(lives=st.lists(st.integers(0, 40), max_size=6), answers=st.lists(ANSWERS, max_size=8))
async def test_however_often_the_lane_dies_nothing_is_posted_twice_and_nothing_is_hidden(
    lives: list[int], answers: Sequence[tuple[PlatformError, bool] | None]
) -> None:
    """Each message is out and said to be, or in doubt and said to be."""
    office = _office()
    _script(office, answers)
    await office.plan(pinned(), to("square"), to("hamlet"))
    await office.plan(text(), to("square"))

    for turns in lives:
        await _life(office, turns)
        await _sweep(office)
    await _to_the_end(office)

    calls, out = _calls(office), {sent.key for sent in office.platform.sent}
    ledger = await office.all()
    assert set(calls.values()) <= {1}
    assert {delivery.state for delivery in ledger} <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}
    for delivery in ledger:
        assert delivery.state is DeliveryState.UNCERTAIN or f"{delivery.id}:0" in out
        assert f"{delivery.id}:0" not in out or delivery.done or delivery.state is DeliveryState.UNCERTAIN


@pytest.mark.parametrize("turns", range(45))
async def test_wherever_the_lane_dies_a_single_message_is_out_at_most_once(turns: int) -> None:
    """Cases 3 and 5 of the outbox, at every turn there is."""
    office = _office()
    await office.plan(text())

    await _life(office, turns)
    await _to_the_end(office)

    (state,) = await office.states()
    sent = len(office.platform.sent)
    assert (state, sent) == (DeliveryState.SENT, 1) or (state is DeliveryState.UNCERTAIN and sent <= 1)


@pytest.mark.parametrize("turns", range(45))
async def test_where_the_platform_recognises_a_key_every_message_gets_out(turns: int) -> None:
    """Case 4 of the outbox: the same key again, and no doubt remains."""
    office = _office(dedupes_for=timedelta(hours=1))
    await office.plan(text())

    await _life(office, turns)
    await _to_the_end(office)

    assert await office.states() == [DeliveryState.SENT]
    assert len({sent.key for sent in office.platform.sent}) == 1


async def test_some_of_these_lives_do_end_between_the_act_and_its_record() -> None:
    """Else the tests above would prove nothing."""
    ends = set()
    for turns in range(45):
        office = _office()
        await office.plan(text())
        await _life(office, turns)
        (state,) = await office.states()
        ends.add((state, len(office.platform.sent)))

    assert {
        (DeliveryState.PLANNED, 0),
        (DeliveryState.SENDING, 0),
        (DeliveryState.SENDING, 1),
        (DeliveryState.SENT, 1),
    } <= ends
