"""Messages a bot changes and takes back (``Client.cpp process_edit_message_*``, ``process_delete_message*``)."""

from dataclasses import replace
from datetime import timedelta

from sandbox.telegram import markup
from sandbox.telegram.errors import refused, violated
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.sending import pictured
from sandbox.telegram.texts import caption, message_text
from sandbox.telegram.values import Chat, Json, Message

DELETABLE = timedelta(hours=48)  # td MessagesManager.cpp can_delete_channel_message, can_revoke_message
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def edit_text(call: Call) -> Json:
    """Change the words of a message. A keyboard that is not sent again goes away."""
    text, entities = message_text(call.arguments)
    chat, message = _editable(call)
    if message.photo is not None:
        raise refused("there is no text in the message to edit")
    return _changed(call, chat, message, replace(message, text=text, entities=entities))


def edit_caption(call: Call) -> Json:
    """Change the words under a picture. A keyboard that is not sent again goes away."""
    arguments = call.arguments
    text, entities = caption(
        arguments.text("caption"), arguments.text("parse_mode"), arguments.items("caption_entities")
    )
    chat, message = _editable(call)
    if message.photo is None:
        raise refused("there is no caption in the message to edit")
    return _changed(call, chat, message, replace(message, text=text, entities=entities))


def edit_media(call: Call) -> Json:
    """Put another picture, with the words under it, in place of one. A keyboard that is not sent again goes away."""
    item = call.arguments.mapping("media")
    if item is None or item.get("type") != "photo":
        raise violated("the sandbox replaces pictures by pictures")
    photo, (text, entities) = pictured(call, item)
    chat, message = _editable(call)
    if message.photo is None:
        raise refused("there is no media in the message to edit")
    return _changed(call, chat, message, replace(message, photo=photo, text=text, entities=entities))


def edit_markup(call: Call) -> Json:
    """Change the keyboard only."""
    chat, message = _editable(call)
    return _changed(call, chat, message, message)


def delete_message(call: Call) -> bool:
    """Take back one message."""
    chat = call.inside()
    message = call.message(chat, "delete")
    _check_deletable(call, chat, message)
    call.world.remove(chat, message.id)
    return True


def delete_messages(call: Call) -> bool:
    """Take back up to 100 messages; those that are not there are skipped."""
    numbers = [number for number in call.arguments.items("message_ids") if isinstance(number, int)]
    if not numbers:
        raise violated("message identifiers are not specified")
    if min(numbers) <= 0:
        raise violated("invalid message identifier specified")
    chat = call.inside()
    present = [chat.messages[number] for number in numbers if number in chat.messages]
    for message in present:
        _check_deletable(call, chat, message)
    for message in present:
        call.world.remove(chat, message.id)
    return True


def _editable(call: Call) -> tuple[Chat, Message]:
    """The message to edit, if it is the bot's own (``td MessagesManager.cpp can_edit_message``)."""
    if "chat_id" not in call.arguments.values or call.arguments.integer("message_id") <= 0:
        raise violated("message identifier is not specified")
    chat = call.inside()
    message = call.message(chat, "edit")
    own = message.author == call.bot.id
    foreign_post = chat.kind == "channel" and chat.allows(call.bot.id, "can_edit_messages")
    other_keyboard = message.markup is not None and "inline_keyboard" not in message.markup
    if not (own or foreign_post) or message.service is not None or other_keyboard:
        raise refused("message can't be edited")
    if own and chat.kind == "channel" and not (foreign_post or chat.allows(call.bot.id, "can_post_messages")):
        raise refused("message can't be edited")
    return chat, message


def _changed(call: Call, chat: Chat, before: Message, after: Message) -> Json:
    keyboard = markup.checked(call.arguments.mapping("reply_markup"), private=chat.kind == "private")
    after = replace(after, markup=keyboard)
    if after == before:
        raise refused(NOT_MODIFIED)
    if (after.text, after.entities, after.photo) != (before.text, before.entities, before.photo):
        after = replace(after, edited_at=call.world.clock.now())
    return call.world.shape.message(chat, call.world.change(chat, after))


def _check_deletable(call: Call, chat: Chat, message: Message) -> None:
    if call.world.clock.now() - message.at >= DELETABLE:
        raise refused(f"message can't be deleted{'' if chat.kind in {'channel', 'supergroup'} else ' for everyone'}")
    if chat.kind == "private" or chat.allows(call.bot.id, "can_delete_messages"):
        return
    own = message.author == call.bot.id and message.service is None
    if not own or (chat.kind == "channel" and not chat.allows(call.bot.id, "can_post_messages")):
        raise refused("message can't be deleted")
