"""The inhabitants and things of the imitation. Frozen, except guilds, channels and polls, which hold the state.

Numbers of channel and message types and of flags are Discord's (docs.discord.com/developers, read 2026-11).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import TypeAlias

Json: TypeAlias = dict[str, object]
BEFORE = datetime(2015, 1, 1, tzinfo=UTC)


class Kind(IntEnum):
    """What a channel is."""

    TEXT = 0
    DM = 1
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15

    @property
    def is_thread(self) -> bool:
        """Whether it lives below another channel."""
        return self in {Kind.ANNOUNCEMENT_THREAD, Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD}

    @property
    def holds_messages(self) -> bool:
        """Whether people write in it."""
        return self not in {Kind.CATEGORY, Kind.FORUM}


class Type(IntEnum):
    """What a message is."""

    DEFAULT = 0
    PINNED = 6
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND = 20
    THREAD_STARTER = 21
    CONTEXT_MENU = 23
    POLL_RESULT = 46


class Flag:
    """Bits of a message's flags."""

    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


class Intent:
    """Bits of a session's intents. The privileged ones need a switch in the developers' portal."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MODERATION = 1 << 2
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15
    GUILD_POLLS = 1 << 24
    DIRECT_POLLS = 1 << 25
    PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
    # bits 17 to 19, 22 and 23 are not in use
    KNOWN = (1 << 26) - 1 & ~(0b111 << 17) & ~(0b11 << 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the person side of a bot. ``locale`` is the language of their application."""

    id: int
    name: str
    username: str
    locale: str = "fr"
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of a guild; the one with the guild's id is everybody's."""

    id: int
    name: str
    permissions: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody's place in a guild."""

    user: int
    roles: tuple[int, ...] = ()
    nick: str | None = None
    joined_at: datetime = BEFORE
    silent_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    """What a channel allows or denies a role or a member beyond the guild's roles."""

    target: int
    is_role: bool = True
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, kw_only=True)
class Guild:
    """A server, in Discord's words. ``banned`` maps people to the reasons given; ``rules`` are those of AutoMod."""

    id: int
    name: str
    owner: int
    locale: str = "fr"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    banned: dict[int, str | None] = field(default_factory=dict)
    rules: dict[int, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message."""

    id: int
    filename: str
    size: int
    content_type: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a native poll; numbers begin with 1."""

    id: int
    text: str
    emoji: Json | None = None


@dataclass(slots=True, kw_only=True)
class Poll:
    """A native poll. ``votes`` holds who chose which answers; ``closed_at`` is when it really ended."""

    question: str
    answers: tuple[Answer, ...]
    multiple: bool
    expires_at: datetime
    closed_at: datetime | None = None
    is_final: bool = False
    votes: dict[int, frozenset[int]] = field(default_factory=dict)

    def answer(self, number: int) -> Answer | None:
        """The answer with this number."""
        return next((answer for answer in self.answers if answer.id == number), None)

    def voters(self, number: int) -> list[int]:
        """Who chose this answer, in the order of their ids."""
        return sorted(user for user, chosen in self.votes.items() if number in chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands now. ``id`` and ``at`` are given when it appears.

    ``mentions`` are those it pings. ``only_for`` is the one person who sees an ephemeral message. ``metadata`` tells
    which interaction it answers.
    """

    channel: int
    author: int
    id: int = 0
    at: datetime = BEFORE
    type: Type = Type.DEFAULT
    content: str = ""
    embeds: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    components: tuple[Json, ...] = ()
    flags: int = 0
    edited_at: datetime | None = None
    reference: Json | None = None
    mentions: tuple[int, ...] = ()
    mention_roles: tuple[int, ...] = ()
    mention_everyone: bool = False
    nonce: str | int | None = None
    poll: Poll | None = None
    webhook: int | None = None
    metadata: Json | None = None
    only_for: int | None = None

    @property
    def replies_to(self) -> int | None:
        """The message it answers, if it does."""
        number = (self.reference or {}).get("message_id")
        return int(str(number)) if number is not None and self.type in {Type.REPLY, Type.POLL_RESULT} else None


@dataclass(slots=True, kw_only=True)
class Channel:
    """A place where messages are. ``recipient`` and ``bot`` belong to direct messages, ``owner`` to threads.

    ``tags`` are a forum's, ``applied_tags`` a post's. ``pins`` maps messages to when they were pinned.
    ``last`` is the last message sent here, or the last post of a forum, even when it is gone.
    """

    id: int
    kind: Kind
    name: str = ""
    guild: int | None = None
    parent: int | None = None
    topic: str | None = None
    position: int = 0
    recipient: int | None = None
    bot: int | None = None
    owner: int | None = None
    archived: bool = False
    locked: bool = False
    auto_archive: int = 1440
    slow_mode: int = 0
    changed_at: datetime = BEFORE
    needs_tag: bool = False
    tags: dict[int, str] = field(default_factory=dict)
    applied_tags: tuple[int, ...] = ()
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pins: dict[int, datetime] = field(default_factory=dict)
    joined: dict[int, datetime] = field(default_factory=dict)
    sent: int = 0
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What one person alone saw after a press or a command: an ephemeral message, or a failure."""

    callback: int
    user: int
    text: str
    alert: bool
    at: datetime
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule of the interface that a call broke."""

    method: str
    reason: str
    parameters: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What was done to whom, and the reason that was given."""

    id: int
    action: int
    by: int
    target: int | None
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that people can see changed.

    ``kind`` is message, edited, deleted, pinned, press, toast, modal, vote, members, thread, commands or listening (a
    bot has identified).
    """

    kind: str
    chat: int | None = None
    message: int | None = None
    user: int | None = None
    toast: Toast | None = None
