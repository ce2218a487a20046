"""Messages a bot sends (``Client.cpp do_send_message``, ``process_send_media_group_query``)."""

from sandbox.telegram import markup
from sandbox.telegram.errors import refused, violated
from sandbox.telegram.methods.call import Call
from sandbox.telegram.photos import stored
from sandbox.telegram.texts import Formatted, caption, message_text
from sandbox.telegram.values import Chat, Json, Message, Photo

ALBUM = range(2, 11)  # core.telegram.org/bots/api#sendmediagroup; td MessageSender.cpp MAX_GROUPED_MESSAGES
ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip


def send_message(call: Call) -> Json:
    """Send a text."""
    text = message_text(call.arguments)
    chat = call.writable()
    return _shape(call, chat, call.world.place(chat, draft(call, chat, text)))


def send_photo(call: Call) -> Json:
    """Send a picture with a caption."""
    arguments = call.arguments
    words = caption(arguments.text("caption"), arguments.text("parse_mode"), arguments.items("caption_entities"))
    chat = call.writable()
    photo = stored(call.world, arguments.text("photo") or "attach://photo", arguments.uploads)
    return _shape(call, chat, call.world.place(chat, draft(call, chat, words, photo=photo)))


def send_media_group(call: Call) -> list[Json]:
    """Send an album of pictures: each is a message of its own, none has a keyboard."""
    media = [item for item in call.arguments.items("media") if isinstance(item, dict)]
    if len(media) not in ALBUM:
        raise violated("an album has 2 to 10 items")
    chat = call.writable()
    album = str(call.world.next_album())
    drafts = [_album_item(call, chat, item, album) for item in media]
    return [_shape(call, chat, call.world.place(chat, item)) for item in drafts]


def send_chat_action(call: Call) -> bool:
    """Show that the bot is at work."""
    if call.arguments.text("action") not in ACTIONS:
        raise violated("wrong parameter action in request")
    call.writable()
    return True


def draft(call: Call, chat: Chat, words: Formatted, *, photo: Photo | None = None, album: str | None = None) -> Message:
    """The message to be sent, with everything the common parameters say. Raises ``Refused``."""
    arguments = call.arguments
    keyboard = markup.checked(arguments.mapping("reply_markup"), private=chat.kind == "private")
    if keyboard is not None and "inline_keyboard" not in keyboard and chat.kind == "channel":
        raise refused("reply keyboards can't be used in channels")
    reply_to = call.answered(chat)
    return Message(
        chat=chat.id,
        author=call.bot.id,
        sender=None if chat.kind == "channel" else call.bot.id,
        sender_chat=chat.id if chat.kind == "channel" else None,
        text=words[0],
        entities=words[1],
        photo=photo,
        album=album,
        markup=keyboard,
        reply_to=reply_to,
        thread=call.thread(chat) or call.world.thread_of(chat, reply_to),
        silent=arguments.flag("disable_notification"),
    )


def pictured(call: Call, item: Json) -> tuple[Photo, Formatted]:
    """A picture that a program describes, and the words under it. Raises ``Refused``."""
    entities = item.get("caption_entities", [])
    words = caption(
        str(item.get("caption", "")), str(item.get("parse_mode", "")), entities if isinstance(entities, list) else []
    )
    return stored(call.world, str(item["media"]), call.arguments.uploads), words


def _album_item(call: Call, chat: Chat, item: Json, album: str) -> Message:
    if item["type"] != "photo":
        raise violated("the sandbox's albums are of photos")
    photo, words = pictured(call, item)
    return draft(call, chat, words, photo=photo, album=album)


def _shape(call: Call, chat: Chat, message: Message) -> Json:
    return call.world.shape.message(chat, message)
