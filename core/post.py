"""What goes out, between the words and the wire.

A *post* is a message in one language, ready for any platform. An adapter turns it into *parts*, one per call, by a
pure function; the same function shows an officer what will be sent. A *receipt* says where a part now stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.events import Choice, Command
from core.identifiers import Address, Locale, MessageId, NativePollId
from core.native import Misfit, NativeBallot
from core.richtext import RichText


@dataclass(frozen=True, slots=True)
class Link:
    """Opens a web page."""

    url: str


@dataclass(frozen=True, slots=True)
class InPrivate:
    """Opens the private chat with the bot and gives this command there."""

    command: Command


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. The label is in the citizen's language and understandable on its own."""

    label: str
    action: Choice | Command | InPrivate | Link


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file with the description in the language of the post."""

    path: Path
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message in one language. ``buttons`` are rows from top to bottom; ``several`` of its options may be chosen.

    A ``private`` one is for one person only. ``poll`` is asked by the network's own poll, in one of the messages;
    ``misfits`` say why it is not, where the town wished it. ``answers`` is a message of ours in the same chat, to which
    this is a reply.
    """

    text: RichText
    buttons: tuple[tuple[Button, ...], ...] = ()
    pictures: tuple[Picture, ...] = ()
    silent: bool = False
    pinned: bool = False
    several: bool = False
    locale: Locale | None = None
    private: bool = False
    poll: NativeBallot | None = None
    misfits: tuple[Misfit, ...] = ()
    answers: MessageId | None = None


def for_one_person(post: Post) -> Post:
    """The post as it goes into a private chat, where nothing is pinned: that place is the citizen's own."""
    return replace(post, pinned=False, private=True)


UNSAID = Address("")  # in place of somebody's own address, which may be their account


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a part stands: chat and message, as the platform names them. ``call`` is what made it,
    ``poll`` the network's own poll that it carries. ``link`` is where everybody can look at it, empty where nobody can.

    In a private chat the address is ``UNSAID`` once stored: only the address book may name a person.
    """

    address: Address
    message: MessageId
    call: str
    poll: NativePollId | None = None
    link: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call to a platform. ``repeatable`` calls change nothing the second time (a pin, an edit). One that ``asks``
    makes the network's own poll.

    What waits for a call that stands ``apart`` holds up nothing else: the words are out without it.
    """

    call: str
    parameters: Mapping[str, object]
    text: str
    repeatable: bool = False
    apart: bool = False
    asks: bool = False
    degraded: tuple[str, ...] = field(default=())
