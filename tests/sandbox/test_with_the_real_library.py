"""The imitation satisfies python-telegram-bot, which parses every answer."""

import pytest
import telegram
import telegram.error

from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, BOT, CHANNEL, GROUP
from tests.sandbox.pieces import PIXEL


def keyboard(*labels: str) -> telegram.InlineKeyboardMarkup:
    """A column of buttons that carry their label."""
    return telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton(label, callback_data=label)] for label in labels]
    )


async def test_a_vote_goes_round(world: World, ptb: telegram.Bot) -> None:
    """The whole of what Parvis does with a press must work with the library it uses."""
    message = await ptb.send_message(
        CHANNEL, "<b>Un banc</b> & un arbre ?", "HTML", reply_markup=keyboard("oui", "non")
    )
    press = world.press(ANNE, CHANNEL, message.id, "oui")

    updates = await ptb.get_updates(timeout=1)
    await ptb.answer_callback_query(press, "Bien reçu")

    assert updates[-1].callback_query is not None
    assert updates[-1].callback_query.data == "oui"
    assert world.toasts[press].text == "Bien reçu"
    assert not world.violations


async def test_every_answer_about_chats_is_readable(ptb: telegram.Bot) -> None:
    """A missing field would make the library fail far from its cause."""
    chat = await ptb.get_chat(CHANNEL)
    members = await ptb.get_chat_administrators(GROUP)
    member = await ptb.get_chat_member(GROUP, ANNE)

    assert (chat.username, len(members), member.status) == ("ville_demo", 1, "member")


async def test_a_comment_is_below_the_mirrored_post(world: World, ptb: telegram.Bot) -> None:
    """Comments under a channel's post are answers to its mirror in the linked group."""
    world.link(CHANNEL, GROUP)
    post = await ptb.send_message(CHANNEL, "Le marché est déplacé.")
    mirror = next(iter(world.chat(GROUP).messages.values()))
    world.write(ANNE, GROUP, "Où ?", reply_to=mirror.id)

    forward, comment = [update.message for update in await ptb.get_updates(timeout=1)]

    assert forward is not None
    assert comment is not None
    assert (forward.is_automatic_forward, forward.from_user and forward.from_user.id) == (True, 777000)
    assert isinstance(forward.forward_origin, telegram.MessageOriginChannel)
    assert forward.forward_origin.message_id == post.id
    assert comment.message_thread_id == mirror.id


async def test_pictures_go_up_with_the_library(world: World, ptb: telegram.Bot) -> None:
    """Its multipart bodies and attachments are read, and its answers parsed."""
    album = [telegram.InputMediaPhoto(PIXEL, caption="<i>Un</i>", parse_mode="HTML"), telegram.InputMediaPhoto(PIXEL)]

    first, second = await ptb.send_media_group(CHANNEL, album)
    single = await ptb.send_photo(GROUP, first.photo[-1].file_id, caption="Encore")

    assert (first.caption, second.caption, single.caption) == ("Un", None, "Encore")
    assert first.media_group_id == second.media_group_id
    assert not world.violations


async def test_a_post_is_kept_up_to_date_with_the_library(world: World, ptb: telegram.Bot) -> None:
    """Edit, answer, pin, take back: all parameters it sends are known here."""
    post = await ptb.send_message(GROUP, "Avant", reply_markup=keyboard("oui"), disable_notification=True)
    edited = await ptb.edit_message_text("Après", GROUP, post.id, reply_markup=keyboard("non"))
    answer = await ptb.send_message(
        GROUP, "Suite", reply_to_message_id=post.id, link_preview_options=telegram.LinkPreviewOptions(is_disabled=True)
    )
    await ptb.pin_chat_message(GROUP, post.id, disable_notification=True)
    await ptb.edit_message_reply_markup(GROUP, post.id)
    await ptb.delete_messages(GROUP, [answer.id])

    assert isinstance(edited, telegram.Message)
    assert (edited.text, answer.reply_to_message and answer.reply_to_message.id) == ("Après", post.id)
    assert not world.violations


async def test_commands_are_set_with_the_library(ptb: telegram.Bot) -> None:
    """With scope and language."""
    scope = telegram.BotCommandScopeChat(GROUP)
    await ptb.set_my_commands([("aide", "Aide · Help")], scope, "fr")

    (command,) = await ptb.get_my_commands(scope, "fr")

    assert command.command == "aide"


@pytest.mark.parametrize(
    ("chat", "error"),
    [(999, telegram.error.BadRequest), (ANNE, telegram.error.Forbidden), (-7, telegram.error.ChatMigrated)],
)
async def test_refusals_become_the_errors_of_the_library(
    world: World, ptb: telegram.Bot, chat: int, error: type[Exception]
) -> None:
    """It maps codes, sentences and parameters."""
    world.write(ANNE, GROUP, "bonjour")
    world.add_chat(Chat(id=-7, kind="group", members={BOT: Member(user=BOT)}))
    world.migrate(-7, -1007, by=ANNE)

    with pytest.raises(error):
        await ptb.send_message(chat, "x")


async def test_every_kind_of_update_is_readable(world: World, ptb: telegram.Bot) -> None:
    """Messages, corrections, memberships, blocking."""
    kinds = ["message", "edited_message", "my_chat_member", "chat_member", "channel_post", "callback_query"]
    await ptb.get_updates(allowed_updates=kinds)
    world.promote(CHANNEL, ANNE)
    world.write(ANNE, CHANNEL, "Avis")
    number = world.write(ANNE, GROUP, "bonjour")
    world.edit_message(ANNE, GROUP, number, "bonsoir")
    world.join(103, GROUP)
    world.start(ANNE)
    world.block(ANNE)

    updates = await ptb.get_updates(offset=1, limit=100)

    assert [next(iter(set(update.to_dict()) - {"update_id"})) for update in updates] == [
        "chat_member", "channel_post", "message", "edited_message", "chat_member", "message", "message",
        "my_chat_member",
    ]  # fmt: skip
