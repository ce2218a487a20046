"""What people do, whatever the platform: the adapters read updates into these, the bots answer them."""

from dataclasses import dataclass
from datetime import datetime

from core.citizen import Person
from core.identifiers import AccountName, Address, IntakeId, MessageId, NativePollId, PollId
from core.native import NativeTally
from core.rules.media import Medium


@dataclass(frozen=True, slots=True)
class Choice:
    """The button of one option of a poll."""

    poll: PollId
    option: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name in ``bots/catalogue.py``, with what follows it, split at white space."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """Where an answer goes. ``press`` answers a button, within seconds; ``chat`` and ``message`` answer in place."""

    account: AccountName
    private: bool
    chat: Address | None = None
    message: MessageId | None = None
    press: str | None = None
    topic: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """When and where an update came in. ``order`` is its place in the arrivals of all accounts."""

    account: AccountName
    order: IntakeId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed:
    """A person pressed one of our buttons."""

    received: Received
    person: Person
    action: Choice | Command
    handle: Handle


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownButtonPressed:
    """A person pressed a button that none of our messages carries any more."""

    received: Received
    person: Person
    handle: Handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The message that a command answers, as it stands now. ``official``: see ``MessagePosted``; ``ours``: by us."""

    author: Person
    chat: Address
    message: MessageId
    text: str
    official: bool | None = False
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven:
    """A person typed a command, or followed a link to one (``followed``): links are copied, so they only show.

    ``said`` is the same as a message, where others read it; ``target`` the message that it answers, where that is told;
    ``place`` the chat that it was given in, where the answer goes elsewhere; ``about`` the message of a form that was
    filled in: it has a case, for its menu opened one.
    """

    received: Received
    person: Person
    command: Command
    handle: Handle
    followed: bool = False
    said: "MessagePosted | None" = None
    target: Target | None = None
    place: Address | None = None
    about: tuple[Address, MessageId] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted:
    """A person wrote, or rewrote (``edited``), in a chat we are in. ``answers`` is the message it replies to,
    ``thread`` the one that began the conversation it stands in, ``links`` the addresses behind its words.
    ``forwarded``: it was written elsewhere; ``since`` is when its author came, where the network says so.

    ``official`` is set for those whom no rule touches: staff of the chat and the town's own voice. None when nobody
    knows who they are: then no rule touches anyone.
    """

    received: Received
    person: Person
    handle: Handle
    text: str
    answers: MessageId | None = None
    thread: MessageId | None = None
    edited: bool = False
    official: bool | None = False
    links: tuple[str, ...] = ()
    media: frozenset[Medium] = frozenset()
    forwarded: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """The platform copied one of our posts into the discussion group: answers to the copy are about the post."""

    received: Received
    channel: Address
    post: MessageId
    group: Address
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """A person blocked the bot or closed the private chat: they no longer want to be written to."""

    received: Received
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMoved:
    """A chat has a new address."""

    received: Received
    old: Address
    new: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReported:
    """``person`` asks a moderator to look at a message of ``author``, as it stands now; ``link`` leads to it.

    ``ours``: we wrote it; ``official``: see ``MessagePosted``.
    """

    received: Received
    person: Person
    handle: Handle
    author: Person
    chat: Address
    message: MessageId
    text: str
    link: str
    ours: bool = False
    official: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeTallied:
    """The network told how one of its own polls stands; ``tally`` None when it only said that something changed.

    Nobody is named: who chose what is read by the adapter at most, and goes no further.
    """

    received: Received
    poll: NativePollId
    tally: NativeTally | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingChanged:
    """Somebody came into a place, or a hand that is not ours changed what is kept up against them there.

    ``arrived_in`` is the place that they came into, where that is what happened and the network says where.
    """

    received: Received
    person: Person
    arrived_in: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequested:
    """Somebody asked, at this instant, to come into a place; ``handle``: where they read us, for minutes."""

    received: Received
    person: Person
    chat: Address
    handle: Handle
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiled:
    """Somebody was reported to those who run the network, of whom we are; nobody tells us by whom.

    ``report`` is the network's number of it, ``message`` the post that it is about, ``text`` what that says; ``link``
    leads to the report.
    """

    received: Received
    author: Person
    chat: Address
    message: MessageId
    text: str
    link: str
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsChanged:
    """What this account may do somewhere is not what it was."""

    received: Received


Incoming = (
    ButtonPressed
    | UnknownButtonPressed
    | CommandGiven
    | MessagePosted
    | Mirrored
    | Departed
    | ChatMoved
    | MessageReported
    | NativeTallied
    | StandingChanged
    | JoinRequested
    | ReportFiled
    | RightsChanged
)
