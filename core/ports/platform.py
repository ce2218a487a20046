"""What Parvis asks of a social network: narrow protocols, so that a fake has one method."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.capabilities import Capabilities
from core.changes import Change
from core.delivery import Urgency
from core.events import Handle, Incoming, Received
from core.identifiers import AccountName, Address, MessageId, PlatformName
from core.native import NativeTally
from core.post import Part, Post, Receipt


@dataclass(frozen=True, slots=True)
class Update:
    """One thing the platform reported, as it came. ``number`` grows within one account.

    ``mark`` is the platform's own name of the place after this update, where it does not number its updates itself.
    """

    number: int
    body: bytes
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the reading of an account stands: the number of the next update, and the mark of the last one."""

    number: int
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check: ``cure`` is empty when all is well. Keys and words are for the operator (English).

    While what ``stops`` lasts, nothing goes out, at all or in the chat that it is about.
    """

    subject: str
    ok: bool
    detail: str
    cure: str = ""
    stops: bool = False


class Publisher(Protocol):
    """Puts posts where people read them."""

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:
        """The calls that will be made, in order; pure. Raises Rejected when the post cannot be expressed at all."""
        ...

    def turn(self, address: Address, urgency: Urgency) -> AbstractAsyncContextManager[None]:
        """Wait until the platform's pace allows one call to this address, the more urgent first."""
        ...

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Make one call, inside a turn. ``before`` are the receipts of the earlier parts; ``key`` names this part.

        Raises PlatformError: Unavailable, Rejected (Unreachable, Moved), Unauthorised or Uncertain.
        """
        ...

    async def find(self, part: Part, *, before: Sequence[Receipt], since: datetime) -> tuple[Receipt, ...]:
        """Messages of ours, made since then, that this part may have made, the oldest first.

        Asked only where ``Capabilities.looks_back``. Raises PlatformError; Rejected where nobody can look, or where one
        of ours may have been there and is removed.
        """
        ...


class Sender(Publisher, Protocol):
    """What a lane that sends needs: who publishes, and what can be published there."""

    @property
    def account(self) -> AccountName:
        """The town's name for this account."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the network can do."""
        ...


class Editor(Protocol):
    """Changes what is already out. All of it may be repeated freely."""

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Show the post's text and buttons in place of what stands there; waits for its own turn."""
        ...

    async def remove(self, chat: Address, message: MessageId, *, reason: str = "") -> None:
        """Take a message out of a chat; well when it is already gone. Raises Rejected without the right to.

        ``reason`` stands in the network's own record of what moderators do, where there is one.
        """
        ...

    def plan_change(self, change: Change) -> tuple[Part, ...]:
        """The calls that a change takes, in order; none when it is so already. Pure. Raises Rejected when it cannot be.

        Receipts of private chats must say the address.
        """
        ...

    async def change(self, part: Part) -> None:
        """Make one of these calls, inside a turn; well when it is so already.

        Raises PlatformError, but not Uncertain; Gone when the message is no longer there.
        """
        ...


class Listener(Protocol):
    """Hears what people do."""

    @property
    def capabilities(self) -> Capabilities:
        """What the network can do."""
        ...

    async def fetch(self, cursor: Cursor | None) -> Sequence[Update]:
        """Wait for updates with a number from the cursor's on; asking confirms all earlier ones to the platform.

        Returns an empty sequence after a while without any. Raises PlatformError.
        """
        ...

    def understand(self, body: bytes, received: Received) -> tuple[Incoming, ...]:
        """What the update says; empty when it says nothing to us. Pure. Raises Unreadable."""
        ...

    async def toast(self, handle: Handle, text: str, *, alert: bool) -> None:
        """Answer a press. A press too old to be answered is no error."""
        ...

    async def say(self, handle: Handle, post: Post) -> None:
        """Answer in the chat of the handle."""
        ...


class PollHost(Protocol):
    """Holds the network's own polls. ``receipt`` is one with a ``poll``; both wait for their own turn.

    Where ``Capabilities.native_poll`` is None, neither is ever called.
    """

    async def tally(self, receipt: Receipt) -> NativeTally | None:
        """How the poll stands; None where the network tells totals only by itself (``NativeTallied``).

        Raises PlatformError; Rejected when there is no such poll any more.
        """
        ...

    async def end(self, receipt: Receipt) -> NativeTally:
        """Let nobody vote any more, where that can be done, and say how it stands; may be repeated freely.

        Not final: ask again later. A poll that ended by itself, or was ended before, is no error. Raises PlatformError;
        Rejected when there is no such poll any more.
        """
        ...


class Doctor(Protocol):
    """Checks an account before people depend on it."""

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """Token, rights and settings, for the account and for each chat it is meant to serve."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a form with one field says."""

    title: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What an account tells the platform about itself: the commands shown in its menu, by language.

    ``worded`` are those that are followed by something. ``report`` is how the menu of a message, where a network has
    such menus, calls asking a moderator to look at it, by language. ``forms`` are what forms say that ask for the words
    of a command, by command and language. ``names`` are other names of commands, by language and command, where menus
    show one that belongs to a language.

    ``staff`` are the commands of moderators, by language, for menus that show each person only what they may do there;
    ``menus`` are those that the menu of a message has, by what it calls them: command and language.
    """

    commands: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    worded: frozenset[str] = frozenset()
    report: dict[str, str] = field(default_factory=dict)
    forms: dict[str, dict[str, Form]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    staff: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    menus: dict[str, dict[str, str]] = field(default_factory=dict)


class Platform(Sender, Editor, Listener, PollHost, Doctor, Protocol):
    """One bot account on one network."""

    @property
    def name(self) -> PlatformName:
        """The network."""
        ...

    @property
    def account(self) -> AccountName:
        """The town's name for this account."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the network can do."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a call is under way or about to be made; waiting for a turn is no work."""
        ...

    async def open(self, introduction: Introduction, *, known: str | None) -> str:
        """Connect, and introduce the account unless ``known`` (what this returned last time) says it is done.

        Raises PlatformError.
        """
        ...

    def recall(self, known: str | None) -> str:
        """Plan within what was learnt when the account was last opened (what ``open`` returned).

        Returns which limits these are, for the operator (English); empty where they are the same everywhere.
        """
        ...

    async def resolve(self, address: Address) -> Address:
        """The address that the platform's own updates use for this chat (``@ville`` becomes its number).

        Raises PlatformError.
        """
        ...

    async def keep(self) -> None:
        """Hold whatever must be held while people are received; returns at once where there is nothing to hold."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...
