"""The acceptance cases of Telegram that are about what goes out: 2 to 9, 12, 23 to 25, 28, 35, 36."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.telegram.adapter import TelegramAdapter
from core.errors import Moved, Rejected, Unavailable, Uncertain, Unreachable
from core.events import Choice
from core.identifiers import Address, PollId
from core.ports.platform import Introduction
from core.post import Button, Picture, Post
from core.richtext import RichText, Span
from sandbox.faults import Harm
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat, Member
from tests.adapters.telegram.conftest import (
    ANNE,
    BILAL,
    BOT,
    CHANNEL,
    GROUP,
    TOKEN,
    Town,
    picture,
    publish,
    squeezed,
    text,
)

POLL = PollId("budget-2027_pont")


def buttons(count: int, label: str = "Option") -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(f"{label} {rank}", Choice(POLL, rank)),) for rank in range(count))


async def test_hostile_characters_arrive_as_what_they_are(town: Town, adapter: TelegramAdapter) -> None:
    """Case 2: one call, and the reader sees the sign that the clerk typed."""
    await publish(adapter, text("Budget <2027> & vous"))

    assert town.texts(CHANNEL) == ["Budget <2027> & vous"]


async def test_characters_of_other_markups_need_no_escape(town: Town, adapter: TelegramAdapter) -> None:
    """Case 3: full stops and underscores break MarkdownV2, so HTML it is."""
    await publish(adapter, text("1.5 (a_b) *x*"))

    assert town.texts(CHANNEL) == ["1.5 (a_b) *x*"]


async def test_a_long_text_goes_out_in_chained_parts_with_the_buttons_on_the_last(
    town: Town, adapter: TelegramAdapter
) -> None:
    """Case 4: nothing is lost, no tag is cut, and the reader finds the buttons at the end."""
    words = "La mairie propose un nouveau pont. " * 300
    await publish(adapter, Post(text=RichText((Span(words, strong=True),)), buttons=buttons(2)))

    messages = town.messages(CHANNEL)
    assert squeezed("".join(town.texts(CHANNEL))) == squeezed(words)
    assert [message.reply_to for message in messages] == [None, *(message.id for message in messages[:-1])]
    assert [message.markup is None for message in messages] == [True] * (len(messages) - 1) + [False]
    assert len(messages) >= 3


async def test_four_thousand_emoji_go_out(town: Town, adapter: TelegramAdapter) -> None:
    """Case 5: each takes two UTF-16 units, which is how the adapter counts."""
    await publish(adapter, text("\N{CLAPPING HANDS SIGN}" * 4096))

    assert "".join(town.texts(CHANNEL)) == "\N{CLAPPING HANDS SIGN}" * 4096


async def test_a_picture_carries_a_text_that_fits_and_its_description(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """Case 6: one message, and those who cannot see the picture know what it shows."""
    post = Post(text=RichText.of("x" * 900), pictures=(Picture(picture(tmp_path), "Le pont, vu de la rive"),))
    await publish(adapter, post)

    (message,) = town.messages(CHANNEL)
    assert message.photo is not None
    assert message.text == "x" * 900 + "\n\n[Le pont, vu de la rive]"


async def test_a_picture_is_followed_by_a_text_too_long_for_it(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """Case 6: a caption holds 1024 characters; the description stays with the picture."""
    post = Post(text=RichText.of("x" * 2000), pictures=(Picture(picture(tmp_path), "Le pont"),))
    await publish(adapter, post)

    assert town.texts(CHANNEL) == ["[Le pont]", "x" * 2000]


async def test_three_pictures_go_out_as_an_album_with_one_caption(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """Case 7: the words stand once, under the first picture."""
    pictures = tuple(Picture(picture(tmp_path, f"{n}.png"), f"Vue {n}") for n in (1, 2, 3))
    await publish(adapter, Post(text=RichText.of("Trois vues"), pictures=pictures))

    assert len(town.calls("sendMediaGroup", "done")) == 1
    assert town.texts(CHANNEL) == ["Trois vues\n\n[1/3: Vue 1]\n[2/3: Vue 2]\n[3/3: Vue 3]", "", ""]


async def test_eleven_pictures_are_an_album_of_ten_and_one_more(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """Case 7: Telegram takes ten together."""
    pictures = tuple(Picture(picture(tmp_path, f"{n}.png"), f"Vue {n}") for n in range(11))
    await publish(adapter, Post(text=RichText.of("Onze vues"), pictures=pictures))

    assert len(town.calls("sendMediaGroup", "done")) == 1
    assert len(town.calls("sendPhoto", "done")) == 1
    assert town.texts(CHANNEL)[-1] == "[11/11: Vue 10]"


async def test_the_same_picture_goes_up_once_for_five_chats(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """Case 7: Telegram slows those who send the same file again and again."""
    post = Post(text=RichText.of("Bonjour"), pictures=(Picture(picture(tmp_path), "Le pont"),))
    for _ in range(5):
        await publish(adapter, post, chat=CHANNEL)

    assert [any(name.startswith("file:") for name in sent) for sent in town.parameters("sendPhoto")] == [
        True, False, False, False, False
    ]  # fmt: skip


async def test_a_silent_pinned_post_makes_no_sound_and_stays_on_top(town: Town, adapter: TelegramAdapter) -> None:
    """Case 8: the pin follows the message it is about."""
    receipts = await publish(adapter, Post(text=RichText.of("Conseil ce soir"), silent=True, pinned=True))

    (message,) = town.messages(CHANNEL)
    assert message.silent
    assert town.world.chat(CHANNEL).pinned == [message.id]
    assert [receipt.message for receipt in receipts] == [str(message.id)]


async def test_every_part_stands_in_its_topic(town: Town, adapter: TelegramAdapter) -> None:
    """Case 9: a forum's topics are as many conversations."""
    place = town.world.chat(GROUP)
    place.is_forum, place.topics = True, {7: "Budget"}
    await publish(adapter, text("mot " * 1500), chat=GROUP, topic=7)

    assert {message.thread for message in town.messages(GROUP)} == {7}


