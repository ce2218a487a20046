"""Updates between arrival and effect, in memory."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from core.identifiers import AccountName, IntakeId
from core.ports.books.inbox import Aside, Intake
from core.ports.platform import Cursor, Update
from storage.cursors import moved
from storage.memory.shelves import Shelves


class Inbox:
    """See ``core.ports.books.inbox.InboxBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def cursor(self, account: AccountName) -> tuple[Cursor, datetime] | None:
        """Look up the place to ask from next."""
        return self._shelves.cursors.get(account)

    def take_in(
        self, account: AccountName, updates: Sequence[Update], *, cursor: Cursor, at: datetime
    ) -> tuple[Intake, ...]:
        """Store the new ones. With updates the cursor never goes back; without, it goes where it is told."""
        known = self._shelves.cursors.get(account)
        stands = known[0] if known else None
        fresh = {update.number: update for update in updates if stands is None or update.number >= stands.number}
        taken = tuple(
            Intake(id=IntakeId(self._shelves.next("intake")), account=account, number=number, body=update.body, at=at)
            for number, update in sorted(fresh.items())
        )
        self._shelves.intakes.update({intake.id: intake for intake in taken})
        self._shelves.cursors[account] = (moved(stands, cursor) if updates else cursor, at)
        return taken

    def pending(self, account: AccountName, *, limit: int) -> tuple[Intake, ...]:
        """Those not dealt with, oldest first."""
        return self._oldest_first(limit, lambda intake: intake.account == account)

    def oldest(self, accounts: Collection[AccountName]) -> datetime | None:
        """When the oldest arrived."""
        return min((each.at for each in self._shelves.intakes.values() if each.account in accounts), default=None)

    def left_behind(self, accounts: Collection[AccountName], *, limit: int) -> tuple[Intake, ...]:
        """Those of other accounts, oldest first."""
        return self._oldest_first(limit, lambda intake: intake.account not in accounts)

    def done(self, intakes: Iterable[IntakeId]) -> None:
        """Forget them."""
        for intake in intakes:
            self._shelves.intakes.pop(intake, None)

    def quarantine(self, intake: Intake, *, sealed: bytes, reason: str) -> None:
        """Set one aside."""
        self._shelves.quarantine[intake.id] = Aside(
            id=intake.id, account=intake.account, number=intake.number, sealed=sealed, reason=reason, at=intake.at
        )
        self.done([intake.id])

    def quarantined(self) -> int:
        """Count those set aside."""
        return len(self._shelves.quarantine)

    def aside(self, *, limit: int) -> tuple[Aside, ...]:
        """List those set aside, the newest first."""
        newest = sorted(self._shelves.quarantine, reverse=True)[:limit]
        return tuple(self._shelves.quarantine[intake] for intake in newest)

    def put_back(self, intake: IntakeId, *, body: bytes) -> bool:
        """Move one from the quarantine to the inbox."""
        aside = self._shelves.quarantine.pop(intake, None)
        if aside is None:
            return False
        self._shelves.intakes[intake] = Intake(
            id=intake, account=aside.account, number=aside.number, body=body, at=aside.at
        )
        return True

    def purge(self, *, before: datetime) -> int:
        """Forget what was set aside long ago."""
        old = [aside.id for aside in self._shelves.quarantine.values() if aside.at < before]
        for intake in old:
            del self._shelves.quarantine[intake]
        return len(old)

    def _oldest_first(self, limit: int, which: Callable[[Intake], bool]) -> tuple[Intake, ...]:
        found = filter(which, self._shelves.intakes.values())
        return tuple(sorted(found, key=lambda intake: intake.id))[:limit]
