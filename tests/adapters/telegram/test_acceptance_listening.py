"""The acceptance cases of Telegram that are about what comes in: 1, 18, 20 to 22, 27, 29, 33."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from adapters.telegram import limits
from adapters.telegram.adapter import TelegramAdapter
from core.errors import Unreadable
from core.events import (
    ButtonPressed,
    Choice,
    Command,
    CommandGiven,
    Departed,
    Handle,
    MessagePosted,
    Mirrored,
    UnknownButtonPressed,
)
from core.identifiers import Address, MessageId, PollId
from core.ports.platform import Introduction
from core.post import Button, InPrivate, Post
from core.richtext import RichText
from tests.adapters.telegram.conftest import (
    ANNE,
    CHANNEL,
    CHLOE,
    GROUP,
    TOKEN,
    Town,
    hear,
    publish,
    received,
    text,
)

MENU = Introduction(commands={"fr": (("aide", "Ce que je fais"),), "en": (("help", "What I do"),)})
POLL = PollId("budget-2027_pont")
ASKED = Post(text=RichText.of("Un pont ?"), buttons=((Button("Oui", Choice(POLL, 0)), Button("Non", Choice(POLL, 1))),))


async def test_the_menus_are_set_once_for_each_language(town: Town, connect: Callable[..., TelegramAdapter]) -> None:
    """Case 1: and not again when nothing changed."""
    known = await connect().open(MENU, known=None)
    await connect().open(MENU, known=known)

    assert [call.get("language_code", "") for call in town.parameters("setMyCommands")] == ["", "en"]
    assert len(town.calls("getMe", "done")) == 2


async def test_every_poll_says_what_it_wants_to_hear(town: Town, adapter: TelegramAdapter) -> None:
    """Case 1: the server remembers the last list it was given, perhaps by another program."""
    await adapter.fetch(None)

    assert town.world.bots[TOKEN].queue.allowed == set(limits.ALLOWED_UPDATES)


async def pressed(town: Town, adapter: TelegramAdapter) -> tuple[str, Handle]:
    """Anne presses the second button under a poll: the press, and where to answer it."""
    receipts = await publish(adapter, ASKED)
    press = town.world.press(ANNE, CHANNEL, int(receipts[0].message), f"v1:{POLL}:1")
    (heard,) = [event for event in await hear(adapter) if isinstance(event, ButtonPressed)]
    assert heard.action == Choice(POLL, 1)
    return press, heard.handle


async def test_a_press_is_answered_in_a_bubble_of_at_most_200_characters(town: Town, adapter: TelegramAdapter) -> None:
    """Case 18: longer words would be refused, and the button would spin on."""
    press, handle = await pressed(town, adapter)

    await adapter.toast(handle, "oui" * 100, alert=False)

    assert len(town.world.toasts[press].text) == 200


async def test_a_press_is_answered_by_one_call(town: Town, adapter: TelegramAdapter) -> None:
    """Case 18: nothing is asked of Telegram between hearing a press and answering it."""
    receipts = await publish(adapter, ASKED)
    before = len(list(town.world.journal.of("call")))
    press = town.world.press(ANNE, CHANNEL, int(receipts[0].message), f"v1:{POLL}:1")

    (heard,) = [event for event in await hear(adapter) if isinstance(event, ButtonPressed)]
    await adapter.toast(heard.handle, "C'est noté.", alert=False)

    calls = [call["method"] for call in list(town.world.journal.of("call"))[before:]]
    assert town.world.toasts[press].text == "C'est noté."
    assert calls == ["answerCallbackQuery"]


async def test_a_second_press_on_the_same_option_is_answered_too(town: Town, adapter: TelegramAdapter) -> None:
    """Case 20: every press waits for its own answer."""
    receipts = await publish(adapter, ASKED)
    presses = [town.world.press(ANNE, CHANNEL, int(receipts[0].message), f"v1:{POLL}:0") for _ in range(2)]

    for event in await hear(adapter):
        if isinstance(event, ButtonPressed):
            await adapter.toast(event.handle, "Oui", alert=False)

    assert set(presses) <= set(town.world.toasts)


async def test_showing_what_stands_there_already_is_no_error(town: Town, adapter: TelegramAdapter) -> None:
    """Case 20: «message is not modified» is what was asked for."""
    receipts = await publish(adapter, ASKED)

    await adapter.edit(receipts[0], ASKED)

    assert len(town.calls("editMessageText", "refused")) == 1


async def test_a_refusal_opens_a_box_that_must_be_closed(town: Town, adapter: TelegramAdapter) -> None:
    """Case 21: after closing, nobody should believe that they voted."""
    press, handle = await pressed(town, adapter)

    await adapter.toast(handle, "La consultation est close.", alert=True)

    assert town.world.toasts[press].alert


@pytest.mark.parametrize("data", ["", "v1:", "v1:pont:x", "v2:pont:1", "c1:", "\ud800", "v1:pont:1\n", "v1:pont:9999"])
async def test_a_button_of_another_time_is_known_as_such(town: Town, adapter: TelegramAdapter, data: str) -> None:
    """Case 21: old keyboards stay in old messages; their press is answered and changes nothing."""
    query = {"id": "1", "from": {"id": ANNE, "first_name": "Anne"}, "chat_instance": "1", "data": data}
    town.world.bots[TOKEN].queue.push_raw({"callback_query": query})

    (heard,) = await hear(adapter)

    assert isinstance(heard, UnknownButtonPressed)


async def test_a_press_too_old_to_be_answered_is_left_alone(town: Town, adapter: TelegramAdapter) -> None:
    """Case 22: the vote counts all the same, and asking again would change nothing."""
    _, handle = await pressed(town, adapter)
    town.clock.at += timedelta(minutes=2)

    await adapter.toast(handle, "Oui", alert=False)

    assert len(town.calls("answerCallbackQuery", "refused")) == 1


async def test_one_malformed_update_leaves_the_others_readable(town: Town, adapter: TelegramAdapter) -> None:
    """Case 27: it is set aside, and polling goes on."""
    queue = town.world.bots[TOKEN].queue
    town.world.start(ANNE)
    queue.push_raw({"poll_answer": {"poll_id": "1", "option_ids": [0], "user": {"id": ANNE}}})
    town.world.write(ANNE, ANNE, "/help")

    first, poisoned, last = await adapter.fetch(None)

    assert isinstance(adapter.understand(first.body, received())[0], CommandGiven)
    assert isinstance(adapter.understand(last.body, received())[0], CommandGiven)
    with pytest.raises(Unreadable):
        adapter.understand(poisoned.body, received())


@pytest.mark.parametrize("harm", ['{"deep":' * 3000 + "1" + "}" * 3000, '{"large":' + "9" * 5000 + "}"])
async def test_not_even_an_update_that_no_reader_can_read_stops_the_others(
    town: Town, adapter: TelegramAdapter, harm: str
) -> None:
    """Case 27: reading the whole answer at once would fail, and the same answer would come for ever."""
    queue = town.world.bots[TOKEN].queue
    queue.push("message", harm, timedelta(hours=1))
    town.world.start(ANNE)

    poisoned, good = await adapter.fetch(None)

    assert adapter.understand(good.body, received())
    with pytest.raises(Unreadable):
        adapter.understand(poisoned.body, received())


async def test_the_mirror_of_a_post_is_known_and_a_comment_under_it_names_it(
    town: Town, adapter: TelegramAdapter
) -> None:
    """Case 29: the mirror is neither a reply nor anybody's message."""
    (receipt,) = await publish(adapter, text("Un pont ?"))
    (mirror,) = town.messages(GROUP)
    comment = town.world.write(ANNE, GROUP, "Enfin !", reply_to=mirror.id)

    mirrored, posted = await hear(adapter)

    assert isinstance(mirrored, Mirrored)
    assert (mirrored.channel, mirrored.post) == (receipt.address, receipt.message)
    assert (mirrored.group, mirrored.message) == (Address(str(GROUP)), MessageId(str(mirror.id)))
    assert isinstance(posted, MessagePosted)
    assert posted.handle.message == str(comment)
    assert (posted.answers, posted.thread) == (mirrored.message, mirrored.message)


