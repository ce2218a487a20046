"""Messages that a bot sends, reads, changes, publishes and takes back."""

from dataclasses import replace
from datetime import timedelta

from sandbox.discord import permissions
from sandbox.discord.errors import forbidden, no_permission, refused, violated, wrong
from sandbox.discord.ids import first_at
from sandbox.discord.methods.call import Call
from sandbox.discord.methods.drafts import MAY_SET, answering, attached, check, drafted, filled, numbered, with_pings
from sandbox.discord.values import Channel, Flag, Json, Kind, Message

NONCE_KEPT = timedelta(minutes=5)  # "the past few minutes"
LONGEST_NONCE = 25
OLD = timedelta(hours=1)
BULK_LIMIT = timedelta(days=14)


def create_message(call: Call) -> Json:
    """Send a message; with ``enforce_nonce`` the one that was sent a moment ago under the same nonce."""
    channel = call.channel()
    nonce = _nonce(call)
    before = _sent_before(call, channel, nonce) if call.flag("enforce_nonce") else None
    if before is not None:
        return call.shown(before)
    message = posted(call, channel, nonce=nonce)
    if nonce is not None:
        call.world.nonces[call.bot.id, str(nonce)] = (channel.id, message.id)
    return call.shown(message)


def posted(call: Call, channel: Channel, *, nonce: str | int | None = None) -> Message:
    """The message of the body, placed where the bot may write it. Raises ``Refused``."""
    draft = filled(drafted(call, channel))
    if call.items("sticker_ids"):
        raise refused(50081, "Invalid Sticker")
    call.writable(channel, poll=draft.poll is not None, files=bool(draft.attachments))
    message = call.world.place(channel, replace(answering(call, channel, draft), nonce=nonce))
    call.world.open_poll(channel, message)
    return message


def get_message(call: Call) -> Json:
    """One message."""
    return call.shown(call.message(call.channel()))