async def test_a_topic_that_is_gone_is_refused_for_good(town: Town, adapter: TelegramAdapter) -> None:
    """Case 9: asking again would only get the same answer."""
    town.world.chat(GROUP).is_forum = True

    with pytest.raises(Rejected, match=r"(?i)thread not found"):
        await publish(adapter, text("Bonjour"), chat=GROUP, topic=7)


async def test_thirteen_options_are_thirteen_buttons(town: Town, adapter: TelegramAdapter) -> None:
    """Case 12: a native poll ends at twelve."""
    receipts = await publish(adapter, Post(text=RichText.of("Lequel ?"), buttons=buttons(13)))

    place = town.world.chat(CHANNEL)
    assert len(list(town.world.buttons(place, int(receipts[0].message)))) == 13


@pytest.mark.parametrize("label", ["Ελληνικά", "市民の声", "Площадь"])
def test_what_a_button_carries_fits_whatever_its_language(connect: Callable[..., TelegramAdapter], label: str) -> None:
    """Case 23: 64 bytes hold the poll and the option, never the words."""
    post = Post(text=RichText.of(label), buttons=buttons(12, label))

    (part,) = connect().plan(post, Address(str(CHANNEL)))

    markup = part.parameters["reply_markup"]
    assert isinstance(markup, dict)
    assert max(len(row[0]["callback_data"].encode()) for row in markup["inline_keyboard"]) <= 64