async def test_a_reply_in_the_group_names_the_announcement(town: Town, adapter: TelegramAdapter) -> None:
    """Case 29: the announcement is found by the message it answers."""
    (receipt,) = await publish(adapter, text("Un pont ?"), chat=GROUP)
    town.world.write(ANNE, GROUP, "Enfin !", reply_to=int(receipt.message))

    (posted,) = await hear(adapter)

    assert isinstance(posted, MessagePosted)
    assert posted.answers == receipt.message
    assert not posted.official


async def test_an_administrator_of_the_group_is_official(town: Town, adapter: TelegramAdapter) -> None:
    """Case 29: staff are not moderated; who they are is known before their words are read."""
    town.world.write(CHLOE, GROUP, "Bonjour à tous")

    (posted,) = await hear(adapter)

    assert isinstance(posted, MessagePosted)
    assert posted.official


async def test_a_link_of_ours_gives_its_command_in_private(town: Town, adapter: TelegramAdapter) -> None:
    """Case 33: the ballot of that poll, without typing."""
    button = Button("Voter en privé", InPrivate(Command("vote", (POLL,))))
    (part,) = adapter.plan(Post(text=RichText.of("Un pont ?"), buttons=((button,),)), Address(str(CHANNEL)))
    payload = json.dumps(part.parameters["reply_markup"]).partition("?start=")[2].partition('"')[0]
    town.world.start(ANNE, payload)

    (given,) = await hear(adapter)

    assert isinstance(given, CommandGiven)
    assert given.command == Command("vote", (POLL,))
    assert given.handle.private


@pytest.mark.parametrize("payload", ["promo", "AAAAvoteZbudget-2027_pont", "x" * 64])
async def test_a_link_of_somebody_else_only_says_welcome(town: Town, adapter: TelegramAdapter, payload: str) -> None:
    """Case 33: otherwise a posted link could vote, or erase the data of whoever follows it."""
    town.world.start(ANNE, payload)

    (given,) = await hear(adapter)

    assert isinstance(given, CommandGiven)
    assert given.command == Command("start")


async def test_somebody_who_blocks_the_bot_has_departed(town: Town, adapter: TelegramAdapter) -> None:
    """Case 28: their private news stop."""
    town.world.start(ANNE)
    town.world.block(ANNE)

    _, departed = await hear(adapter)

    assert isinstance(departed, Departed)
    assert departed.person.account == str(ANNE)