def list_messages(call: Call) -> list[Json]:
    """Messages of a channel, newest first; ``around``, ``before`` or ``after`` one."""
    channel = call.channel()
    limit = call.asked("limit", 50, 1, 100)
    numbers = sorted(channel.messages)
    if not call.allowed(channel) & permissions.READ_MESSAGE_HISTORY:
        return []
    borders = [name for name in ("around", "before", "after") if name in call.query]
    if len(borders) > 1:
        raise wrong(borders[1], "BASE_TYPE_EXCLUSIVE", "Only one of around, before and after can be given")
    border = int(call.query[borders[0]]) if borders else 0
    match borders[0] if borders else "":
        case "after":
            chosen = [number for number in numbers if number > border][:limit]
        case "around":
            below = [number for number in numbers if number < border][-(limit // 2) :]
            chosen = below + [number for number in numbers if number >= border][: limit - limit // 2]
        case "before":
            chosen = [number for number in numbers if number < border][-limit:]
        case _:
            chosen = numbers[-limit:]
    return [call.shown(channel.messages[number]) for number in reversed(chosen)]


def update_message(call: Call) -> Json:
    """Change one's own message; of others' only the flags."""
    channel = call.channel()
    before = call.message(channel)
    if before.author != call.bot.id:
        if set(call.body) == {"flags"} and call.allowed(channel) & permissions.MANAGE_MESSAGES:
            flags = before.flags & ~Flag.SUPPRESS_EMBEDS | (call.number("flags") or 0) & Flag.SUPPRESS_EMBEDS
            return call.shown(call.world.change(channel, replace(before, flags=flags)))
        raise forbidden(50005, "Cannot edit a message authored by another user")
    if channel.archived:
        raise refused(50083, "Thread is archived")
    after = revised(call, channel, before)
    if before.flags & Flag.CROSSPOSTED:
        call.world.budgets.spend("edit_published", channel.id)
    if call.world.clock.now() - before.at > OLD:
        call.world.budgets.spend("edit_old", channel.id)
    return call.shown(call.world.change(channel, after))


def revised(call: Call, channel: Channel, before: Message) -> Message:
    """The message as the body wants it: what is not named stays, null empties. Raises ``Refused``."""
    if before.poll is not None and set(call.body) & {"content", "embeds", "components", "attachments"}:
        raise refused(520003, "Cannot edit a poll message")
    after = replace(before, edited_at=call.world.clock.now())
    if "content" in call.body:
        after = replace(after, content=call.text("content").strip())
    if "embeds" in call.body:
        embeds = [embed for embed in call.items("embeds") if isinstance(embed, dict)]
        after = replace(after, embeds=tuple({"type": "rich", **embed} for embed in embeds))
    if "components" in call.body:
        components = [part for part in call.items("components") if isinstance(part, dict)]
        after = replace(after, components=numbered(components))
    if "flags" in call.body:
        asked = (call.number("flags") or 0) & MAY_SET
        after = replace(after, flags=before.flags & ~Flag.SUPPRESS_EMBEDS | asked)
    after = replace(after, attachments=attached(call, before.attachments))
    check(after)
    return filled(with_pings(call, channel, after) if "content" in call.body else after)


def delete_message(call: Call) -> None:
    """Take a message back, or remove somebody else's."""
    channel = call.channel()
    message = call.message(channel)
    if message.author != call.bot.id and not call.allowed(channel) & permissions.MANAGE_MESSAGES:
        raise no_permission()
    if message.author != call.bot.id and channel.kind is Kind.DM:
        raise forbidden(50003, "Cannot execute action on a DM channel")
    call.world.remove(channel, [message.id])
    guild = call.world.guild_of(channel)
    if guild is not None and message.author != call.bot.id:
        call.world.audit_entry(guild, 72, call.bot.id, message.author, call.reason)


def bulk_delete_messages(call: Call) -> None:
    """Remove 2 to 100 messages younger than two weeks at once."""
    channel = call.channel(permissions.MANAGE_MESSAGES)
    numbers = [int(str(number)) for number in call.items("messages")]
    if len(set(numbers)) != len(numbers):
        raise wrong("messages", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")
    if min(numbers) < first_at(call.world.clock.now() - BULK_LIMIT):
        raise refused(50034, "You can only bulk delete messages that are under 14 days old.")
    call.world.remove(channel, numbers)
    guild = call.world.guild_of(channel)
    if guild is not None:
        call.world.audit_entry(guild, 73, call.bot.id, channel.id, call.reason)


def crosspost_message(call: Call) -> Json:
    """Publish a message of an announcement channel to the channels that follow it."""
    channel = call.channel(permissions.SEND_MESSAGES)
    if channel.kind is not Kind.ANNOUNCEMENT:
        raise violated(50024, "Cannot execute action on this channel type")
    message = call.message(channel)
    if message.author != call.bot.id and not call.allowed(channel) & permissions.MANAGE_MESSAGES:
        raise no_permission()
    if message.flags & Flag.CROSSPOSTED:
        raise refused(40033, "This message has already been crossposted.")
    call.world.budgets.spend("publish", channel.id)
    return call.shown(call.world.change(channel, replace(message, flags=message.flags | Flag.CROSSPOSTED)))


def trigger_typing_indicator(call: Call) -> None:
    """Show that one is about to write."""
    call.writable(call.channel())


def _nonce(call: Call) -> str | int | None:
    given = call.body.get("nonce")
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise wrong("nonce", "NONCE_TYPE_INVALID", "A nonce is a string or a whole number.")
    if len(str(given)) > LONGEST_NONCE:
        raise wrong("nonce", "NONCE_TYPE_TOO_LONG", f"Must be {LONGEST_NONCE} or fewer in length.")
    return given


def _sent_before(call: Call, channel: Channel, nonce: str | int | None) -> Message | None:
    where, number = call.world.nonces.get((call.bot.id, str(nonce)), (0, 0))
    message = channel.messages.get(number) if where == channel.id else None
    recent = message is not None and call.world.clock.now() - message.at <= NONCE_KEPT
    return message if recent else None
