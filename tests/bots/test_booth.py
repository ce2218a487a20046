"""Casting votes in bulk, and telling the truth about it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bots.runner import Runner
from core.errors import OutcomeUnknown, StorageError
from core.poll import Outcome, Vote
from core.ports.store import Guard
from tests.bots.listening import listening, quiet
from tests.bots.town import ALIX, ARBRES, BLAISE, WENDY, Stage, TroubledStore, presses, public, types
from tests.fakes import NOON

FULL = StorageError("disk full")
CUT = OutcomeUnknown("connection broke")
RECORDING = "<ballot_being_recorded fr>"
REFUSED = "<not_recorded fr>"
COUNTED = "<ballot_counted fr>"


def bubbles(stage: Stage) -> list[str]:
    """What the pressers have read."""
    return [toast.text for toast in stage.platform.toasts]


async def test_the_votes_of_one_fetch_are_one_commit(voting: Stage) -> None:
    """A crowd costs little more than one citizen."""
    voting.platform.hears(presses(ALIX, 0), presses(BLAISE, 1), types(WENDY, "/vote 2"))

    async with listening(voting):
        assert (voting.store.calls.count("cast"), await voting.tally()) == (1, (1, 2, 0))


async def test_a_press_is_answered_after_the_commit(voting: Stage) -> None:
    """Before it, the answer might be untrue."""
    with voting.store.slow("cast"):
        voting.platform.hears(presses(ALIX, 0))
        async with listening(voting) as runner:
            await quiet(voting, runner)
            assert bubbles(voting) == []


async def test_a_slow_commit_is_announced_and_acknowledges_nothing(voting: Stage) -> None:
    """The citizen must not wait in silence, nor be told something untrue."""
    with voting.store.slow("cast"):
        voting.platform.hears(presses(ALIX, 0))
        async with listening(voting, patience=0.0):
            assert bubbles(voting) == [RECORDING]


async def test_a_vote_announced_counts_and_is_not_answered_again(voting: Stage) -> None:
    """A press can be answered once."""
    voting.platform.hears(presses(ALIX, 0))
    with voting.store.slow("cast"):
        async with listening(voting, patience=0.0) as runner:
            voting.store.release("cast")
            await quiet(voting, runner)

    assert (bubbles(voting), await voting.tally()) == ([RECORDING], (1, 0, 0))


async def test_a_vote_announced_survives_a_failing_store(voting: Stage) -> None:
    """It was promised that Parvis goes on."""
    voting.store.fails("cast", FULL, times=3)
    voting.platform.hears(presses(ALIX, 0))
    with voting.store.slow("cast"):
        async with listening(voting, patience=0.0) as runner:
            voting.store.release("cast")
            await quiet(voting, runner)

    assert (bubbles(voting), await voting.tally()) == ([RECORDING], (1, 0, 0))


@pytest.mark.parametrize("line", ["/vote 1", None], ids=["typed", "pressed"])
async def test_a_promise_that_is_not_kept_is_told_in_private(voting: Stage, line: str | None) -> None:
    """The citizen believes that the vote counts, and a bubble can be shown once."""
    voting.platform.hears(types(ALIX, line) if line else presses(ALIX, 0))
    with voting.store.slow("cast"):
        async with listening(voting, patience=0.0) as runner:
            await voting.closes()
            voting.store.release("cast")
            await quiet(voting, runner)

    handle, post = voting.platform.said[-1]
    assert (handle.private, handle.chat, post.text.plain) == (True, ALIX.account, "<ballot_refused fr>")


async def test_a_vote_announced_and_then_set_aside_is_told_in_private(voting: Stage) -> None:
    """Else nobody would know."""
    voting.vault.breaks_for = BLAISE.ref
    voting.platform.hears(presses(BLAISE, 0))
    with voting.store.slow("read"):
        async with listening(voting, patience=0.0) as runner:
            voting.store.release("read")
            await quiet(voting, runner)

    assert (bubbles(voting), [post.text.plain for _, post in voting.platform.said]) == ([RECORDING], [REFUSED])


async def test_a_vote_that_the_store_refuses_is_answered_so(voting: Stage) -> None:
    """With a sentence, at once."""
    voting.store.fails("cast", FULL)
    voting.platform.hears(presses(ALIX, 0))

    async with listening(voting):
        assert [(toast.text, toast.alert) for toast in voting.platform.toasts] == [(REFUSED, True)]


async def test_a_vote_answered_as_not_recorded_is_never_counted(voting: Stage) -> None:
    """Not later either, when the store is back."""
    voting.store.fails("cast", FULL)
    voting.platform.hears(presses(ALIX, 0))

    async with listening(voting):
        assert (await voting.tally(), await voting.pending()) == ((0, 0, 0), 0)


async def test_a_refusal_outlives_the_lane(voting: Stage) -> None:
    """A lane that fails is run again, and finds the vote in the inbox."""
    voting.platform.hears(presses(ALIX, 0))
    voting.store.fails("cast", FULL)
    voting.store.works("write")  # the one that wakes up, and then the one that takes it in
    voting.store.works("write")
    voting.store.fails("write", FULL, times=5000)
    runner = voting.runner()
    await listened(voting, runner)
    left = await voting.pending()
    voting.store.heals()

    await listened(voting, runner)

    assert (left, await voting.pending(), await voting.tally()) == (1, 0, (0, 0, 0))


async def listened(stage: Stage, runner: Runner) -> None:
    """The lane runs for a while."""
    async with asyncio.TaskGroup() as tasks:
        lane = tasks.create_task(runner.listen())
        await quiet(stage, runner)
        lane.cancel()


async def test_after_a_refusal_the_next_press_counts(voting: Stage) -> None:
    """As the sentence advises."""
    voting.store.fails("cast", FULL)
    voting.platform.hears(presses(ALIX, 0))
    async with listening(voting) as runner:
        voting.platform.hears(presses(ALIX, 1))
        await quiet(voting, runner)

        assert (bubbles(voting), await voting.tally()) == ([REFUSED, COUNTED], (0, 1, 0))


@pytest.mark.parametrize("after", [False, True], ids=["was not stored", "was stored"])
async def test_a_vote_nobody_knows_of_is_looked_for_before_answering(voting: Stage, *, after: bool) -> None:
    """Casting again changes nothing if it was stored."""
    voting.store.fails("cast", CUT, after=after)
    voting.platform.hears(presses(ALIX, 0))

    async with listening(voting):
        assert (bubbles(voting), await voting.tally()) == ([COUNTED], (1, 0, 0))


async def test_a_vote_nobody_knows_of_is_never_refused(voting: Stage) -> None:
    """It may be stored: «not recorded» could be untrue."""
    voting.store.fails("cast", CUT, times=2, after=True)
    voting.store.fails("cast", FULL)
    voting.platform.hears(presses(ALIX, 0))

    async with listening(voting):
        assert (bubbles(voting), voting.pauses, await voting.tally()) == ([COUNTED], [1, 2], (1, 0, 0))


class ClosingStore(TroubledStore):
    """A store that loses the answer to its first commit of votes, after which the poll closes."""

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Cast, and close when the answer is lost."""
        try:
            return await super().cast(votes, guard=guard)
        except OutcomeUnknown:
            await self.inner.write(lambda books: books.polls.close(ARBRES, at=NOON))
            raise


