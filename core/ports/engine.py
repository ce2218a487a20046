"""Where work runs. The unit is the lane: one bot account in one direction, never a single delivery.

A lane runs in one process at a time. A process that was frozen may not know that another has taken its lane over: so
each take-over gives the lane a new token, and whatever is written for the lane carries the writer's (``Fence``).
"""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.errors import Superseded
from core.identifiers import AccountName, LaneName
from core.ports.store import Books

Work = Callable[[], Awaitable[None]]
Keep = Callable[[LaneName], Coroutine[None, None, None]]


class Role(StrEnum):
    """What a process does of the town's work."""

    GATEWAY = "gateway"  # hears people, answers them
    WORKER = "worker"  # sends what is planned, follows polls
    CLOCK = "clock"  # plans what is due, forgets in time
    ALL = "all"


def listening(account: AccountName) -> LaneName:
    """Name the lane that listens with this account."""
    return LaneName(f"listen:{account}")


def sending(account: AccountName) -> LaneName:
    """Name the lane that sends with this account."""
    return LaneName(f"send:{account}")


def whose(lane: LaneName) -> str:
    """The account of a lane; of one that serves all accounts, its own name."""
    kind, _, account = lane.partition(":")
    return account or kind


@dataclass(frozen=True, slots=True)
class Halt:
    """A lane that stands still because its account is refused: since when, and why, with the cure."""

    since: datetime
    why: str


def halt(books: Books, lane: LaneName) -> Halt | None:
    """Tell whether this lane stands still, as a fact of the town says."""
    said = books.town.fact(f"halt:{lane}")
    if said is None:
        return None
    since, _, why = said.partition(" ")
    return Halt(datetime.fromisoformat(since), why)


def set_halt(books: Books, lane: LaneName, stands: Halt | None) -> None:
    """Remember that this lane stands still, or that it does not."""
    books.town.set_fact(f"halt:{lane}", None if stands is None else f"{stands.since.isoformat()} {stands.why}")


class Fence:
    """Around what one process writes for one lane. The engine says which token the process holds."""

    def __init__(self, lane: LaneName) -> None:
        """Closed until the lane is taken."""
        self.lane = lane
        self._token: int | None = None

    def hold(self, token: int) -> None:
        """Write with this token from now on."""
        self._token = token

    def check(self, books: Books) -> None:
        """Call first in each transaction. Raises Superseded unless the token held is the one in force."""
        if self._token is None or books.lanes.token(self.lane) != self._token:
            raise Superseded(f"{self.lane} is run by another process")


@dataclass(frozen=True, slots=True)
class Lane:
    """Some work, and the fence around what it writes."""

    fence: Fence
    work: Work

    @property
    def name(self) -> LaneName:
        """The name of the lane."""
        return self.fence.lane


class Placement(Protocol):
    """Says which lanes run in this process.

    ``shared``: other processes may run them too, and may still hold on to a lane for a moment that is ours already.
    """

    @property
    def shared(self) -> bool: ...  # noqa: D102  the docstring of the class says it

    async def run(self, lanes: Collection[LaneName], keep: Keep) -> None:
        """Call ``keep`` for each lane while it is ours, until cancelled; cancel it once it is ours no more.

        When ``keep`` returns the lane is over; when it raises Superseded another process has it.
        """
        ...


class Engine(Protocol):
    """Runs each lane in one place at a time, and again, after a pause, when it fails."""

    async def run(self, lanes: Iterable[Lane]) -> None:
        """Keep every lane running until cancelled. A lane that returns is over; one that raises is run again."""
        ...
