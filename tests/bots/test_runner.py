"""One account, listening."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bots.runner import Runner
from core.answers import Remove
from core.errors import PlatformError, Rival, Superseded, Unauthorised, Unavailable
from core.events import Handle, Incoming, Received, UnknownButtonPressed
from core.identifiers import CaseNumber, MessageId, PollId
from core.moderation import CaseState
from tests.bots.listening import listening, quiet
from tests.bots.town import ALIX, BLAISE, DEBATES, Stage, presses, public, types, writes
from tests.fakes import ACCOUNT, Telling

REFUSALS = {"the account is refused": Unauthorised("revoked"), "somebody else listens": Rival("conflict")}


@pytest.mark.parametrize("error", REFUSALS.values(), ids=REFUSALS)
async def test_listening_stops_when_only_a_human_can_help(stage: Stage, error: PlatformError) -> None:
    """Trying on would disturb, or fight another instance."""
    stage.platform.fails("fetch", error)

    with pytest.raises(type(error)):
        await stage.runner().listen()


async def test_listening_ends_at_once_when_another_process_does_it_now(
    voting: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is told that nothing is recorded, and nothing is set aside: what is stored is the other's to deal with."""
    voting.store.fails("cast", Superseded("lost"))
    voting.platform.hears(presses(ALIX, 0))

    with pytest.raises(ExceptionGroup) as raised:
        await voting.runner().listen()

    assert raised.group_contains(Superseded)
    assert (voting.platform.toasts, await voting.pending(), caplog.records) == ([], 1, [])


async def test_what_is_in_hand_is_finished_before_stopping(voting: Stage) -> None:
    """A counted vote is answered."""
    voting.platform.works("fetch")
    voting.platform.fails("fetch", Rival("conflict"))
    voting.platform.hears(presses(ALIX, 0))

    with pytest.raises(Rival):
        await voting.runner().listen()

    assert len(voting.platform.toasts) == 1


async def test_a_runner_is_busy_until_everything_is_answered(voting: Stage) -> None:
    """The clock of a demonstration must not jump before."""
    async with listening(voting) as runner:
        with voting.platform.slow("toast"):
            voting.platform.hears(presses(ALIX, 0))
            await quiet(voting, runner)
            before = runner.busy
        await quiet(voting, runner)

        assert (before, runner.busy) == (True, False)


async def test_a_runner_that_takes_up_what_an_earlier_process_left_is_busy(voting: Stage) -> None:
    """A slow disk may take its time to say what is waiting."""
    runner = voting.runner()
    with voting.store.slow("read"):
        lane = asyncio.create_task(runner.listen())
        await asyncio.sleep(0)
        before = runner.busy
    await quiet(voting, runner)

    assert (before, runner.busy) == (True, False)
    lane.cancel()
    await asyncio.wait([lane])


async def test_a_runner_that_does_not_listen_is_not_busy(stage: Stage) -> None:
    """It has nothing in hand."""
    assert not stage.runner().busy


async def test_a_slow_answer_does_not_hold_up_the_next_vote(voting: Stage) -> None:
    """A chat may be made to wait for a minute by the platform."""
    async with listening(voting) as runner:
        with voting.platform.slow("say"):
            voting.platform.hears(types(ALIX, "/help"))
            await quiet(voting, runner)
            voting.platform.hears(presses(BLAISE, 1))
            await quiet(voting, runner)

            assert len(voting.platform.toasts) == 1


async def test_a_vote_does_not_wait_for_what_a_thousand_lines_are_answered(voting: Stage) -> None:
    """One citizen who writes without end would keep the whole town from voting."""
    async with listening(voting) as runner:
        with voting.platform.slow("say"):
            for number in range(1300):
                voting.platform.hears(types(ALIX, "/start" if number % 2 else "/nonsense"))
                await asyncio.sleep(0)
            await quiet(voting, runner)
            voting.platform.hears(presses(BLAISE, 1))
            await quiet(voting, runner)

            assert (await voting.tally(), len(voting.platform.toasts)) == ((0, 1, 0), 1)