async def test_being_told_to_slow_down_in_one_chat_delays_only_that_chat(town: Town, adapter: TelegramAdapter) -> None:
    """Case 24: the third of five waits two seconds, order is kept, another chat is served meanwhile."""
    for user in (ANNE, BILAL):
        town.world.start(user)
    town.misbehave(Harm.FLOOD, "sendMessage", chat=ANNE, nth=3, retry_after=2)
    for number in (1, 2):
        await publish(adapter, text(f"{number}"), chat=ANNE)
    with pytest.raises(Unavailable) as limited:
        await publish(adapter, text("3"), chat=ANNE)
    told_at = town.clock.at
    await publish(adapter, text("ailleurs"), chat=BILAL)
    elsewhere_at = town.clock.at
    for number in (3, 4, 5):
        await publish(adapter, text(f"{number}"), chat=ANNE)

    assert limited.value.retry_after == timedelta(seconds=2)
    assert elsewhere_at - told_at < timedelta(seconds=1)
    assert [words for words in town.texts(ANNE) if words != "/start"] == ["1", "2", "3", "4", "5"]
    third = town.messages(ANNE)[3]
    assert third.at - told_at >= timedelta(seconds=2)


async def test_an_answer_lost_after_the_act_is_told_from_a_refusal(town: Town, adapter: TelegramAdapter) -> None:
    """Case 25: the chat holds it once, and nobody here knows."""
    town.misbehave(Harm.CUT_AFTER, "sendMessage")

    with pytest.raises(Uncertain):
        await publish(adapter, text("Une seule fois"))

    assert town.texts(CHANNEL) == ["Une seule fois"]


async def test_a_server_that_is_down_was_not_asked(town: Town, connect: Callable[..., TelegramAdapter]) -> None:
    """Case 25: what could not be sent is known not to be out, and goes out once when the server is back."""
    adapter = connect()
    port = int(town.server.url.rpartition(":")[2])
    await town.server.__aexit__(None, None, None)
    with pytest.raises(Unavailable, match="cannot connect"):
        await adapter.open(Introduction(), known=None)

    async with TelegramServer(town.world, port=port):
        await adapter.open(Introduction(), known=None)
        await publish(adapter, text("Une seule fois"))

    assert town.texts(CHANNEL) == ["Une seule fois"]


async def test_a_page_of_a_gateway_means_later(town: Town, adapter: TelegramAdapter) -> None:
    """Case 25: a 502 with HTML comes from in front of the Bot API."""
    town.misbehave(Harm.STATUS, "sendMessage", status=502)

    with pytest.raises(Unavailable, match="502"):
        await publish(adapter, text("Plus tard"))


async def test_somebody_who_blocked_the_bot_is_told_apart(town: Town, adapter: TelegramAdapter) -> None:
    """Case 28: a subscriber who left is not written to again."""
    town.world.start(ANNE)
    town.world.block(ANNE)

    with pytest.raises(Unreachable):
        await publish(adapter, text("Bonjour"), chat=ANNE)


async def test_a_group_that_became_a_supergroup_says_where_it_is(town: Town, adapter: TelegramAdapter) -> None:
    """Case 28: the caller writes the new address down and sends there."""
    town.world.add_chat(Chat(id=-4001, kind="group", title="Ancien groupe", migrated_to=GROUP))
    town.world.chat(-4001).members[BOT] = Member(user=BOT)

    with pytest.raises(Moved) as moved:
        await publish(adapter, text("Bonjour"), chat=-4001)

    assert moved.value.to == str(GROUP)


async def test_the_token_is_in_no_log_and_no_error(
    town: Town, connect: Callable[..., TelegramAdapter], caplog: pytest.LogCaptureFixture
) -> None:
    """Case 35: whoever reads a log could otherwise speak for the town."""
    caplog.set_level(logging.DEBUG)
    adapter = connect()
    await adapter.open(Introduction(), known=None)
    town.misbehave(Harm.CUT_AFTER, "sendMessage")

    with pytest.raises(Uncertain) as lost:
        await publish(adapter, text("Bonjour"))

    assert TOKEN not in caplog.text + repr(adapter) + repr(lost.value) + repr(lost.value.__context__)
