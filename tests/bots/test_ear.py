"""Hearing without losing."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bots.runner import Runner
from core.errors import OutcomeUnknown, Rejected, StorageError, Unavailable, Uncertain, Unreadable
from core.events import Incoming, Received
from core.ports.platform import Cursor
from tests.bots.listening import listening, quiet
from tests.bots.town import ALIX, BLAISE, Stage, presses, types
from tests.fakes import ACCOUNT, CAPABILITIES, NOON

FULL = StorageError("disk full")
CUT = OutcomeUnknown("connection broke")
REFUSED = "<not_recorded fr>"
RECORDING = "<ballot_being_recorded fr>"
COUNTED = "<ballot_counted fr>"


def bubbles(stage: Stage) -> list[str]:
    """What the pressers have read."""
    return [toast.text for toast in stage.platform.toasts]


def cannot_be_read(_received: Received) -> tuple[Incoming, ...]:
    """An update of no known shape."""
    raise Unreadable("what is this")


async def test_an_update_is_confirmed_once_it_is_stored(voting: Stage) -> None:
    """A crash before that has the platform send it again."""
    async with listening(voting) as runner:
        with voting.store.slow("write"):
            voting.platform.hears(presses(ALIX, 0))
            await quiet(voting, runner)
            before = list(voting.platform.cursors)
        await quiet(voting, runner)

        assert (before, voting.platform.cursors) == ([None], [None, 2])


async def test_listening_goes_on_where_it_stopped(voting: Stage) -> None:
    """The place is stored with the updates."""
    voting.platform.hears(presses(ALIX, 0))
    async with listening(voting):
        pass
    voting.platform.cursors.clear()

    async with listening(voting):
        assert voting.platform.cursors == [2]


async def test_what_was_stored_before_a_crash_is_dealt_with_first(voting: Stage) -> None:
    """Before anything new is asked for."""
    update = voting.platform.update(presses(ALIX, 0))
    await voting.look(lambda books: books.inbox.take_in(ACCOUNT, [update], cursor=Cursor(2), at=voting.clock.now()))

    async with listening(voting):
        assert voting.platform.calls == ["understand", "toast", "fetch"]
        assert await voting.tally() == (1, 0, 0)


async def test_an_update_that_comes_twice_counts_once(voting: Stage) -> None:
    """Confirmations get lost."""
    (update,) = voting.platform.hears(presses(ALIX, 0))
    async with listening(voting) as runner:
        voting.platform.repeats(update)
        await quiet(voting, runner)

        assert bubbles(voting) == [COUNTED]


async def test_a_press_that_cannot_be_stored_is_refused_once(voting: Stage) -> None:
    """However often the platform sends it again."""
    async with listening(voting) as runner:
        voting.store.fails("write", FULL, times=4)
        voting.platform.hears(types(BLAISE, "/help"), presses(ALIX, 0))
        await quiet(voting, runner)

        assert (bubbles(voting), voting.pauses) == ([REFUSED], [1, 2, 4, 5])


async def test_a_press_that_was_refused_is_never_counted(voting: Stage) -> None:
    """The citizen was told so."""
    async with listening(voting) as runner:
        voting.store.fails("write", FULL)
        voting.platform.hears(types(BLAISE, "/help"), presses(ALIX, 0))
        await quiet(voting, runner)

        assert (await voting.tally(), await voting.pending()) == ((0, 0, 0), 0)


async def test_a_command_that_cannot_be_stored_comes_again(voting: Stage) -> None:
    """Nobody refused it, and the platform keeps it for a day."""
    async with listening(voting) as runner:
        voting.store.fails("write", FULL, times=2)
        voting.platform.hears(types(BLAISE, "/help"), types(ALIX, "/vote 1"), cannot_be_read)
        await quiet(voting, runner)

        assert {post.text.plain for _, post in voting.platform.said} == {"<help_shown fr>", COUNTED}


async def test_refused_presses_at_the_head_of_the_line_are_confirmed(voting: Stage) -> None:
    """So that they are gone even if the process dies before the store is back."""
    async with listening(voting) as runner:
        voting.store.fails("write", FULL)
        voting.platform.hears(presses(ALIX, 0), presses(BLAISE, 0), types(BLAISE, "/help"), presses(ALIX, 1))
        await quiet(voting, runner)

        assert voting.platform.cursors == [None, 3, 5]


async def test_when_only_presses_were_refused_all_are_confirmed(voting: Stage) -> None:
    """Nothing is left to come again."""
    async with listening(voting) as runner:
        voting.store.fails("write", FULL)
        voting.platform.hears(presses(ALIX, 0))
        await quiet(voting, runner)

        assert voting.platform.cursors == [None, 2]


async def test_after_refusals_the_next_press_counts(voting: Stage) -> None:
    """The service resumes by itself."""
    async with listening(voting) as runner:
        voting.store.fails("write", FULL)
        voting.platform.hears(presses(ALIX, 0))
        await quiet(voting, runner)
        voting.platform.hears(presses(ALIX, 1))
        await quiet(voting, runner)

        assert (bubbles(voting), await voting.tally()) == ([REFUSED, COUNTED], (0, 1, 0))


async def test_a_press_that_is_slow_to_be_stored_is_announced(voting: Stage) -> None:
    """And counted, without a second answer."""
    async with listening(voting, patience=0.0) as runner:
        with voting.store.slow("write"):
            voting.platform.hears(presses(ALIX, 0))
            await quiet(voting, runner)
        await quiet(voting, runner)

        assert (bubbles(voting), await voting.tally()) == ([RECORDING], (1, 0, 0))


async def test_an_announced_press_is_kept_although_the_store_refuses_it(voting: Stage) -> None:
    """The platform forgets a press after two minutes; Parvis does not."""
    async with listening(voting, patience=0.0) as runner:
        with voting.store.slow("write"):
            voting.store.fails("write", FULL)
            voting.platform.repeats(voting.platform.update(presses(ALIX, 0)))
            await quiet(voting, runner)
        await quiet(voting, runner)
        voting.platform.hears(presses(BLAISE, 1))
        await quiet(voting, runner)

        assert (bubbles(voting), await voting.tally()) == ([RECORDING, RECORDING], (1, 1, 0))


async def test_an_announced_press_is_stored_although_nothing_else_comes(voting: Stage) -> None:
    """It must not wait for somebody else to act; until then the poll waits for it."""
    async with listening(voting, patience=0.0) as runner:
        with voting.store.slow("write"):
            voting.store.fails("write", FULL)
            voting.platform.repeats(voting.platform.update(presses(ALIX, 0)))
            await quiet(voting, runner)
        await quiet(voting, runner)
        before = (runner.busy, runner.votes_wait_since)
        voting.platform.says_nothing()
        await quiet(voting, runner)

        assert before == (True, NOON)
        assert (runner.busy, runner.votes_wait_since, await voting.tally()) == (False, None, (1, 0, 0))


async def test_an_announced_press_counts_from_when_it_was_first_heard(voting: Stage) -> None:
    """It was pressed in time; that the store took it late is no fault of the citizen."""
    async with listening(voting, patience=0.0) as runner:
        with voting.store.slow("write"):
            voting.store.fails("write", FULL)
            voting.platform.hears(types(BLAISE, "/help"), presses(ALIX, 0), types(BLAISE, "/help"))
            await quiet(voting, runner)
            voting.clock.advance(timedelta(hours=1))
        await quiet(voting, runner)

        assert (bubbles(voting), await voting.tally(), len(voting.platform.said)) == ([RECORDING], (1, 0, 0), 2)


async def test_an_announced_press_that_counts_no_more_is_refused_in_private(voting: Stage) -> None:
    """A press is answered once, and the citizen believes that it counts."""
    async with listening(voting, patience=0.0) as runner:
        with voting.store.slow("write"):
            voting.platform.hears(presses(ALIX, 0))
            await quiet(voting, runner)
            await voting.closes()
        await quiet(voting, runner)

        ((handle, post),) = voting.platform.said
        assert (bubbles(voting), post.text.plain) == ([RECORDING], "<ballot_refused fr>")
        assert (handle.private, handle.chat, handle.press) == (True, ALIX.account, None)


async def test_an_announced_press_outlives_the_lane(voting: Stage) -> None:
    """A lane that fails is run again, and the platform may have forgotten the press."""
    runner = voting.runner(patience=0.0)
    async with asyncio.TaskGroup() as tasks:
        lane = tasks.create_task(runner.listen())
        await quiet(voting, runner)
        with voting.store.slow("write"):
            voting.platform.repeats(voting.platform.update(presses(ALIX, 0)))
            await quiet(voting, runner)
            lane.cancel()
            await asyncio.wait((lane,))
    voting.platform.says_nothing()

    await listened(voting, runner)

    assert (bubbles(voting), await voting.tally()) == ([RECORDING], (1, 0, 0))


async def test_a_press_that_was_refused_is_never_counted_although_the_lane_failed(voting: Stage) -> None:
    """The citizen was told so, and may have gone to vote in another way."""
    runner = voting.runner()
    voting.store.works("write")  # the one that wakes up
    voting.store.fails("write", FULL, times=5000)
    voting.platform.hears(types(BLAISE, "/help"), presses(ALIX, 0))
    await listened(voting, runner)
    voting.store.heals()

    await listened(voting, runner)

    assert (bubbles(voting), await voting.tally(), await voting.pending()) == ([REFUSED], (0, 0, 0), 0)


async def listened(stage: Stage, runner: Runner) -> None:
    """The lane runs for a while."""
    async with asyncio.TaskGroup() as tasks:
        lane = tasks.create_task(runner.listen())
        await quiet(stage, runner)
        lane.cancel()


@pytest.mark.parametrize("after", [False, True], ids=["was not stored", "was stored"])
async def test_updates_nobody_knows_of_are_looked_for(voting: Stage, *, after: bool) -> None:
    """They are dealt with once, whether they were stored or not."""
    async with listening(voting) as runner:
        voting.store.fails("write", CUT, after=after)
        voting.platform.hears(presses(ALIX, 0), types(BLAISE, "/help"))
        await quiet(voting, runner)

        assert (bubbles(voting), await voting.tally()) == ([COUNTED], (1, 0, 0))
        assert await voting.pending() == 0


async def test_an_unreachable_platform_is_waited_for(voting: Stage) -> None:
    """Longer and longer, or as long as it says."""
    voting.platform.fails("fetch", Uncertain("cut"), times=2)
    voting.platform.fails("fetch", Unavailable("too many requests", retry_after=timedelta(seconds=33)))
    voting.platform.fails("fetch", Rejected("strange"))
    voting.platform.hears(presses(ALIX, 0))

    async with listening(voting):
        assert (voting.pauses, await voting.tally()) == ([1, 2, 33, 8], (1, 0, 0))


async def test_a_lost_connection_takes_two_lines(voting: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """One when it is lost, one when it is back."""
    caplog.set_level(logging.INFO)
    voting.platform.fails("fetch", Unavailable("down"), times=5)
    voting.platform.hears(presses(ALIX, 0))

    async with listening(voting):
        assert [record.getMessage() for record in caplog.records] == ["lost", "back"]


async def test_a_place_in_an_old_numbering_is_forgotten(voting: Stage) -> None:
    """After a week without updates Telegram numbers them afresh, perhaps lower."""
    voting.platform.update(presses(ALIX, 2))
    voting.platform.hears(presses(BLAISE, 2))
    async with listening(voting):
        pass
    voting.clock.advance(CAPABILITIES.numbers_last or timedelta())
    voting.platform.cursors.clear()

    async with listening(voting):
        place = await voting.look(lambda books: books.inbox.cursor(ACCOUNT))
        assert (voting.platform.cursors, place) == ([None], (Cursor(0), voting.clock.now()))


async def test_a_number_lower_than_the_last_is_heard_after_a_week(voting: Stage) -> None:
    """Else the bot would be deaf."""
    low = voting.platform.update(types(ALIX, "/help"))
    voting.platform.hears(presses(BLAISE, 2))
    async with listening(voting):
        pass
    voting.clock.advance(CAPABILITIES.numbers_last or timedelta())
    voting.platform.repeats(low)

    async with listening(voting):
        assert len(voting.platform.said) == 1


async def test_a_long_wait_without_news_asks_again(voting: Stage) -> None:
    """From the same place."""
    async with listening(voting) as runner:
        voting.platform.says_nothing()
        await quiet(voting, runner)

        assert voting.platform.cursors == [None, None]
