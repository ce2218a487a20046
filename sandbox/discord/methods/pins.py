"""Pinned messages, by the addresses of 2025 and, for older libraries, by those before."""

from datetime import datetime

from sandbox.discord import permissions
from sandbox.discord.errors import no_permission, refused, wrong
from sandbox.discord.methods.call import Call
from sandbox.discord.shapes import instant
from sandbox.discord.values import Channel, Json, Message, Type

MOST_PINS = 250


def list_pins(call: Call) -> Json:
    """The pinned messages, the last pinned first, at most 50; ``before`` an instant."""
    channel = call.channel(permissions.READ_MESSAGE_HISTORY)
    limit = call.asked("limit", 50, 1, 50)
    pins = sorted(channel.pins.items(), key=lambda pin: (pin[1], pin[0]), reverse=True)
    if "before" in call.query:
        before = _instant(call.query["before"])
        pins = [pin for pin in pins if pin[1] < before]
    items = [{"pinned_at": instant(at), "message": call.shown(channel.messages[number])} for number, at in pins[:limit]]
    return {"items": items, "has_more": len(pins) > limit}


def list_pins_of_old(call: Call) -> list[Json]:
    """The pinned messages, all at once."""
    channel = call.channel(permissions.READ_MESSAGE_HISTORY)
    return [call.shown(channel.messages[number]) for number in sorted(channel.pins, reverse=True)]


def create_pin(call: Call) -> None:
    """Pin a message; the channel shows a notice of it."""
    channel, message = _pinnable(call)
    if message.id in channel.pins:
        return
    if len(channel.pins) >= MOST_PINS:
        raise refused(30003, f"Maximum number of pins reached ({MOST_PINS})")
    call.world.pin(channel, message, pinned=True)
    reference: Json = {"type": 0, "channel_id": str(channel.id), "message_id": str(message.id)}
    notice = Message(channel=channel.id, author=call.bot.id, type=Type.PINNED, reference=reference)
    call.world.place(channel, notice)
    _audited(call, channel, message, 74)


def delete_pin(call: Call) -> None:
    """Unpin a message."""
    channel, message = _pinnable(call)
    if message.id in channel.pins:
        call.world.pin(channel, message, pinned=False)
        _audited(call, channel, message, 75)


def _pinnable(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    message = call.message(channel)
    if not call.allowed(channel) & permissions.PIN_MESSAGES:
        raise no_permission()
    if message.type not in {Type.DEFAULT, Type.REPLY, Type.COMMAND, Type.CONTEXT_MENU}:
        raise refused(50021, "Cannot execute action on a system message")
    return channel, message


def _audited(call: Call, channel: Channel, message: Message, action: int) -> None:
    guild = call.world.guild_of(channel)
    if guild is not None:
        call.world.audit_entry(guild, action, call.bot.id, message.author, call.reason)


def _instant(given: str) -> datetime:
    try:
        return datetime.fromisoformat(given)
    except ValueError as error:
        raise wrong("before", "DATE_TIME_TYPE_PARSE", f"Could not parse {given}. Should be ISO8601.") from error
