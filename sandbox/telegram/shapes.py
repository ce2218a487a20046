"""The JSON that Telegram sends for its things (``Client.cpp JsonUser``, ``JsonChat``, ``JsonMessage``)."""

from collections.abc import Callable
from datetime import datetime

from sandbox.telegram.objects import PERMISSIONS
from sandbox.telegram.values import CHANNEL_RIGHTS, GROUP_RIGHTS, Chat, Json, Member, Message, Photo, User

STORY_RIGHTS = ("can_post_stories", "can_edit_stories", "can_delete_stories")


def seconds(at: datetime) -> int:
    """Telegram's dates."""
    return int(at.timestamp())


def user_json(user: User) -> Json:
    """A user as others see them."""
    shape: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    for name, value in (
        ("last_name", user.last_name),
        ("username", user.username),
        ("language_code", user.language_code),
    ):
        if value is not None:
            shape[name] = value
    return shape


def chat_json(chat: Chat, peer: User | None) -> Json:
    """A chat as a message names it. ``peer`` is the person of a private chat."""
    shape: Json = {"id": chat.id}
    if peer is None:
        shape["title"] = chat.title
        username = chat.username
    else:
        shape["first_name"] = peer.first_name
        username = peer.username
    if username is not None:
        shape["username"] = username
    if chat.is_forum:
        shape["is_forum"] = True
    shape["type"] = chat.kind
    return shape


def photo_json(photo: Photo) -> list[Json]:
    """The sizes of a picture; here there is one."""
    return [
        {
            "file_id": photo.file_id,
            "file_unique_id": photo.unique_id,
            "file_size": photo.size,
            "width": photo.width,
            "height": photo.height,
        }
    ]


def member_json(member: Member, user: User, kind: str) -> Json:
    """Somebody's place in a chat (``Client.cpp JsonChatMember``)."""
    shape: Json = {"user": user_json(user), "status": member.status}
    if member.status == "creator":
        shape["is_anonymous"] = False
    if member.status == "administrator":
        shape |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(STORY_RIGHTS, False)}
        known = CHANNEL_RIGHTS if kind == "channel" else GROUP_RIGHTS
        shape |= {right: right in member.rights for right in sorted(known)}
    if member.status == "restricted":
        shape |= {"is_member": member.inside, **{name: name in member.permissions for name in PERMISSIONS}}
    if member.status in {"restricted", "kicked"}:
        shape["until_date"] = 0 if member.until is None else seconds(member.until)
    return shape


class MessageShape:
    """Writes messages, given where to look up the people, chats and polls they name."""

    def __init__(self, user: Callable[[int], User], chat: Callable[[int], Chat], poll: Callable[[str], Json]) -> None:
        self._user = user
        self._chat = chat
        self._poll = poll

    def chat(self, chat: Chat) -> Json:
        """A chat."""
        return chat_json(chat, None if chat.peer is None else self._user(chat.peer))

    def message(self, chat: Chat, message: Message, *, replied: bool = True) -> Json:
        """A message with the one it replies to, which comes without its own."""
        shape: Json = {"message_id": message.id}
        if message.sender is not None:
            shape["from"] = user_json(self._user(message.sender))
        if message.sender_chat is not None:
            shape["sender_chat"] = self.chat(self._chat(message.sender_chat))
        shape |= {"chat": self.chat(chat), "date": seconds(message.at)}
        if message.edited_at is not None:
            shape["edit_date"] = seconds(message.edited_at)
        shape |= self._place(chat, message) | self._origin(message)
        answered = chat.messages.get(message.reply_to or 0)
        if replied and answered is not None:
            shape["reply_to_message"] = self.message(chat, answered, replied=False)
        return shape | self._content(message)

    def _place(self, chat: Chat, message: Message) -> Json:
        if message.thread is None:
            return {}
        shape: Json = {"message_thread_id": message.thread}
        if chat.is_forum:
            shape["is_topic_message"] = True
        return shape

    def _origin(self, message: Message) -> Json:
        if message.origin is None or message.origin_at is None:
            return {}
        source, number = message.origin
        channel, date = self.chat(self._chat(source)), seconds(message.origin_at)
        shape: Json = {
            "forward_origin": {"type": "channel", "chat": channel, "message_id": number, "date": date},
            "forward_from_chat": channel,
            "forward_from_message_id": number,
            "forward_date": date,
        }
        if message.is_automatic_forward:
            shape["is_automatic_forward"] = True
        return shape

    def _content(self, message: Message) -> Json:
        shape: Json = dict(message.service or {})
        if message.poll is not None:
            shape["poll"] = self._poll(message.poll)
        if message.album is not None:
            shape["media_group_id"] = message.album
        text, entities = ("text", "entities") if message.photo is None else ("caption", "caption_entities")
        if message.photo is not None:
            shape["photo"] = photo_json(message.photo)
        if message.text:
            shape[text] = message.text
        if message.entities:
            shape[entities] = list(message.entities)
        if message.markup is not None and "inline_keyboard" in message.markup:
            shape["reply_markup"] = message.markup
        return shape
