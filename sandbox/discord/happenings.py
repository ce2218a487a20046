"""What happens in channels: messages appear, change and go, threads open, and the programs concerned hear of it."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from sandbox.discord import permissions
from sandbox.discord.places import Bot, Places
from sandbox.discord.sessions import Session
from sandbox.discord.shapes import (
    channel_json,
    instant,
    member_in,
    member_json,
    role_json,
    thread_member_json,
    user_json,
)
from sandbox.discord.values import (
    AuditEntry,
    Change,
    Channel,
    Flag,
    Guild,
    Intent,
    Json,
    Kind,
    Member,
    Message,
    Role,
    Type,
)
from sandbox.journal import Journal
from sandbox.real_clock import Clock

RESUMABLE = timedelta(minutes=3)  # not documented; libraries report a few minutes
Build: TypeAlias = Callable[[Bot, bool], Json]


class Happenings(Places):
    """Everything that changes a channel goes through here, so that no program and no listener misses it.

    ``resumable`` is how long, in real time, events are kept for a session that nobody is connected to.
    """

    def __init__(self, *, clock: Clock, journal: Journal, resumable: timedelta = RESUMABLE) -> None:
        super().__init__(clock=clock, journal=journal)
        self.resumable = resumable.total_seconds()

    # ── telling ──

    def tell(self, bot: Bot, name: str, build: Callable[[bool], Json], *, intents: int = 0) -> bool:
        """An event for the sessions of one bot that asked for one of these intents; whether there is one."""
        heard = False
        for session in self.live(bot):
            if not intents or session.intents & intents:
                session.push(name, build(bool(session.intents & Intent.MESSAGE_CONTENT)))
                heard = True
        self.activity += 1
        return heard

    def live(self, bot: Bot) -> list[Session]:
        """The sessions of a bot that can still hear something."""
        past = time.monotonic() - self.resumable
        for number, session in list(bot.sessions.items()):
            if session.left_at is not None and session.left_at < past:
                del bot.sessions[number]
        return list(bot.sessions.values())

    def tell_all(self, channel: Channel, name: str, build: Build, *, guild: int, direct: int = 0) -> None:
        """An event in a channel, for those who see it: ``guild`` and ``direct`` are the intents it needs there."""
        private = channel.kind is Kind.DM
        intents = direct if private else guild
        for bot in self.bots.values():
            if private and channel.bot != bot.id:
                continue
            if intents and self.allowed(bot.id, channel) & permissions.VIEW_CHANNEL:
                self._tell_built(bot, name, build, intents)

    def _tell_built(self, bot: Bot, name: str, build: Build, intents: int) -> None:
        self.tell(bot, name, lambda content: build(bot, content), intents=intents)

    def tell_guild(self, guild: Guild, name: str, content: Json, *, intents: int, needs: int = 0) -> None:
        """An event about a guild, for the bots in it that hold the permission."""
        for bot in self.bots.values():
            member = guild.members.get(bot.id)
            if member is not None and permissions.in_guild(guild, member) & needs == needs:
                self._tell_built(bot, name, lambda _bot, _content: content, intents)

    def inject(self, bot: Bot, name: str, content: object) -> int:
        """An event exactly as given, well formed or not, under each session's next number; how many heard it."""
        sessions = self.live(bot)
        self.record("injected", bot=bot.id, update={"t": name, "d": content})
        for session in sessions:
            session.push(name, content)
        self.activity += 1
        return len(sessions)

    # ── messages ──

    def place(self, channel: Channel, message: Message) -> Message:
        """A message appears; an archived thread comes back with it."""
        placed = replace(message, id=message.id or self.ids.next(), at=self.clock.now())
        if channel.archived:
            self.change_thread(channel, archived=False)
        channel.messages[placed.id] = placed
        channel.sent += 1
        channel.last = max(placed.id, channel.last or 0)
        channel.changed_at = placed.at
        if channel.kind.is_thread:
            channel.joined.setdefault(placed.author, placed.at)
        self.announce(Change(kind="message", chat=channel.id, message=placed.id, user=placed.author))
        self._tell_message("MESSAGE_CREATE", channel, placed)
        return placed

    def change(self, channel: Channel, message: Message) -> Message:
        """A message stands differently from now on."""
        channel.messages[message.id] = message
        self.announce(Change(kind="edited", chat=channel.id, message=message.id, user=message.author))
        self._tell_message("MESSAGE_UPDATE", channel, message)
        return message

    def remove(self, channel: Channel, numbers: list[int]) -> None:
        """Messages are gone; more than one at once are told in one event."""
        gone = [number for number in numbers if channel.messages.pop(number, None) is not None]
        for number in gone:
            channel.pins.pop(number, None)
            self.announce(Change(kind="deleted", chat=channel.id, message=number))
        where: Json = {"channel_id": str(channel.id), **_guild_id(channel)}
        if len(numbers) > 1:
            content = where | {"ids": [str(number) for number in gone]}
            self._tell_messages("MESSAGE_DELETE_BULK", channel, lambda _bot, _content: content)
        elif gone:
            content = where | {"id": str(gone[0])}
            self._tell_messages("MESSAGE_DELETE", channel, lambda _bot, _content: content)

    def pin(self, channel: Channel, message: Message, *, pinned: bool) -> None:
        """A message is pinned, or is not any more."""
        if pinned:
            channel.pins[message.id] = self.clock.now()
        else:
            channel.pins.pop(message.id, None)
        content: Json = {
            "channel_id": str(channel.id),
            "last_pin_timestamp": instant(max(channel.pins.values(), default=None)),
            **_guild_id(channel),
        }
        self.tell_all(channel, "CHANNEL_PINS_UPDATE", lambda _bot, _content: content,
                      guild=Intent.GUILDS, direct=Intent.DIRECT_MESSAGES)  # fmt: skip
        self.announce(Change(kind="pinned", chat=channel.id, message=message.id))
        self._tell_message("MESSAGE_UPDATE", channel, message)

    def _tell_message(self, name: str, channel: Channel, message: Message) -> None:
        def build(bot: Bot, content: bool) -> Json:  # noqa: FBT001 - one signature for all events
            shape = self.shape.message(message, bot.id, content=content)
            guild = self.guild_of(channel)
            if guild is None:
                return shape
            shape["guild_id"] = str(guild.id)
            member = guild.members.get(message.author)
            if member is not None and message.webhook is None:
                shape["member"] = member_json(member)
            return shape

        self._tell_messages(name, channel, build)

    def _tell_messages(self, name: str, channel: Channel, build: Build) -> None:
        self.tell_all(channel, name, build, guild=Intent.GUILD_MESSAGES, direct=Intent.DIRECT_MESSAGES)

    # ── threads ──

    def open_thread(self, thread: Channel, starter: Message | None) -> Channel:
        """A thread opens, under a message or by itself; who opened it follows it."""
        now = self.clock.now()
        thread.changed_at = now
        thread.joined[thread.owner or 0] = now
        self.channels[thread.id] = thread
        above = self.channels[thread.parent or 0]
        if starter is not None and starter.id == thread.id:
            self.change(above, replace(starter, flags=starter.flags | Flag.HAS_THREAD))
            reference = {"channel_id": str(above.id), "message_id": str(starter.id), **_guild_id(above)}
            opening = Message(channel=thread.id, author=thread.owner or 0, id=self.ids.next(), at=now,
                              type=Type.THREAD_STARTER, reference=reference)  # fmt: skip
            thread.messages[opening.id] = opening
        self._tell_thread("THREAD_CREATE", thread, {"newly_created": True})
        self.announce(Change(kind="thread", chat=thread.id, user=thread.owner))
        return thread

    def change_thread(self, thread: Channel, *, archived: bool) -> None:
        """A thread is archived or comes back."""
        thread.archived = archived
        thread.changed_at = self.clock.now()
        self.tell_thread(thread)

    def tell_thread(self, thread: Channel) -> None:
        """A thread is not as it was."""
        self._tell_thread("THREAD_UPDATE", thread, {})
        self.announce(Change(kind="thread", chat=thread.id))

    def tell_channel(self, channel: Channel) -> None:
        """A channel is not as it was."""
        shape = channel_json(channel)
        self.tell_all(channel, "CHANNEL_UPDATE", lambda _bot, _content: shape, guild=Intent.GUILDS)

    def _tell_thread(self, name: str, thread: Channel, more: Json) -> None:
        def build(bot: Bot, _content: bool) -> Json:  # noqa: FBT001
            shape = channel_json(thread) | more
            if bot.id in thread.joined:
                shape["member"] = thread_member_json(thread, bot.id)
            return shape

        self.tell_all(thread, name, build, guild=Intent.GUILDS)

    # ── members ──

    def set_member(self, guild: Guild, member: Member) -> Member:
        """Somebody's place changes; programs hear of their own, and of others' with the intent."""
        guild.members[member.user] = member
        user = self.user(member.user)
        content = member_in(member, user) | {"guild_id": str(guild.id)}
        for bot in self.bots.values():
            if bot.id in guild.members:
                intents = 0 if bot.id == member.user else Intent.GUILD_MEMBERS
                self._tell_built(bot, "GUILD_MEMBER_UPDATE", lambda _bot, _content: content, intents)
        self.announce(Change(kind="members", chat=guild.id, user=member.user))
        return member

    def member_shape(self, member: Member) -> Json:
        """A member as events show them."""
        return member_in(member, self.user(member.user))

    def arrive(self, guild: Guild, user: int) -> None:
        """Somebody comes into the guild."""
        member = self.add_member(guild, user)
        content = member_in(member, self.user(user)) | {"guild_id": str(guild.id)}
        self.tell_guild(guild, "GUILD_MEMBER_ADD", content, intents=Intent.GUILD_MEMBERS)
        self.announce(Change(kind="members", chat=guild.id, user=user))

    def depart(self, guild: Guild, user: int) -> None:
        """Somebody is not in the guild any more; a bot hears that its guild is gone."""
        del guild.members[user]
        content: Json = {"guild_id": str(guild.id), "user": user_json(self.user(user))}
        self.tell_guild(guild, "GUILD_MEMBER_REMOVE", content, intents=Intent.GUILD_MEMBERS)
        for bot in self.bots.values():
            if bot.id == user:
                self._tell_built(bot, "GUILD_DELETE", lambda _bot, _content: {"id": str(guild.id)}, Intent.GUILDS)
        self.announce(Change(kind="members", chat=guild.id, user=user))

    def set_role(self, guild: Guild, role: Role) -> None:
        """A role is another now."""
        guild.roles[role.id] = role
        content: Json = {"guild_id": str(guild.id), "role": role_json(role)}
        self.tell_guild(guild, "GUILD_ROLE_UPDATE", content, intents=Intent.GUILDS)

    def unban(self, guild: Guild, user: int) -> None:
        """Somebody may come back."""
        del guild.banned[user]
        content: Json = {"guild_id": str(guild.id), "user": user_json(self.user(user))}
        self.tell_guild(guild, "GUILD_BAN_REMOVE", content, intents=Intent.GUILD_MODERATION)

    def audit_entry(
        self,
        guild: Guild,
        action: int,
        by: int,
        target: int | None,
        reason: str | None,
        *,
        changes: tuple[Json, ...] = (),
    ) -> None:
        """Something was done that stands in the guild's audit log (numbers: Audit Log Events)."""
        entry = AuditEntry(id=self.ids.next(), action=action, by=by, target=target, reason=reason, at=self.clock.now())
        self.audit.append(entry)
        self.record("audit", guild=guild.id, action=action, by=by, target=target, reason=reason)
        content: Json = {
            "id": str(entry.id),
            "guild_id": str(guild.id),
            "user_id": str(by),
            "target_id": None if target is None else str(target),
            "action_type": action,
            "changes": list(changes),
            **({} if reason is None else {"reason": reason}),
        }
        intents, needs = Intent.GUILD_MODERATION, permissions.VIEW_AUDIT_LOG
        self.tell_guild(guild, "GUILD_AUDIT_LOG_ENTRY_CREATE", content, intents=intents, needs=needs)


def _guild_id(channel: Channel) -> Json:
    return {} if channel.guild is None else {"guild_id": str(channel.guild)}
