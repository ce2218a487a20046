"""Updates between arrival and effect, and those set aside."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.identifiers import (
    AccountName,
    IntakeId,
)
from core.ports.platform import Cursor, Update

TOLD = "told not recorded: "  # begins the reason of an update set aside whose author was told so


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """An update stored on arrival and not yet dealt with."""

    id: IntakeId
    account: AccountName
    number: int
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """An update set aside: ``id`` and ``at`` as it had in the inbox, ``sealed`` what it says, ``reason`` why.

    Nothing is kept of what it said when its author was told that nothing is recorded: it is never dealt with.
    """

    id: IntakeId
    account: AccountName
    number: int
    sealed: bytes
    reason: str
    at: datetime

    @property
    def was_told(self) -> bool:
        """Whether its author was told that nothing is recorded, and may have acted again since."""
        return self.reason.startswith(TOLD)


class InboxBook(Protocol):
    """Updates between arrival and effect."""

    def cursor(self, account: AccountName) -> tuple[Cursor, datetime] | None:
        """The place to ask from next, and when it was last moved."""
        ...

    def take_in(
        self, account: AccountName, updates: Sequence[Update], *, cursor: Cursor, at: datetime
    ) -> tuple[Intake, ...]:
        """Store the updates numbered from the present cursor on, and move it. Returns those that are new, in order."""
        ...

    def pending(self, account: AccountName, *, limit: int) -> tuple[Intake, ...]:
        """Stored and not dealt with, oldest first."""
        ...

    def oldest(self, accounts: Collection[AccountName]) -> datetime | None:
        """When the oldest update not yet dealt with arrived, over these accounts."""
        ...

    def left_behind(self, accounts: Collection[AccountName], *, limit: int) -> tuple[Intake, ...]:
        """Stored for accounts that are none of these, oldest first: nobody deals with them any more."""
        ...

    def done(self, intakes: Iterable[IntakeId]) -> None:
        """Forget these: their effect is stored in this same transaction."""
        ...

    def quarantine(self, intake: Intake, *, sealed: bytes, reason: str) -> None:
        """Set an update aside, sealed, and forget it in the inbox."""
        ...

    def quarantined(self) -> int:
        """How many updates are set aside."""
        ...

    def aside(self, *, limit: int) -> tuple[Aside, ...]:
        """Updates set aside, the newest first."""
        ...

    def put_back(self, intake: IntakeId, *, body: bytes) -> bool:
        """Give an update set aside its place in the arrivals again; False, and nothing, when it is not set aside."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget updates set aside that arrived before this instant. Returns how many."""
        ...
