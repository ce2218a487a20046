"""Giving answers."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.voice import Voice
from core.answers import Remove, Say, Toast
from core.capabilities import Capabilities
from core.errors import PlatformError, Rejected, Unavailable, Uncertain, Unreachable
from core.identifiers import CaseNumber, Locale, MessageId
from core.messages import HelpShown, Message, NotRecorded, UnknownButton
from core.moderation import CaseState
from core.post import Post
from tests.bots.town import ALIX, DEBATES, TOWN, Stage, private, public, writes
from tests.fakes import FakeWords, Toasted

TOAST = Toast(handle=public(press="p"), message=UnknownButton(), locale=Locale.FR)
SAY = Say(handle=private(ALIX), message=HelpShown(town=TOWN.name), locale=Locale.FR)
REMOVE = Remove(case=CaseNumber(1), chat=DEBATES, message=MessageId("70"))


class Speechless(FakeWords):
    """Words of which one template is broken."""

    def post(self, message: Message, locale: Locale, on: Capabilities) -> Post:
        """Fail for one message."""
        if isinstance(message, NotRecorded):
            raise KeyError("town")
        return super().post(message, locale, on)


@pytest.fixture
async def voice(stage: Stage) -> AsyncIterator[Voice]:
    """A voice whose pauses are recorded."""

    async def pause(seconds: float) -> None:
        stage.pauses.append(seconds)
        await asyncio.sleep(0)

    stage.words = Speechless()
    tasks = asyncio.TaskGroup()
    async with tasks:
        yield Voice(desk=stage.desk, platform=stage.platform, words=stage.words, pause=pause, tasks=tasks)


async def spoken(voice: Voice) -> None:
    """Wait until every answer is given."""
    for _ in range(2000):
        if voice.in_hand:
            await asyncio.sleep(0)


async def test_a_press_is_answered_with_the_rendered_words(stage: Stage, voice: Voice) -> None:
    """The words come from the templates."""
    voice.give([TOAST])
    await spoken(voice)

    assert stage.platform.toasts == [Toasted(handle=TOAST.handle, text="<unknown_button fr>", alert=False)]


async def test_the_same_bubble_is_rendered_once(stage: Stage, voice: Voice) -> None:
    """A crowd gets the same few sentences."""
    voice.give([TOAST] * 5)
    await spoken(voice)

    assert (len(stage.platform.toasts), len(stage.words.asked)) == (5, 1)


async def test_a_press_answered_in_the_chat_lets_go_of_its_button(stage: Stage, voice: Voice) -> None:
    """Else it would spin on as if nothing had happened."""
    handle = private(ALIX, press="p")
    voice.give([Say(handle=handle, message=SAY.message, locale=Locale.FR)])
    await spoken(voice)

    assert stage.platform.calls == ["toast", "say"]
    assert stage.platform.toasts == [Toasted(handle=handle, text="", alert=False)]


async def test_a_failed_answer_to_a_press_is_not_repeated(stage: Stage, voice: Voice) -> None:
    """It would come too late; the vote stands anyway."""
    stage.platform.fails("toast", Unavailable("down"))
    voice.give([TOAST])
    await spoken(voice)

    assert stage.platform.calls == ["toast"]


async def test_an_answer_in_a_chat_waits_as_long_as_the_platform_says(stage: Stage, voice: Voice) -> None:
    """Asking again sooner makes it worse."""
    stage.platform.fails("say", Unavailable("slow down", retry_after=timedelta(seconds=7)))
    stage.platform.fails("say", Unavailable("down"))
    voice.give([SAY])
    await spoken(voice)

    assert (len(stage.platform.said), stage.pauses) == (1, [7, 2])


async def test_an_answer_in_a_chat_is_given_up_in_the_end(stage: Stage, voice: Voice) -> None:
    """The citizen can ask again."""
    stage.platform.fails("say", Unavailable("down"), times=9)
    voice.give([SAY])
    await spoken(voice)

    assert stage.platform.calls == ["say"] * 4


async def test_an_answer_that_may_have_arrived_is_not_repeated(stage: Stage, voice: Voice) -> None:
    """Twice is worse than perhaps."""
    stage.platform.fails("say", Uncertain("cut"))
    voice.give([SAY])
    await spoken(voice)

    assert stage.platform.calls == ["say"]


@pytest.mark.parametrize("error", [Unavailable("down"), Uncertain("cut")], ids=["not done", "nobody knows"])
async def test_a_removal_is_repeated(stage: Stage, voice: Voice, error: PlatformError) -> None:
    """Removing twice is the same as once."""
    await stage.hears(writes(ALIX, "andouille"))
    stage.platform.fails("remove", error)
    voice.give([REMOVE])
    await spoken(voice)

    states = await stage.look(lambda books: [case.state for case in books.cases.all()])
    assert (states, stage.platform.calls) == ([CaseState.REMOVED], ["remove", "remove"])


async def test_a_slow_answer_holds_nobody_up(stage: Stage, voice: Voice) -> None:
    """Each citizen waits for themselves only."""
    with stage.platform.slow("say"):
        voice.give([SAY, TOAST])
        for _ in range(20):
            await asyncio.sleep(0)

        assert (stage.platform.said, len(stage.platform.toasts)) == ([], 1)


async def test_there_is_a_bound_to_answers_under_way(stage: Stage, voice: Voice) -> None:
    """A platform that takes no answer must not fill the memory."""
    async with asyncio.TaskGroup() as tasks:
        with stage.platform.slow("say"):
            voice.give([SAY] * 1002)
            waiting = tasks.create_task(voice.room())
            await asyncio.sleep(0)
            waited = not waiting.done()

    assert waited


async def test_lost_answers_take_one_line(stage: Stage, voice: Voice, caplog: pytest.LogCaptureFixture) -> None:
    """And one when they arrive again."""
    caplog.set_level(logging.INFO)
    stage.platform.fails("toast", Uncertain("cut"), times=3)
    voice.give([TOAST] * 4)
    await spoken(voice)

    assert [record.getMessage() for record in caplog.records] == ["lost", "back"]


async def test_someone_who_does_not_want_an_answer_is_no_trouble(
    stage: Stage, voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    """They blocked the bot: that is their right, and nothing for the operator."""
    caplog.set_level(logging.INFO)
    stage.platform.fails("say", Unreachable("blocked"))
    stage.platform.fails("toast", Rejected("no"))
    voice.give([SAY, TOAST])
    await spoken(voice)

    assert caplog.records == []


async def test_words_that_cannot_be_rendered_stop_nothing(stage: Stage, voice: Voice) -> None:
    """A fault in one template costs one answer."""
    broken = Toast(handle=public(press="p"), message=NotRecorded(), locale=Locale.FR)
    voice.give([broken, TOAST])
    await spoken(voice)

    assert [toast.text for toast in stage.platform.toasts] == ["<unknown_button fr>"]
