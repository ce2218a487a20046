"""A planner that dies anywhere leaves each step wholly done or not done at all."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from core.campaign import OccurrenceState
from core.poll import PollState
from tests.campaigns.stage import HOUR, Stage
from tests.core.examples import BRIDGE
from tests.fakes import NOON


async def _life(stage: Stage, turns: int) -> None:
    """Look, and be killed after some turns of the event loop."""
    task = asyncio.get_running_loop().create_task(stage.new_planner().look())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@given(st.lists(st.integers(0, 18), min_size=6, max_size=6))
async def test_whatever_the_planner_survives_each_step_is_done_once(turns: list[int]) -> None:
    """Cases 2 and 3 of the outbox: dead before the commit, the next look does it; dead after it, it is done."""
    stage = await Stage().started()

    for hour, lifetime in enumerate(turns, start=1):
        stage.clock.move_to(NOON + hour * HOUR)
        await _life(stage, lifetime)
        await stage.new_planner().look()

    planned = await stage.planned()
    assert await stage.states() == [OccurrenceState.DONE] * 6
    assert len(planned) == len({delivery.occurrence for delivery in planned}) == len(turns) - 1


@given(st.integers(0, 18))
async def test_a_poll_is_open_exactly_when_its_opening_is_settled_and_sent(turns: int) -> None:
    """One transaction: never buttons without a poll, never an open poll that nobody hears of."""
    stage = await Stage().started()
    await stage.at(1)
    stage.clock.move_to(NOON + 2 * HOUR)

    await _life(stage, turns)

    opened = (await stage.poll()).state is PollState.OPEN
    assert ((await stage.states())[1] is OccurrenceState.DONE) is opened
    assert (len(await stage.planned()) == 2) is opened
    assert stage.vault.has_poll_key(BRIDGE) or not opened
