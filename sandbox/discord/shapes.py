"""The JSON that Discord sends for its things."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.discord import permissions
from sandbox.discord.values import (
    Attachment,
    Channel,
    Flag,
    Guild,
    Json,
    Kind,
    Member,
    Message,
    Overwrite,
    Poll,
    Role,
    Type,
    User,
)

STRIPPED: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def instant(at: datetime | None) -> str | None:
    """Discord's dates."""
    return None if at is None else at.isoformat()


def user_json(user: User) -> Json:
    """A user as others see them."""
    return {
        "id": str(user.id),
        "username": user.username,
        "discriminator": "0000" if user.is_bot else "0",
        "global_name": None if user.is_bot else user.name,
        "avatar": None,
        "bot": user.is_bot,
        "public_flags": 0,
        "flags": 0,
    }


def member_json(member: Member) -> Json:
    """Somebody's place in a guild, without the user."""
    return {
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "roles": [str(role) for role in member.roles],
        "joined_at": instant(member.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": instant(member.silent_until),
    }


def role_json(role: Role) -> Json:
    """A role of a guild."""
    return {
        "id": str(role.id),
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": role.position,
        "permissions": str(role.permissions),
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def poll_json(poll: Poll, viewer: int) -> Json:
    """A native poll. Counts are given while it is open, too."""
    counts = [
        {"id": answer.id, "count": len(voters := poll.voters(answer.id)), "me_voted": viewer in voters}
        for answer in poll.answers
    ]
    return {
        "question": {"text": poll.question},
        "answers": [
            {
                "answer_id": answer.id,
                "poll_media": {"text": answer.text} | ({"emoji": answer.emoji} if answer.emoji else {}),
            }
            for answer in poll.answers
        ],
        "expiry": instant(poll.closed_at or poll.expires_at),
        "allow_multiselect": poll.multiple,
        "layout_type": 1,
        "results": {"is_finalized": poll.is_final, "answer_counts": counts},
    }


def attachment_json(attachment: Attachment, channel: int) -> Json:
    """A file of a message."""
    address = f"https://cdn.invalid/attachments/{channel}/{attachment.id}/{attachment.filename}"
    shape: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": attachment.size,
        "url": address,
        "proxy_url": address,
    }
    if attachment.content_type is not None:
        shape["content_type"] = attachment.content_type
    if attachment.description is not None:
        shape["description"] = attachment.description
    return shape


def channel_json(channel: Channel, *, recipient: User | None = None) -> Json:
    """A channel, a thread or direct messages (with ``recipient``)."""
    shape: Json = {
        "id": str(channel.id),
        "type": int(channel.kind),
        "last_message_id": None if channel.last is None else str(channel.last),
        "last_pin_timestamp": instant(max(channel.pins.values(), default=None)),
        "flags": (1 << 4 if channel.needs_tag else 0),
    }
    if recipient is not None:
        return shape | {"recipients": [user_json(recipient)]}
    shape |= {
        "guild_id": str(channel.guild),
        "name": channel.name,
        "parent_id": None if channel.parent is None else str(channel.parent),
        "rate_limit_per_user": channel.slow_mode,
    }
    if channel.kind.is_thread:
        return shape | _thread_json(channel)
    return shape | {
        "topic": channel.topic,
        "nsfw": False,
        "position": channel.position,
        "permission_overwrites": [_overwrite_json(overwrite) for overwrite in channel.overwrites.values()],
        "available_tags": [
            {"id": str(number), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for number, name in channel.tags.items()
        ],
        "default_auto_archive_duration": channel.auto_archive,
        "default_thread_rate_limit_per_user": 0,
    } | ({"default_reaction_emoji": None, "default_sort_order": None, "default_forum_layout": 0}
         if channel.kind is Kind.FORUM else {})  # fmt: skip


def _thread_json(thread: Channel) -> Json:
    return {
        "owner_id": str(thread.owner),
        "message_count": len(thread.messages),
        "total_message_sent": thread.sent,
        "member_count": len(thread.joined),
        "applied_tags": [str(tag) for tag in thread.applied_tags],
        "thread_metadata": {
            "archived": thread.archived,
            "auto_archive_duration": thread.auto_archive,
            "archive_timestamp": instant(thread.changed_at),
            "locked": thread.locked,
            "create_timestamp": instant(thread.changed_at),
        },
    }


def thread_member_json(thread: Channel, user: int) -> Json:
    """Somebody who follows a thread."""
    return {"id": str(thread.id), "user_id": str(user), "join_timestamp": instant(thread.joined[user]), "flags": 0}


def _overwrite_json(overwrite: Overwrite) -> Json:
    return {
        "id": str(overwrite.target),
        "type": 0 if overwrite.is_role else 1,
        "allow": str(overwrite.allow),
        "deny": str(overwrite.deny),
    }


def guild_json(guild: Guild) -> Json:
    """A guild without what is in it."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(guild.owner),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": [role_json(role) for role in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": ["COMMUNITY", "NEWS"],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "max_members": 500_000,
        "max_video_channel_users": 25,
    }


@dataclass(frozen=True, slots=True)
class MessageShape:
    """How messages look to somebody. ``channel`` finds a channel or thread, if there is one."""

    user: Callable[[int], User]
    channel: Callable[[int], Channel | None]

    def message(self, message: Message, viewer: int, *, content: bool = True, answered: bool = True) -> Json:
        """A message as the bot ``viewer`` gets it; without ``content`` where it may not read other people's words."""
        shape = self._frame(message)
        if content or self.is_for(message, viewer):
            shape |= self._content(message, viewer)
        else:
            shape |= STRIPPED
        if message.reference is not None:
            shape["message_reference"] = message.reference
        number = message.replies_to
        if answered and number is not None:
            there = self.channel(message.channel)
            original = None if there is None else there.messages.get(number)
            shape["referenced_message"] = (
                None if original is None else self.message(original, viewer, content=content, answered=False)
            )
        thread = self.channel(message.id)
        if thread is not None and message.flags & Flag.HAS_THREAD:
            shape["thread"] = channel_json(thread)
        return shape

    def is_for(self, message: Message, viewer: int) -> bool:
        """Whether a bot may read this without the privileged intent: its own words, private ones, mentions of it."""
        channel = self.channel(message.channel)
        private = channel is None or channel.kind is Kind.DM
        return private or viewer in {message.author, message.webhook, *message.mentions}

    def _frame(self, message: Message) -> Json:
        channel = self.channel(message.channel)
        shape: Json = {
            "id": str(message.id),
            "channel_id": str(message.channel),
            "type": int(message.type),
            "author": user_json(self.user(message.author)),
            "timestamp": instant(message.at),
            "edited_timestamp": instant(message.edited_at),
            "tts": False,
            "mention_everyone": message.mention_everyone,
            "mentions": [user_json(self.user(user)) for user in message.mentions],
            "mention_roles": [str(role) for role in message.mention_roles],
            "pinned": channel is not None and message.id in channel.pins,
            "flags": message.flags,
        }
        if message.nonce is not None:
            shape["nonce"] = message.nonce
        if message.webhook is not None:
            shape |= {"webhook_id": str(message.webhook), "application_id": str(message.webhook)}
        if message.metadata is not None:
            shape["interaction_metadata"] = message.metadata
        return shape

    def _content(self, message: Message, viewer: int) -> Json:
        shape: Json = {
            "content": message.content,
            "embeds": list(message.embeds),
            "attachments": [attachment_json(item, message.channel) for item in message.attachments],
            "components": list(message.components),
        }
        if message.poll is not None:
            shape["poll"] = poll_json(message.poll, viewer)
        if message.type is Type.THREAD_STARTER:
            shape["content"] = ""
        return shape


def silence_json(member: Member) -> Json:
    """What the audit log says of a time-out: until when; nothing: it was lifted."""
    until = member.silent_until
    return {"key": "communication_disabled_until", **({} if until is None else {"new_value": until.isoformat()})}


def member_in(member: Member, user: User, allowed: int | None = None) -> Json:
    """Somebody's place in a guild, with the user, and with what they may do here when that is known."""
    shape = {**member_json(member), "user": user_json(user)}
    if allowed is None:
        return shape
    return shape | {"permissions": str(allowed & permissions.EVERYTHING), "unusual_dm_activity_until": None}
