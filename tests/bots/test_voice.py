"""Giving answers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bots.voice import MOST_IN_A_CHAT, MOST_UNDER_WAY, Voice
from core.answers import Answer, Erase, Remove, Say, Toast
from core.capabilities import Capabilities
from core.citizen import Person
from core.errors import PlatformError, Rejected, Unavailable, Uncertain, Unreachable
from core.identifiers import CaseNumber, Locale, MessageId
from core.messages import HelpShown, Message, NotRecorded, Subscribed, UnknownButton, UnknownCommand, Unsubscribed
from core.moderation import CaseState
from core.post import Post
from tests.bots.town import ALIX, BLAISE, DEBATES, TOWN, Stage, private, public, writes
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


def says(person: Person, message: Message) -> Say:
    """An answer to someone in private."""
    return Say(handle=private(person), message=message, locale=Locale.FR)


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
    assert stage.platform.reasons == ["<removal_reason fr>"]


async def test_a_command_of_the_staff_is_taken_out_of_sight(stage: Stage, voice: Voice) -> None:
    """It has no case, and no reason that the network would write down."""
    stage.platform.fails("remove", Unavailable("later"))
    voice.give([Erase(chat=DEBATES, message=MessageId("90"))])
    busy = voice.busy
    await spoken(voice)

    assert (busy, voice.busy, stage.platform.calls) == (True, False, ["remove", "remove"])
    assert stage.platform.reasons == [""]


async def test_a_slow_answer_holds_nobody_up(stage: Stage, voice: Voice) -> None:
    """Each citizen waits for themselves only."""
    with stage.platform.slow("say"):
        voice.give([SAY, TOAST])
        for _ in range(20):
            await asyncio.sleep(0)

        assert (stage.platform.said, len(stage.platform.toasts)) == ([], 1)


async def test_each_chat_is_told_in_order(stage: Stage, voice: Voice) -> None:
    """The last sentence read is the last one said; another chat waits for none of them."""
    with stage.platform.slow("say"):
        voice.give([SAY, says(ALIX, Subscribed()), says(BLAISE, Unsubscribed())])
        await asyncio.sleep(0)
        begun = stage.platform.calls.count("say")
    await spoken(voice)

    alix = [post.text.plain for handle, post in stage.platform.said if handle == SAY.handle]
    assert (begun, alix) == (2, ["<help_shown fr>", "<subscribed fr>"])


async def test_who_writes_a_thousand_lines_is_told_once_more(stage: Stage, voice: Voice) -> None:
    """Once for the line being answered, once for all that came since."""
    with stage.platform.slow("say"):
        for _ in range(1000):
            voice.give([says(ALIX, UnknownCommand())])
            await asyncio.sleep(0)
    await spoken(voice)

    assert len(stage.platform.said) == 2


async def test_a_chat_is_told_the_latest_when_it_cannot_be_told_everything(stage: Stage, voice: Voice) -> None:
    """What was asked last is still of interest."""
    with stage.platform.slow("say"):
        voice.give([SAY])
        await asyncio.sleep(0)
        voice.give([SAY, *[says(ALIX, Subscribed())] * MOST_IN_A_CHAT])
    await spoken(voice)

    told = [post.text.plain for _, post in stage.platform.said]
    assert told == ["<help_shown fr>", *["<subscribed fr>"] * MOST_IN_A_CHAT]


FLOODS = {
    "presses": ("toast", lambda _number: TOAST),
    "chats": ("say", lambda number: says(replace(ALIX, account=str(number)), Subscribed())),
    "removals": ("remove", lambda number: replace(REMOVE, case=CaseNumber(number))),
}


@pytest.mark.parametrize(("call", "answer"), FLOODS.values(), ids=FLOODS)
async def test_there_is_a_bound_to_what_is_under_way(
    stage: Stage, voice: Voice, call: str, answer: Callable[[int], Answer]
) -> None:
    """A platform that takes no answer must not fill the memory."""
    with stage.platform.slow(call):
        voice.give(answer(number) for number in range(MOST_UNDER_WAY + 10))
        under_way = voice.in_hand

    assert under_way == MOST_UNDER_WAY


async def test_an_answer_that_the_platform_holds_is_no_work_of_ours(stage: Stage, voice: Voice) -> None:
    """A chat that was told enough in a minute waits for its turn: whoever waits for that may let the time pass."""
    voice.give([says(ALIX, Subscribed())])
    before = voice.busy
    with stage.platform.slow("say"):
        await asyncio.sleep(0)
        held = (voice.in_hand, voice.busy)

    assert (before, held) == (True, (1, False))


async def test_a_removal_under_way_is_not_begun_again(stage: Stage, voice: Voice) -> None:
    """A sweep finds it every few seconds for as long as the platform is slow."""
    with stage.platform.slow("remove"):
        for _ in range(30):
            voice.give([REMOVE])
            await asyncio.sleep(0)
    await spoken(voice)

    assert stage.platform.calls == ["remove"]


async def test_a_lost_bubble_takes_no_words_with_it(stage: Stage, voice: Voice) -> None:
    """A press too old to be answered is answered in the chat all the same."""
    stage.platform.fails("toast", Uncertain("cut"))
    voice.give([replace(SAY, handle=private(ALIX, press="p"))])
    await spoken(voice)

    assert [post.text.plain for _, post in stage.platform.said] == ["<help_shown fr>"]


async def test_nothing_is_said_later_once_the_shift_is_over(stage: Stage) -> None:
    """A lane that fails takes its promises with it; the next one gives them."""
    said: list[str] = []
    promises: list[asyncio.Task[None]] = []

    async def shift() -> None:
        async with asyncio.TaskGroup() as tasks:
            voice = Voice(desk=stage.desk, platform=stage.platform, words=stage.words, pause=asyncio.sleep, tasks=tasks)
            promises.append(voice.later(0.0, lambda: said.append("being recorded")))
            await asyncio.sleep(0)
            raise AttributeError("bug")

    with pytest.raises(ExceptionGroup):
        await shift()

    assert (said, [promise.cancelled() for promise in promises]) == ([], [True])


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
