"""Where work runs. The unit is the lane: one bot account in one direction, never a single delivery."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol

from core.identifiers import AccountName
from core.ports.store import Books

LaneName = NewType("LaneName", str)  # "send:telegram", "listen:telegram"


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


class Engine(Protocol):
    """Runs each lane in one place at a time, and again, after a pause, when it fails."""

    async def run(self, lanes: Mapping[LaneName, Callable[[], Awaitable[None]]]) -> None:
        """Keep every lane running until cancelled. A lane that returns is over; one that raises is run again."""
        ...
