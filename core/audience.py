"""To whom something goes: public places by name, and the citizens who asked for private news."""

from dataclasses import dataclass
from enum import StrEnum

from core.identifiers import AccountName, Address, ChannelName, Locale, PlatformName


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A public place where the town speaks. ``discussion`` is the group where people answer, when there is one.

    ``tags`` are the labels that posts get, in a place that has labels.
    """

    name: ChannelName
    platform: PlatformName
    account: AccountName
    address: Address
    locale: Locale
    discussion: Address | None = None
    topic: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChannel:
    """Where the staff is told what needs a human. A ``private`` one is read by one person."""

    name: str
    account: AccountName
    address: Address
    locale: Locale
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Channels, and the subscribers when ``subscribers`` is set."""

    channels: tuple[ChannelName, ...]
    subscribers: bool = False


class RecipientKind(StrEnum):
    """How a delivery names who gets it."""

    CHANNEL = "channel"  # by the town's name for it
    CITIZEN = "citizen"  # by citizen number; the address is unsealed at the last moment
    CHAT = "chat"  # by platform address: a discussion group
    PERSON = "person"  # by language and case number: the author of a removed message, named in the case only
    MEMBER = "member"  # by the number of what somebody of the staff ordered, and is told of alone
    REPORTER = "reporter"  # by the number of their report: who asked for a look at a message, named there only
    STAFF = "staff"  # by the name of a channel of the staff and the number of an alert: «telegram:12»


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a delivery. ``name`` is read according to ``kind``; it never holds an account in clear."""

    kind: RecipientKind
    name: str

    def __str__(self) -> str:
        """``channel:place``."""
        return f"{self.kind.value}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A recipient found: the platform's address, the language to use, and the thread when the place has threads."""

    address: Address
    locale: Locale
    private: bool
    topic: int | None = None
