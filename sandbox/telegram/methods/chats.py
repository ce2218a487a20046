"""What a bot asks about chats, and what it pins there (``Client.cpp process_get_chat_query`` and neighbours)."""

from sandbox.telegram.errors import refused
from sandbox.telegram.methods.call import Call
from sandbox.telegram.objects import PERMISSIONS
from sandbox.telegram.shapes import member_json
from sandbox.telegram.values import Chat, Json, Message

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(call: Call) -> Json:
    """What is known of a chat (``JsonChat`` in full)."""
    chat, world = call.chat(), call.world
    shape: Json = world.shape.chat(chat)
    shape |= {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(GIFTS, False)}
    if chat.linked is not None:
        shape["linked_chat_id"] = chat.linked
    if chat.kind in {"group", "supergroup"}:
        shape["permissions"] = {name: name not in chat.withheld for name in PERMISSIONS}
    if chat.pinned:
        shape["pinned_message"] = world.shape.message(chat, chat.messages[chat.pinned[0]], replied=False)
    return shape


def get_member(call: Call) -> Json:
    """Somebody's place in a chat."""
    number = call.arguments.integer("user_id")
    chat = call.inside()
    user = call.world.users.get(number)
    if user is None or (chat.kind == "private" and number not in {chat.peer, call.bot.id}):
        raise refused("member not found")
    if chat.kind == "channel" and not chat.member(call.bot.id).governs:
        raise refused("member list is inaccessible")
    member = chat.member(number)
    if chat.kind == "private":
        return {"user": member_json(member, user, chat.kind)["user"], "status": "member"}
    return member_json(member, user, chat.kind)


def get_administrators(call: Call) -> list[Json]:
    """The administrators, other bots left out unless asked for."""
    chat = call.inside()
    if chat.kind == "private":
        raise refused("there are no administrators in the private chat")
    users = {member.user: call.world.user(member.user) for member in chat.members.values() if member.governs}
    others = call.arguments.flag("return_bots")
    return [
        member_json(chat.members[user.id], user, chat.kind)
        for user in users.values()
        if others or not user.is_bot or user.id == call.bot.id
    ]


def get_member_count(call: Call) -> int:
    """How many are in a chat."""
    chat = call.inside()
    return 2 if chat.kind == "private" else sum(1 for member in chat.members.values() if member.present)


def pin(call: Call) -> bool:
    """Pin a message; the chat shows a notice of it, which bots get too."""
    chat = call.inside()
    message = call.message(chat, "pin")
    _check_may_pin(call, chat)
    if message.service is not None:
        raise refused("message can't be pinned")
    if message.id not in chat.pinned:
        chat.pinned.insert(0, message.id)
        _notice(call, chat, message)
    return True


def unpin(call: Call) -> bool:
    """Unpin a message, the latest pinned one when none is named."""
    chat = call.inside()
    if "message_id" in call.arguments.values:
        message = call.message(chat, "unpin").id
    elif chat.pinned:
        message = chat.pinned[0]
    else:
        raise refused("message to unpin not found")
    _check_may_pin(call, chat)
    if message in chat.pinned:
        chat.pinned.remove(message)
    return True


def _check_may_pin(call: Call, chat: Chat) -> None:
    right = "can_edit_messages" if chat.kind == "channel" else "can_pin_messages"
    if chat.kind != "private" and not chat.allows(call.bot.id, right):
        raise refused("not enough rights to manage pinned messages in the chat")


def _notice(call: Call, chat: Chat, message: Message) -> None:
    pinned = call.world.shape.message(chat, message, replied=False)
    call.world.notice(chat, call.bot.id, {"pinned_message": pinned}, thread=message.thread)