async def test_a_vote_waiting_when_the_lane_fails_is_answered_when_it_is_back(voting: Stage) -> None:
    """It is in the inbox, and nobody promised anything."""
    runner = voting.runner()
    with voting.store.slow("cast"):
        lane = asyncio.create_task(runner.listen())
        voting.platform.hears(presses(ALIX, 0))
        await quiet(voting, runner)
        voting.platform.fails("fetch", AttributeError("bug"))
        with pytest.raises(ExceptionGroup):
            await lane

    await _listened(voting, runner)

    assert [toast.text for toast in voting.platform.toasts] == ["<ballot_counted fr>"]


async def _listened(stage: Stage, runner: Runner) -> None:
    async with asyncio.TaskGroup() as tasks:
        lane = tasks.create_task(runner.listen())
        await quiet(stage, runner)
        lane.cancel()


async def test_buttons_that_mean_nothing_are_counted_in_one_line(
    voting: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator sees that something is wrong, and nothing of anybody."""
    caplog.set_level(logging.INFO)
    async with listening(voting) as runner:
        voting.platform.hears(presses(ALIX, 9), presses(BLAISE, 0, PollId("nowhere")), presses_nothing)
        await quiet(voting, runner)
        await runner.sweep()
        await runner.sweep()

    (record,) = caplog.records
    assert (record.getMessage(), vars(record)["presses"]) == ("unknown_buttons", 3)


def presses_nothing(received: Received) -> tuple[Incoming, ...]:
    """Someone presses a button that none of our messages carries."""
    return (UnknownButtonPressed(received=received, person=ALIX, handle=public(press="p")),)


async def test_a_removal_left_undone_by_a_crash_is_carried_out(stage: Stage) -> None:
    """The case was stored; the message must go."""
    answers = await stage.hears(writes(ALIX, "andouille"))
    assert answers == (Remove(case=CaseNumber(1), chat=DEBATES, message=MessageId("70")),)

    async with listening(stage):
        assert stage.platform.removed == [(DEBATES, MessageId("70"))]


async def test_a_removal_that_failed_for_long_is_found_by_the_next_sweep(stage: Stage) -> None:
    """The platform was away."""
    stage.platform.fails("remove", Unavailable("down"), times=4)
    stage.platform.hears(writes(ALIX, "andouille"))
    async with listening(stage) as runner:
        await runner.sweep()
        await quiet(stage, runner)

        assert [case.state for case in await stage.look(lambda books: books.cases.all())] == [CaseState.REMOVED]


async def test_nothing_is_swept_while_nobody_listens(stage: Stage) -> None:
    """There is no voice to carry it out."""
    await stage.hears(writes(ALIX, "andouille"))

    await stage.runner().sweep()

    assert stage.platform.removed == []


async def test_a_killed_process_loses_and_repeats_nothing(voting: Stage) -> None:
    """A hundred updates, killed after every turn of the loop that it takes to deal with them."""
    voting.platform.hears(*(crowd(number) for number in range(100)))
    for turns in range(1, 60, 3):
        await killed_after(voting, turns)
    async with listening(voting):
        assert (await voting.tally(), await voting.pending()) == ((34, 33, 33), 0)


def crowd(number: int) -> Telling:
    """The press of one citizen among many."""
    return presses(replace(ALIX, account=str(1000 + number)), number % 3)


async def killed_after(stage: Stage, turns: int) -> None:
    """Listen for so many turns of the loop."""
    async with asyncio.TaskGroup() as tasks:
        lane = tasks.create_task(stage.runner().listen())
        for _ in range(turns):
            await asyncio.sleep(0)
        lane.cancel()


async def test_a_vote_is_taken_in_while_the_messages_before_it_wait(voting: Stage) -> None:
    """A storm in the debates may take its time: its messages are stored, and what comes behind them is fetched."""
    async with listening(voting) as runner:
        with voting.store.slow("read"):
            for number in range(8):
                voting.platform.hears(writes(BLAISE, "Non !", where=slowly_heard(number)))
                await quiet(voting, runner)
            voting.platform.hears(presses(ALIX, 0))
            await quiet(voting, runner)

            stored = await voting.pending()
        await quiet(voting, runner)

        assert (stored, await voting.pending(), len(voting.platform.toasts)) == (9, 0, 1)


def slowly_heard(number: int) -> Handle:
    """Where a message stands that may be an answer to a press: that is looked up first."""
    return Handle(account=ACCOUNT, private=False, chat=DEBATES, message=MessageId(str(number)), press=f"press {number}")
