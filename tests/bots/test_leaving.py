"""Leaving a lane: whoever was told that the vote is being recorded is not forgotten."""

import asyncio
from dataclasses import replace

import pytest

from bots.runner import Runner
from core.errors import StorageError, Superseded
from tests.bots.listening import quiet
from tests.bots.town import ALIX, BLAISE, Stage, presses, types

REFUSED = "<not_recorded fr>"
RECORDING = "<ballot_being_recorded fr>"
LOST = {"another process has the lane": Superseded("lost"), "the store is away": StorageError("disk full")}


@pytest.fixture
def heard_once(voting: Stage) -> Stage:
    """A network that says everything once, as Discord does."""
    voting.platform.capabilities = replace(voting.platform.capabilities, comes_again=False)
    return voting


async def promised(stage: Stage) -> Runner:
    """A runner whose lane has ended, with a vote that it promised and did not store."""
    runner = stage.runner(patience=0.0)
    async with asyncio.TaskGroup() as tasks:
        lane = tasks.create_task(runner.listen())
        await quiet(stage, runner)
        with stage.store.slow("write"):
            stage.platform.hears(types(BLAISE, "/help"), presses(ALIX, 0))
            await quiet(stage, runner)
            lane.cancel()
            await asyncio.wait((lane,))
    return runner


def bubbles(stage: Stage) -> list[str]:
    """What the pressers have read."""
    return [toast.text for toast in stage.platform.toasts]


async def test_what_was_promised_is_stored_before_the_lane_is_left(heard_once: Stage) -> None:
    """Whoever listens next deals with it, and a second time changes nothing."""
    runner = await promised(heard_once)

    await runner.leave()
    await runner.leave()

    assert (bubbles(heard_once), await heard_once.pending()) == ([RECORDING], 1)
    assert runner.votes_wait_since is None


@pytest.mark.parametrize("error", LOST.values(), ids=LOST)
async def test_a_promise_that_cannot_be_kept_is_taken_back(heard_once: Stage, error: Exception) -> None:
    """The citizen presses again; nobody else has heard it, and nothing of it is counted later."""
    runner = await promised(heard_once)
    heard_once.store.fails("write", error)

    await runner.leave()
    await runner.leave()

    assert (bubbles(heard_once), await heard_once.pending()) == ([RECORDING, REFUSED], 0)
    assert runner.votes_wait_since is None


async def test_a_store_that_does_not_answer_is_not_waited_for(heard_once: Stage) -> None:
    """Should it take the vote after all, it finds none any more."""
    runner = await promised(heard_once)
    async with asyncio.TaskGroup() as tasks:
        with heard_once.store.slow("write"):
            leaving = tasks.create_task(runner.leave())
            await quiet(heard_once, runner)
            told = bubbles(heard_once)
        await leaving

    assert (told, await heard_once.pending()) == ([RECORDING, REFUSED], 0)


async def test_a_vote_that_comes_again_is_left_to_whoever_listens_next(voting: Stage) -> None:
    """The platform was not told that it arrived; there is nothing to take back."""
    runner = await promised(voting)
    voting.store.fails("write", Superseded("lost"))
    await runner.leave()

    next_one = voting.runner()
    async with asyncio.TaskGroup() as tasks:
        lane = tasks.create_task(next_one.listen())
        await quiet(voting, next_one)
        lane.cancel()

    assert (bubbles(voting)[0], await voting.tally()) == (RECORDING, (1, 0, 0))
    assert REFUSED not in bubbles(voting)
