"""Changing and taking back: what is possible, and to whose messages."""

from datetime import timedelta

import pytest

from sandbox.telegram.shapes import seconds
from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, BOT, CHANNEL, GROUP, NOON, Caller, HandClock
from tests.sandbox.pieces import button, pictured, rows, sent


async def test_new_words_replace_the_old(world: World, caller: Caller) -> None:
    """And the date of the change is told."""
    number = await sent(caller)

    answer = await caller.call("editMessageText", chat_id=CHANNEL, message_id=number, text="Après")

    assert isinstance(answer.result, dict)
    assert world.chat(CHANNEL).messages[number].text == "Après"
    assert answer.result["edit_date"] == seconds(NOON)


async def test_a_keyboard_not_sent_again_goes_away(world: World, caller: Caller) -> None:
    """The server replaces words and keyboard together."""
    number = await sent(caller, reply_markup=rows(button()))

    await caller.call("editMessageText", chat_id=CHANNEL, message_id=number, text="Avant")

    assert world.chat(CHANNEL).messages[number].markup is None


async def test_the_same_content_is_no_change(caller: Caller) -> None:
    """A well-known refusal; same words and same keyboard."""
    number = await sent(caller, reply_markup=rows(button()))

    answer = await caller.call(
        "editMessageText", chat_id=CHANNEL, message_id=number, text=" Avant", reply_markup=rows(button())
    )

    assert str(answer.reason).startswith("Bad Request: message is not modified: specified new message content")


async def test_only_the_keyboard_changes(world: World, caller: Caller) -> None:
    """Words stay; an empty keyboard removes it."""
    number = await sent(caller, reply_markup=rows(button()))

    await caller.call("editMessageReplyMarkup", chat_id=CHANNEL, message_id=number, reply_markup=rows(button("Non")))
    changed = world.chat(CHANNEL).messages[number]
    await caller.call("editMessageReplyMarkup", chat_id=CHANNEL, message_id=number)

    assert changed.markup == rows(button("Non"))
    assert world.chat(CHANNEL).messages[number].markup is None
    assert changed.edited_at is None


async def test_words_under_a_picture_change_as_a_caption(world: World, caller: Caller) -> None:
    """A picture has a caption, a text has not."""
    picture = await pictured(caller, "Avant")
    text = await sent(caller)

    done = await caller.call("editMessageCaption", chat_id=CHANNEL, message_id=picture, caption="Après")
    no_text = await caller.call("editMessageText", chat_id=CHANNEL, message_id=picture, text="Après")
    no_caption = await caller.call("editMessageCaption", chat_id=CHANNEL, message_id=text, caption="Après")

    assert (done.status, world.chat(CHANNEL).messages[picture].text) == (200, "Après")
    assert no_text.reason == "Bad Request: there is no text in the message to edit"
    assert no_caption.reason == "Bad Request: there is no caption in the message to edit"


async def test_a_picture_gives_way_to_another_with_its_own_words(world: World, caller: Caller) -> None:
    """A text has no picture that could."""
    messages = world.chat(CHANNEL).messages
    number, other, text = await pictured(caller, "Avant"), await pictured(caller), await sent(caller)
    photo = messages[other].photo
    assert photo is not None
    media = {"type": "photo", "media": photo.file_id, "caption": "<b>Après</b>", "parse_mode": "HTML"}
    where = {"chat_id": CHANNEL, "message_id": number}

    done = await caller.call("editMessageMedia", **where, media=media)
    film = await caller.call("editMessageMedia", **where, media={**media, "type": "video"})
    no_picture = await caller.call("editMessageMedia", chat_id=CHANNEL, message_id=text, media=media)

    assert (done.status, messages[number].text, messages[number].photo) == (200, "Après", photo)
    assert messages[number].edited_at is not None
    assert film.status == 400
    assert no_picture.reason == "Bad Request: there is no media in the message to edit"


@pytest.mark.parametrize(
    ("method", "purpose"), [("editMessageText", "edit"), ("deleteMessage", "delete"), ("pinChatMessage", "pin")]
)
async def test_a_message_must_be_there(caller: Caller, method: str, purpose: str) -> None:
    """Client.cpp check_message."""
    words = {"text": "x"} if method == "editMessageText" else {}

    answer = await caller.call(method, chat_id=CHANNEL, message_id=99, **words)

    assert answer.reason == f"Bad Request: message to {purpose} not found"


async def test_inline_messages_do_not_exist_here(caller: Caller) -> None:
    """A message is named by its chat and number."""
    answer = await caller.call("editMessageText", inline_message_id="x", text="x")

    assert answer.reason == "Bad Request: message identifier is not specified"


async def test_words_of_others_cannot_be_changed(world: World, caller: Caller) -> None:
    """Td MessagesManager.cpp can_edit_message."""
    number = world.write(ANNE, GROUP, "bonjour")

    answer = await caller.call("editMessageText", chat_id=GROUP, message_id=number, text="x")

    assert answer.reason == "Bad Request: message can't be edited"


async def test_a_channel_editor_changes_everybodys_posts(world: World, caller: Caller) -> None:
    """can_edit_messages reaches posts of others; without any right not even one's own."""
    world.promote(CHANNEL, ANNE)
    number = world.write(ANNE, CHANNEL, "Avant")

    allowed = await caller.call("editMessageText", chat_id=CHANNEL, message_id=number, text="Après")
    own = await sent(caller)
    world.promote(CHANNEL, BOT, frozenset())
    refused = await caller.call("editMessageText", chat_id=CHANNEL, message_id=own, text="Encore")

    assert allowed.status == 200
    assert refused.reason == "Bad Request: message can't be edited"


