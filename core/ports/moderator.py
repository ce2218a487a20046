"""What Parvis asks of a network to keep order in its places: beside ``platform``, for what is done about people.

Everything here may be repeated freely: a call whose answer was lost is made again, and what is so already is well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from core.citizen import Person
from core.identifiers import Address, MessageId
from core.sanction import SanctionKind, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """What can be done on a network, as data.

    ``kinds`` are the sanctions that it knows; of those in ``asks``, only where the account was given the right.
    ``longest`` is how long it keeps one up, where that is limited: then it is renewed. ``longest_pause`` is that of a
    slow mode. Those ``by_hand`` the network does not know, or not as we need them: we keep them by what we take out, or
    do not take in. ``purges``: what others wrote can be taken out; ``purges_for``: for so long after they did, where
    that is limited. ``filters``: the network keeps words back before anybody sees them, and the town wants that of this
    account. ``admits``: people ask to join, and can be let in.
    """

    kinds: frozenset[SanctionKind]
    asks: frozenset[SanctionKind] = frozenset()
    longest: Mapping[SanctionKind, timedelta] = field(default_factory=dict)
    longest_pause: timedelta = timedelta()
    by_hand: frozenset[SanctionKind] = frozenset()
    purges: bool = False
    purges_for: timedelta | None = None
    filters: bool = False
    admits: bool = False

    def keeps(self, kind: SanctionKind) -> bool:
        """Whether it can be kept up there, one way or the other."""
        return kind in self.kinds | self.by_hand


NO_POWERS = Powers(kinds=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What a network keeps up, and until when: None for ever, or for as long as nobody lets go of it.

    ``ours``: whether we put it there; None where the network does not say. ``pause`` is that of a slow mode.
    """

    until: datetime | None = None
    ours: bool | None = None
    pause: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How somebody, or a chat, stands with a network. ``immune``: they run the place, or stand above us there.

    ``present``: they are in it; who is not may be out of reach of some kinds. ``before`` says how a chat is set up
    now, in the network's own words, so that it can be put back after a lock or a slow mode.
    """

    holds: Mapping[SanctionKind, Hold] = field(default_factory=dict)
    present: bool = True
    immune: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """What is put up in a chat, against somebody or (``subject`` None) for all; or what is let go of.

    ``reason`` stands in the network's own record of what moderators do, where there is one. ``before`` is how the chat
    was set up when this was put up; empty: nobody knows.
    """

    kind: SanctionKind
    chat: Address
    subject: Subject | None = None
    until: datetime | None = None
    pause: timedelta = timedelta()
    reason: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A message that stands in a chat; ``author`` None where the network shows no more than its number."""

    message: MessageId
    author: Person | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What became of messages that were to go: those that are gone, those too old for the network, those it refused.

    What was gone already is gone.
    """

    gone: int = 0
    too_old: int = 0
    refused: int = 0

    @property
    def asked(self) -> int:
        """All of them."""
        return self.gone + self.too_old + self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Words that a network is to keep back, as whole words, and what it tells whoever writes them.

    ``name`` is for whoever looks at the settings of the place.
    """

    name: str
    words: tuple[str, ...]
    notice: str


class Moderator(Protocol):
    """Keeps order on one network, with one account. All of it waits for its own turn."""

    @property
    def powers(self) -> Powers:
        """What can be done there."""
        ...

    async def standing(self, chat: Address, subject: Subject | None, kind: SanctionKind) -> Standing:
        """How somebody, or the chat itself, stands: what is kept up, of this kind at least. Raises PlatformError."""
        ...

    async def impose(self, restraint: Restraint) -> None:
        """Put it up, for as long as the network can. Raises PlatformError; Rejected without the right to."""
        ...

    async def lift(self, restraint: Restraint) -> None:
        """Let go of it; well when nothing is kept up. Raises PlatformError; Rejected without the right to."""
        ...

    async def resolve(self, report: str) -> None:
        """Say that a report of the network's own is dealt with; well where it is, or where there are none.

        Raises PlatformError.
        """
        ...

    async def filter(self, chats: Sequence[Address], filters: Sequence[Filter]) -> int:
        """Have the network keep up these filters in these chats, and no others of ours; none: take ours away.

        How many of them it keeps up, the first first; none where it knows no filters. Raises PlatformError; Rejected
        without the right to.
        """
        ...

    async def answer_request(self, chat: Address, subject: Subject, *, admitted: bool) -> None:
        """Let in somebody who asked to join, or turn them down; well where nobody asks any more.

        Raises PlatformError; Rejected without the right to, or where nobody can ask.
        """
        ...

    async def latest(
        self, chat: Address, *, since: MessageId | None = None, before: MessageId | None = None, most: int
    ) -> Sequence[Seen] | None:
        """The latest messages of a chat, from ``since`` on and before ``before``, the oldest first; some may be gone.

        None where the network does not show that. Raises PlatformError.
        """
        ...

    async def purge(self, chat: Address, messages: Sequence[MessageId], *, reason: str = "") -> Purged:
        """Take these messages out of a chat, as many as can be. Raises PlatformError where the network is away."""
        ...
