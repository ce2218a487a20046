"""The inhabitants and things of the imitation: people, chats, messages. Frozen, except chats, which hold the state."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Json: TypeAlias = dict[str, object]
ChatKind: TypeAlias = Literal["private", "group", "supergroup", "channel"]
Status: TypeAlias = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
# Client.h: service_notifications_user_id_ (777000), group_anonymous_bot_user_id_, channel_bot_user_id_
AUTOMATIC_FORWARDER = 777000
ANONYMOUS_ADMINISTRATOR = 1087968824
POSTING_AS_CHANNEL = 136817688

GROUP_RIGHTS = frozenset({
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
})  # fmt: skip
CHANNEL_RIGHTS = frozenset({
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_messages", "can_edit_messages",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the person side of a bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody's place in a chat. ``rights`` count for administrators, ``until`` for restricted and kicked.

    Somebody who is restricted may be ``inside`` or not.
    """

    user: int
    status: Status = "member"
    rights: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    until: datetime | None = None
    inside: bool = True

    @property
    def present(self) -> bool:
        """Whether they are in the chat."""
        return self.status not in {"left", "kicked"} and self.inside

    @property
    def governs(self) -> bool:
        """Whether they are an administrator or the owner."""
        return self.status in {"administrator", "creator"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture the server has. The same ``file_id`` may be sent again."""

    file_id: str
    unique_id: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands now. ``text`` is what people read, whether text or caption.

    ``author`` is who really wrote it; ``sender`` is whom people see, nobody under a channel's posts. ``id`` and ``at``
    are given when the message appears.
    """

    chat: int
    author: int
    id: int = 0
    at: datetime = BEFORE
    sender: int | None = None
    sender_chat: int | None = None
    text: str = ""
    entities: tuple[Json, ...] = ()
    photo: Photo | None = None
    album: str | None = None
    poll: str | None = None
    markup: Json | None = None
    reply_to: int | None = None
    thread: int | None = None
    edited_at: datetime | None = None
    origin: tuple[int, int] | None = None
    origin_at: datetime | None = None
    silent: bool = False
    service: Json | None = None

    @property
    def is_automatic_forward(self) -> bool:
        """Whether it is a channel's post, mirrored in the channel's discussion group."""
        return self.sender == AUTOMATIC_FORWARDER and self.origin is not None


@dataclass(slots=True, kw_only=True)
class Chat:
    """A place where messages are, with its members. ``peer`` and ``bot`` belong to private chats.

    ``withheld`` are the permissions that ordinary members do not have, ``asking`` those who ask to join.
    ``shown`` keeps the JSON of messages until something in the chat changes. Number 1 is the chat's foundation.
    """

    id: int
    kind: ChatKind
    title: str = ""
    username: str | None = None
    peer: int | None = None
    bot: int | None = None
    linked: int | None = None
    migrated_to: int | None = None
    is_forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    withheld: frozenset[str] = frozenset()
    banned_senders: set[int] = field(default_factory=set)
    asking: set[int] = field(default_factory=set)
    last_id: int = 1
    last_bot: int | None = None
    shown: dict[int, str] = field(default_factory=dict)

    def member(self, user: int) -> Member:
        """Somebody's place here; strangers have left."""
        return self.members.get(user) or Member(user=user, status="left")

    def allows(self, user: int, right: str) -> bool:
        """Whether somebody holds this right here."""
        member = self.member(user)
        return member.status == "creator" or (member.status == "administrator" and right in member.rights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A callback query: a person pressed a button and waits for its answer."""

    id: str
    bot: int
    user: int
    chat: int
    message: int
    data: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What a person saw as the answer to a press. ``text`` is empty when the button merely stopped waiting."""

    callback: str
    user: int
    text: str
    alert: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule of the interface that a call broke."""

    method: str
    reason: str
    parameters: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that people can see changed: ``kind`` is message, edited, deleted, pinned, toast, members or chat."""

    kind: str
    chat: int | None = None
    message: int | None = None
    user: int | None = None
    toast: Toast | None = None