async def test_a_message_is_taken_back(world: World, caller: Caller) -> None:
    """And is not pinned any more."""
    number = await sent(caller)
    await caller.call("pinChatMessage", chat_id=CHANNEL, message_id=number)

    answer = await caller.call("deleteMessage", chat_id=CHANNEL, message_id=number)

    assert answer.result is True
    assert number not in world.chat(CHANNEL).messages
    assert number not in world.chat(CHANNEL).pinned


async def test_after_48_hours_nothing_is_taken_back(caller: Caller, clock: HandClock) -> None:
    """Td can_delete_channel_message: bots can't delete messages older than 2 days."""
    number = await sent(caller)
    clock.forward(timedelta(hours=48))

    answer = await caller.call("deleteMessage", chat_id=CHANNEL, message_id=number)

    assert answer.reason == "Bad Request: message can't be deleted"


async def test_a_simple_member_takes_back_only_its_own(world: World, caller: Caller) -> None:
    """Deleting for others is a right."""
    world.set_member(world.chat(GROUP), Member(user=BOT))
    others = world.write(ANNE, GROUP, "bonjour")
    own = await sent(caller, chat=GROUP)

    refused = await caller.call("deleteMessage", chat_id=GROUP, message_id=others)
    allowed = await caller.call("deleteMessage", chat_id=GROUP, message_id=own)

    assert refused.reason == "Bad Request: message can't be deleted"
    assert allowed.status == 200


async def test_in_private_everything_can_be_taken_back(world: World, caller: Caller) -> None:
    """Td can_revoke_message: revoke_pm_inbox."""
    number = world.start(ANNE)

    answer = await caller.call("deleteMessage", chat_id=ANNE, message_id=number)

    assert answer.status == 200


async def test_many_are_taken_back_at_once_and_missing_ones_skipped(world: World, caller: Caller) -> None:
    """Client.cpp process_delete_messages_query."""
    number = await sent(caller)

    answer = await caller.call("deleteMessages", chat_id=CHANNEL, message_ids=[number, 98, 99])

    assert answer.result is True
    assert not world.chat(CHANNEL).messages


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ([], "message identifiers are not specified"),
        ([0], "invalid message identifier specified"),
        (list(range(1, 102)), 'parameter "message_ids" must be at most 100 items long'),
        (["x"], 'parameter "message_ids" must be an integer'),
    ],
    ids=["none", "zero", "101", "words"],
)
async def test_one_to_100_messages_are_taken_back_at_once(caller: Caller, numbers: list[object], reason: str) -> None:
    """Client.cpp get_message_ids."""
    answer = await caller.call("deleteMessages", chat_id=CHANNEL, message_ids=numbers)

    assert answer.reason == f"Bad Request: {reason}"


async def test_a_pinned_message_is_announced(world: World, caller: Caller) -> None:
    """Bots get their own notices of pinning (need_skip_update_message)."""
    number = await sent(caller, chat=GROUP)

    await caller.call("pinChatMessage", chat_id=GROUP, message_id=number, disable_notification=True)

    (update,) = await caller.updates()
    assert isinstance(update["message"], dict)
    assert update["message"]["pinned_message"]["message_id"] == number
    assert world.chat(GROUP).pinned == [number]


async def test_unpinning_without_a_number_takes_the_latest(world: World, caller: Caller) -> None:
    """Client.cpp process_unpin_chat_message_query."""
    first, second = await sent(caller), await sent(caller, "Encore")
    for number in (first, second):
        await caller.call("pinChatMessage", chat_id=CHANNEL, message_id=number)

    await caller.call("unpinChatMessage", chat_id=CHANNEL)
    await caller.call("unpinChatMessage", chat_id=CHANNEL, message_id=first)
    none = await caller.call("unpinChatMessage", chat_id=CHANNEL)

    assert world.chat(CHANNEL).pinned == []
    assert none.reason == "Bad Request: message to unpin not found"


async def test_pinning_is_a_right(world: World, caller: Caller) -> None:
    """In channels it is that of editing."""
    number = await sent(caller)
    world.promote(CHANNEL, BOT, frozenset({"can_post_messages"}))

    answer = await caller.call("pinChatMessage", chat_id=CHANNEL, message_id=number)

    assert answer.reason == "Bad Request: not enough rights to manage pinned messages in the chat"


async def test_a_notice_is_neither_pinned_nor_changed(world: World, caller: Caller) -> None:
    """Service messages are the platform's."""
    world.leave(ANNE, GROUP)
    notice = next(iter(world.chat(GROUP).messages))

    pinned = await caller.call("pinChatMessage", chat_id=GROUP, message_id=notice)

    assert pinned.reason == "Bad Request: message can't be pinned"


async def test_the_mirror_follows_its_post(world: World, caller: Caller) -> None:
    """Telegram keeps the copy in the discussion group alike."""
    world.link(CHANNEL, GROUP)
    number = await sent(caller)

    await caller.call("editMessageText", chat_id=CHANNEL, message_id=number, text="Après")

    (mirror,) = world.chat(GROUP).messages.values()
    assert mirror.text == "Après"


async def test_a_small_group_numbers_its_messages_with_the_account(world: World, caller: Caller) -> None:
    """Private chats and small groups share one numbering."""
    world.add_chat(Chat(id=-7, kind="group", title="Le groupe", members={BOT: Member(user=BOT)}))
    private = world.start(ANNE)

    number = await sent(caller, chat=-7)

    assert number == private + 1
