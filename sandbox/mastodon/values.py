"""The inhabitants and things of the imitation: accounts, posts, polls, media. Frozen, except polls, which count."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Json: TypeAlias = dict[str, object]
Visibility: TypeAlias = Literal["public", "unlisted", "private", "direct"]
VISIBILITIES: tuple[Visibility, ...] = ("public", "unlisted", "private", "direct")
BEFORE = datetime(1970, 1, 1, tzinfo=UTC)


def order(number: str) -> tuple[int, str]:
    """The age of an id: snowflakes grow in length before they grow in digits, ULIDs only in letters."""
    return len(number), number


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A line of a profile: its name and what stands beside it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody, here (``domain`` is None) or on another server. ``silenced`` accounts are limited by moderators."""

    id: str
    username: str
    domain: str | None = None
    display_name: str = ""
    note: str = ""
    bot: bool = False
    locked: bool = False
    silenced: bool = False
    suspended: bool = False
    discoverable: bool = True
    fields: tuple[Field, ...] = ()
    created_at: datetime = BEFORE
    privacy: Visibility = "public"
    sensitive: bool = False
    language: str | None = None

    @property
    def acct(self) -> str:
        """The name by which this server knows them: without a domain when they are from here."""
        return self.username if self.domain is None else f"{self.username}@{self.domain}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What an application may do in the name of an account."""

    value: str
    account: str
    scopes: frozenset[str]
    revoked: bool = False

    def allows(self, scope: str) -> bool:
        """Whether a scope, or a wider one that it is part of, was granted."""
        parts = scope.split(":")
        return any(":".join(parts[:end]) in self.scopes for end in range(1, len(parts) + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Something uploaded. It is ready at ``processed_at``, or after so many ``looks``; some never are."""

    id: str
    account: str
    kind: Literal["image", "video", "audio"]
    size: int
    description: str | None = None
    focus: tuple[float, float] | None = None
    looks: int = 0
    processed_at: datetime = BEFORE
    failed: bool = False
    status: str | None = None


@dataclass(slots=True, kw_only=True)
class Poll:
    """A poll of a post, and who voted what: numbers of options by account.

    ``told_at`` is when its end is told, if that is later than the end.
    """

    id: str
    status: str
    options: tuple[str, ...]
    expires_at: datetime
    multiple: bool = False
    hide_totals: bool = False
    ended: bool = False
    told_at: datetime = BEFORE
    votes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def count(self, option: int) -> int:
        """How many chose this option."""
        return sum(option in chosen for chosen in self.votes.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A post as it stands now. ``text`` is what its author typed, ``content`` the HTML that servers show.

    ``mentions`` are accounts, ``media`` and ``poll`` ids. A boost has ``boost_of`` and no words of its own.
    """

    account: str
    id: str = ""
    text: str = ""
    content: str = ""
    spoiler: str = ""
    visibility: Visibility = "public"
    language: str | None = None
    sensitive: bool = False
    media: tuple[str, ...] = ()
    poll: str | None = None
    reply_to: str | None = None
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    boost_of: str | None = None
    created_at: datetime = BEFORE
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Something that an account is told. A filtered one waits in the requests; ``raw`` is handed out exactly as given.

    ``sender`` is who caused it.
    """

    id: str
    account: str
    kind: str
    sender: str
    status: str | None
    at: datetime
    filtered: bool = False
    raw: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Not to see somebody: until when (None is for ever), and whether their notifications are hidden too."""

    until: datetime | None
    notifications: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A post that the server is to publish itself: the parameters it was given, and when."""

    id: str
    account: str
    at: datetime
    parameters: Json
    draft: Status
    poll: Poll | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What moderators of this server were told about somebody."""

    id: str
    by: str
    account: str
    category: str
    comment: str
    statuses: tuple[str, ...]
    forward: bool
    at: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule of the interface that a call broke."""

    method: str
    reason: str
    parameters: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that people can see changed.

    ``kind`` is message, edited, deleted, pinned, favourite, boost, vote, poll_end, follow, account, notification or
    listening; ``message`` is the post, ``user`` who did it.
    """

    kind: str
    message: str | None = None
    user: str | None = None


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """Without repetitions, in the order of first appearance."""
    return tuple(dict.fromkeys(items))
