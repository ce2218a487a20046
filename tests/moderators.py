"""A fake that implements ``core.ports.moderator``: a network that holds what it is told to, and can be told to fail."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.errors import PlatformError
from core.identifiers import Address, MessageId
from core.ports.moderator import Filter, Hold, Powers, Purged, Restraint, Seen, Standing
from core.sanction import SanctionKind, Subject

_DEEDS = frozenset({"impose", "lift", "purge", "filter"})
Where = tuple[Address, Subject | None, SanctionKind]


@dataclass(slots=True, kw_only=True)
class ScriptedModerator:
    """``holds`` is what the network keeps up; ``done`` what it was told. ``fails`` makes the next calls raise.

    ``keeps`` is the latest end it accepts, ``before`` how its places are set up; it ``refuses`` all that needs a right.
    """

    powers: Powers = Powers(kinds=frozenset(SanctionKind))  # noqa: RUF009  a frozen value
    holds: dict[Where, Hold] = field(default_factory=dict)
    done: list[tuple[str, Restraint]] = field(default_factory=list)
    asked: int = 0
    immune: bool = False
    officers: frozenset[Subject] = frozenset()
    refuses: PlatformError | None = None
    before: str = ""
    shows: Sequence[Seen] | None = None
    old: frozenset[MessageId] = frozenset()
    resolved: list[str] = field(default_factory=list)
    answered: list[tuple[Address, Subject, bool]] = field(default_factory=list)
    purged: list[MessageId] = field(default_factory=list)
    looked: list[tuple[MessageId | None, MessageId | None]] = field(default_factory=list)
    keeps: datetime | None = None
    filtered: list[tuple[tuple[Address, ...], tuple[Filter, ...]]] = field(default_factory=list)
    room: int = 6
    _failures: deque[tuple[str, PlatformError]] = field(default_factory=deque)

    def fails(self, call: str, error: PlatformError, *, times: int = 1) -> None:
        """Make the next calls of this method raise."""
        self._failures.extend([(call, error)] * times)

    async def standing(self, chat: Address, subject: Subject | None, kind: SanctionKind) -> Standing:  # noqa: ARG002  all at once
        """What is held."""
        self.asked += 1
        self._begin("standing")
        places = self.holds.items()
        theirs = {kept: hold for (*who, kept), hold in places if who == [chat, subject]}
        immune = self.immune or subject in self.officers
        return Standing(holds=theirs, immune=immune, before=", ".join((self.before, *sorted(theirs))).strip(", "))

    async def impose(self, restraint: Restraint) -> None:
        """Hold it."""
        self._begin("impose")
        until = restraint.until if self.keeps is None else min(restraint.until or self.keeps, self.keeps)
        self.holds[_where(restraint)] = Hold(until=until, pause=restraint.pause)
        self.done.append(("impose", restraint))

    async def lift(self, restraint: Restraint) -> None:
        """Let go of it."""
        self._begin("lift")
        self.holds.pop(_where(restraint), None)
        self.done.append(("lift", restraint))

    async def resolve(self, report: str) -> None:
        """Note it."""
        self._begin("resolve")
        self.resolved.append(report)

    async def filter(self, chats: Sequence[Address], filters: Sequence[Filter]) -> int:
        """Keep them up, as far as there is room."""
        self._begin("filter")
        self.filtered.append((tuple(chats), tuple(filters)))
        return min(len(filters), self.room)

    async def answer_request(self, chat: Address, subject: Subject, *, admitted: bool) -> None:
        """Note it."""
        self._begin("answer_request")
        self.answered.append((chat, subject, admitted))

    async def latest(
        self,
        chat: Address,  # noqa: ARG002  of the port
        *,
        since: MessageId | None = None,
        before: MessageId | None = None,
        most: int,
    ) -> Sequence[Seen] | None:
        """What stands there, as it was told."""
        self._begin("latest")
        self.looked.append((since, before))
        if self.shows is None:
            return None
        first, last = int(since or 0), None if before is None else int(before)
        return [each for each in self.shows if first <= int(each.message) < (last or int(each.message) + 1)][-most:]

    async def purge(self, chat: Address, messages: Sequence[MessageId], *, reason: str = "") -> Purged:  # noqa: ARG002  of the port
        """All are gone, but those too old."""
        self._begin("purge")
        old = sum(each in self.old for each in messages)
        self.purged += messages
        return Purged(gone=len(messages) - old, too_old=old)

    def _begin(self, call: str) -> None:
        if self.refuses is not None and call in _DEEDS:
            raise self.refuses
        if self._failures and self._failures[0][0] == call:
            raise self._failures.popleft()[1]


def _where(restraint: Restraint) -> Where:
    return restraint.chat, restraint.subject, restraint.kind
