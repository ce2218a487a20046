"""Threads under messages, posts of forums, and channels as such."""

from dataclasses import replace

from sandbox.discord import permissions
from sandbox.discord.errors import no_permission, refused, unknown, violated, wrong
from sandbox.discord.methods.call import Call
from sandbox.discord.methods.drafts import drafted, filled
from sandbox.discord.parameters import OBJECTS
from sandbox.discord.shapes import channel_json, thread_member_json
from sandbox.discord.values import Channel, Json, Kind

BELOW = {Kind.TEXT: Kind.PUBLIC_THREAD, Kind.ANNOUNCEMENT: Kind.ANNOUNCEMENT_THREAD}


def get_channel(call: Call) -> Json:
    """A channel."""
    return shown(call, call.channel())


def update_channel(call: Call) -> Json:
    """Change a thread: its name, its tags, whether it is archived or locked."""
    channel = call.channel()
    if not channel.kind.is_thread:
        call.may(channel, permissions.MANAGE_CHANNELS)
        return _renamed(call, channel)
    governs = bool(call.allowed(channel) & permissions.MANAGE_THREADS)
    if not governs and (channel.owner != call.bot.id or "locked" in call.body):
        raise no_permission()
    if channel.archived and call.body.get("archived") is not False:
        raise refused(50083, "Thread is archived")
    channel.name = call.text("name") or channel.name
    channel.archived = call.flag("archived") if "archived" in call.body else channel.archived
    channel.locked = call.flag("locked") if "locked" in call.body else channel.locked
    channel.auto_archive = call.number("auto_archive_duration") or channel.auto_archive
    if "applied_tags" in call.body:
        channel.applied_tags = _tags(call, call.world.channels[channel.parent or 0])
    channel.changed_at = call.world.clock.now()
    call.world.tell_thread(channel)
    return shown(call, channel)


def _renamed(call: Call, channel: Channel) -> Json:
    channel.name = call.text("name") or channel.name
    channel.topic = call.text("topic") if "topic" in call.body else channel.topic
    slow = call.number("rate_limit_per_user")
    channel.slow_mode = channel.slow_mode if slow is None else slow
    call.world.tell_channel(channel)
    return shown(call, channel)


def create_thread_from_message(call: Call) -> Json:
    """Open a thread under a message; it gets the message's id."""
    above = call.channel()
    message = call.message(above)
    if above.kind not in BELOW:
        raise violated(50024, "Cannot execute action on this channel type")
    call.may(above, permissions.CREATE_PUBLIC_THREADS)
    if message.id in call.world.channels:
        raise refused(160004, "A thread has already been created for this message")
    thread = _new(call, above, BELOW[above.kind], message.id)
    return shown(call, call.world.open_thread(thread, message))


def create_thread(call: Call) -> Json:
    """Open a thread by itself, or in a forum a post with its first message."""
    above = call.channel()
    if above.kind is Kind.FORUM:
        return _post(call, above)
    if above.kind not in BELOW:
        raise violated(50024, "Cannot execute action on this channel type")
    kind = Kind(call.number("type") or Kind.PRIVATE_THREAD)
    private = kind is Kind.PRIVATE_THREAD
    call.may(above, permissions.CREATE_PRIVATE_THREADS if private else permissions.CREATE_PUBLIC_THREADS)
    thread = _new(call, above, kind, call.world.ids.next())
    return shown(call, call.world.open_thread(thread, None))


def _post(call: Call, forum: Channel) -> Json:
    draft = call.part("message")
    if draft is None:
        raise wrong("message", "BASE_TYPE_REQUIRED", "This field is required")
    call.may(forum, permissions.SEND_MESSAGES)
    tags = _tags(call, forum)
    if forum.needs_tag and not tags:
        raise refused(40067, "A tag is required to create a forum post in this channel")
    thread = _new(call, forum, Kind.PUBLIC_THREAD, call.world.ids.next())
    thread.applied_tags = tags
    first = filled(drafted(_about(call, draft), thread))
    call.world.open_thread(thread, None)
    forum.last = thread.id
    opening = call.world.place(thread, replace(first, id=thread.id))  # one number for both, as everywhere in threads
    call.world.open_poll(thread, opening)
    return shown(call, thread) | {"message": call.shown(opening)}


def _about(call: Call, draft: Json) -> Call:
    """The same call, with the message inside it as its body."""
    body = {name: draft[name] for name in OBJECTS["message"] if name in draft}
    return Call(world=call.world, bot=call.bot, path=call.path, body=body, uploads=call.uploads)


def join_thread(call: Call) -> None:
    """Follow a thread."""
    thread = call.channel()
    if not thread.kind.is_thread:
        raise violated(50024, "Cannot execute action on this channel type")
    thread.joined.setdefault(call.bot.id, call.world.clock.now())


def get_active_guild_threads(call: Call) -> Json:
    """The threads of a guild that are not archived, as far as the bot sees them."""
    guild = call.guild()
    threads = [one for one in call.world.threads(guild.id) if call.allowed(one) & permissions.VIEW_CHANNEL]
    return _page(call, threads)


def list_public_archived_threads(call: Call) -> Json:
    """The archived threads below a channel."""
    above = call.channel(permissions.READ_MESSAGE_HISTORY)
    below = [one for one in call.world.channels.values() if one.parent == above.id and one.kind.is_thread]
    threads = [one for one in below if one.archived and one.kind is not Kind.PRIVATE_THREAD]
    return _page(call, threads) | {"has_more": False}


def create_dm(call: Call) -> Json:
    """Open the direct messages with somebody. Whether they take any is told when one is sent."""
    user = call.world.users.get(call.number("recipient_id") or 0)
    if user is None or user.is_bot:
        raise violated(50033, "Invalid Recipient(s)") if user else unknown(10013, "User")
    return shown(call, call.world.direct(call.bot, user.id))


def shown(call: Call, channel: Channel) -> Json:
    """A channel as it is answered."""
    if channel.kind is Kind.DM:
        return channel_json(channel, recipient=call.world.user(channel.recipient or 0))
    shape = channel_json(channel)
    if channel.kind.is_thread and call.bot.id in channel.joined:
        shape["member"] = thread_member_json(channel, call.bot.id)
    return shape


def _page(call: Call, threads: list[Channel]) -> Json:
    members = [thread_member_json(one, call.bot.id) for one in threads if call.bot.id in one.joined]
    return {"threads": [shown(call, one) for one in threads], "members": members}


def _new(call: Call, above: Channel, kind: Kind, number: int) -> Channel:
    return Channel(
        id=number,
        kind=kind,
        name=call.text("name"),
        guild=above.guild,
        parent=above.id,
        owner=call.bot.id,
        auto_archive=call.number("auto_archive_duration") or above.auto_archive,
        slow_mode=call.number("rate_limit_per_user") or 0,
    )


def _tags(call: Call, forum: Channel) -> tuple[int, ...]:
    tags = tuple(int(str(tag)) for tag in call.items("applied_tags"))
    for tag in tags:
        if tag not in forum.tags:
            raise unknown(10087, "tag")
    return tags