@pytest.mark.parametrize(
    ("stored", "told", "counts"),
    [(True, COUNTED, (1, 0, 0)), (False, "<ballot_refused fr>", (0, 0, 0))],
    ids=["was stored", "was not stored"],
)
async def test_the_truth_is_told_although_the_poll_closed_before_it_was_known(
    *, stored: bool, told: str, counts: tuple[int, ...]
) -> None:
    """A citizen whose vote counts must not read that it came too late, nor the other way round."""
    stage = Stage(store=ClosingStore())
    await stage.opens()
    stage.store.fails("cast", CUT, after=stored)
    stage.platform.hears(presses(ALIX, 0))

    async with listening(stage):
        assert (bubbles(stage), await stage.tally()) == ([told], counts)


async def test_a_press_after_closing_stays_refused_although_the_answer_was_lost() -> None:
    """The ballot that stands is not what was asked."""
    stage = Stage(store=ClosingStore())
    await stage.opens()
    await stage.hears(presses(ALIX, 1))
    stage.clock.advance(timedelta(hours=1))
    stage.store.fails("cast", CUT, after=True)
    stage.platform.update(presses(ALIX, 2))
    stage.platform.hears(presses(ALIX, 0))

    async with listening(stage):
        assert (bubbles(stage), await stage.tally()) == (["<ballot_refused fr>"], (0, 1, 0))


async def test_a_fault_of_ours_costs_one_vote_and_not_the_others(voting: Stage) -> None:
    """It is set aside for us to look at, and its citizen is told."""
    voting.vault.breaks_for = BLAISE.ref
    voting.platform.hears(presses(ALIX, 0), presses(BLAISE, 0), presses(WENDY, 0))

    async with listening(voting):
        aside = await voting.look(lambda books: books.inbox.quarantined())
        assert (await voting.tally(), aside) == ((2, 0, 0), 1)
        assert bubbles(voting) == [COUNTED, REFUSED, "<ballot_counted en>"]


async def test_a_refused_vote_waits_in_the_inbox_only_while_the_store_fails(voting: Stage) -> None:
    """It would hold up the closing of the poll, and it names a citizen."""
    async with listening(voting) as runner:
        voting.store.fails("cast", FULL)
        voting.store.works("write")  # the one that takes it in
        voting.store.fails("write", FULL, times=2)
        voting.platform.hears(presses(ALIX, 0))
        await quiet(voting, runner)

        assert (voting.pauses, await voting.pending()) == ([1, 2], 0)


@pytest.mark.parametrize("line", ["/vote 1", "/withdraw"])
async def test_a_vote_typed_in_a_group_is_not_counted(voting: Stage, line: str) -> None:
    """Everyone would see it: the citizen is told to send it in private."""
    voting.platform.hears(presses(ALIX, 1), types(ALIX, line, where=public()))

    async with listening(voting):
        said = [post.text.plain for _, post in voting.platform.said]
        assert (said, await voting.tally()) == (["<private_only fr>"], (0, 1, 0))
