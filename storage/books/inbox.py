"""Updates between arrival and effect."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, text
from sqlmodel import col, delete, insert, select

from core.identifiers import AccountName, IntakeId
from core.ports.books.inbox import Aside, Intake
from core.ports.platform import Cursor, Update
from storage.books.book import Book
from storage.cursors import moved
from storage.instants import Instant
from storage.tables import CursorRow, IntakeRow, QuarantineRow

# Made once: statements made anew for each fetch took longer than storing what it brought.
_CURSOR = select(col(CursorRow.number), col(CursorRow.mark), col(CursorRow.at)).where(
    col(CursorRow.account) == bindparam("of")
)
_MOVE = text(
    "INSERT INTO cursors (account, number, mark, at) VALUES (:account, :number, :mark, :at)"
    " ON CONFLICT (account) DO UPDATE SET number = excluded.number, mark = excluded.mark, at = excluded.at"
).bindparams(bindparam("at", type_=Instant()))
_ADD = insert(IntakeRow).returning(col(IntakeRow.id), sort_by_parameter_order=True)


class Inbox(Book):
    """See ``core.ports.books.inbox.InboxBook``."""

    def cursor(self, account: AccountName) -> tuple[Cursor, datetime] | None:
        """Look up the place to ask from next."""
        row = self._session.connection().execute(_CURSOR, {"of": account}).first()
        return (Cursor(row.number, row.mark), row.at) if row else None

    def take_in(
        self, account: AccountName, updates: Sequence[Update], *, cursor: Cursor, at: datetime
    ) -> tuple[Intake, ...]:
        """Store the new ones. With updates the cursor never goes back; without, it goes where it is told."""
        known = self.cursor(account)
        stands = known[0] if known else None
        fresh = {update.number: update.body for update in updates if stands is None or update.number >= stands.number}
        reached = moved(stands, cursor) if updates else cursor
        place = {"account": account, "number": reached.number, "mark": reached.mark, "at": at}
        self._session.connection().execute(_MOVE, place)
        return self._add(account, sorted(fresh.items()), at) if fresh else ()

    def pending(self, account: AccountName, *, limit: int) -> tuple[Intake, ...]:
        """Those not dealt with, oldest first."""
        return self._intakes(col(IntakeRow.account) == account, limit)

    def oldest(self, accounts: Collection[AccountName]) -> datetime | None:
        """When the oldest arrived."""
        return self._session.exec(select(func.min(IntakeRow.at)).where(col(IntakeRow.account).in_(accounts))).one()

    def left_behind(self, accounts: Collection[AccountName], *, limit: int) -> tuple[Intake, ...]:
        """Those of other accounts, oldest first."""
        return self._intakes(col(IntakeRow.account).not_in(accounts), limit)

    def done(self, intakes: Iterable[IntakeId]) -> None:
        """Forget them."""
        gone = list(intakes)
        if gone:
            self._dialect.forget_intakes(self._session.connection(), gone)

    def quarantine(self, intake: Intake, *, sealed: bytes, reason: str) -> None:
        """Set one aside."""
        row = {
            "id": intake.id,
            "account": intake.account,
            "number": intake.number,
            "sealed": sealed,
            "reason": reason,
            "at": intake.at,
        }
        self._change(self._dialect.insert(QuarantineRow).values(row).on_conflict_do_nothing(index_elements=["id"]))
        self._change(delete(IntakeRow).where(col(IntakeRow.id) == intake.id))

    def quarantined(self) -> int:
        """Count those set aside."""
        return self._session.exec(select(func.count()).select_from(QuarantineRow)).one()

    def aside(self, *, limit: int) -> tuple[Aside, ...]:
        """List those set aside, the newest first."""
        found = select(QuarantineRow).order_by(col(QuarantineRow.id).desc()).limit(limit)
        return tuple(
            Aside(
                id=IntakeId(row.id),
                account=AccountName(row.account),
                number=row.number,
                sealed=row.sealed,
                reason=row.reason,
                at=row.at,
            )
            for row in self._session.exec(found)
        )

    def put_back(self, intake: IntakeId, *, body: bytes) -> bool:
        """Move one from the quarantine to the inbox."""
        row = self._session.exec(select(QuarantineRow).where(QuarantineRow.id == intake)).first()
        if row is None:
            return False
        back = {"id": row.id, "account": row.account, "number": row.number, "body": body, "at": row.at}
        self._change(insert(IntakeRow).values(back))
        return bool(self._change(delete(QuarantineRow).where(col(QuarantineRow.id) == intake)))

    def purge(self, *, before: datetime) -> int:
        """Forget what was set aside long ago."""
        return self._change(delete(QuarantineRow).where(col(QuarantineRow.at) < before))

    def _intakes(self, which: ColumnElement[bool], limit: int) -> tuple[Intake, ...]:
        first = select(IntakeRow).where(which).order_by(col(IntakeRow.id)).limit(limit)
        return tuple(
            Intake(id=IntakeId(row.id), account=AccountName(row.account), number=row.number, body=row.body, at=row.at)
            for row in self._session.exec(first)
        )

    def _add(self, account: AccountName, updates: Sequence[tuple[int, bytes]], at: datetime) -> tuple[Intake, ...]:
        rows = [{"account": account, "number": number, "body": body, "at": at} for number, body in updates]
        numbers = [number for (number,) in self._session.connection().execute(_ADD, rows)]
        return tuple(
            Intake(id=IntakeId(number), account=account, number=update, body=body, at=at)
            for number, (update, body) in zip(numbers, updates, strict=True)
        )
