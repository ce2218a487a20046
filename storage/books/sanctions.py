"""Sanctions."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import col, delete, or_, select, update

from core.identifiers import AccountName, Address, CaseNumber, SanctionId
from core.sanction import Sanction, SanctionKind, SanctionState
from storage.books.book import Book
from storage.sanction_tables import LIVE, SanctionRow

_LIVE = text(f"sanctions.{LIVE}")  # in the very words of the partial index
_AS_THEY_ARE = {each.name for each in fields(Sanction)} - {"id", "pause", "case"}


class Sanctions(Book):
    """See ``core.ports.books.sanctions.SanctionBook``."""

    def add(self, sanction: Sanction) -> Sanction:
        """Keep it."""
        adding = self._dialect.insert(SanctionRow).values(_columns(sanction)).returning(SanctionRow.id)
        number: int = self._session.connection().execute(adding).scalar_one()
        return replace(sanction, id=SanctionId(number))

    def get(self, number: SanctionId) -> Sanction | None:
        """Look one up."""
        row = self._session.exec(select(SanctionRow).where(SanctionRow.id == number)).first()
        return None if row is None else _sanction(row)

    def of(self, subject: bytes) -> tuple[Sanction, ...]:
        """List those of one person."""
        theirs = select(SanctionRow).where(SanctionRow.subject == subject).order_by(col(SanctionRow.id))
        return tuple(map(_sanction, self._session.exec(theirs)))

    def about(self, account: AccountName, chat: Address, subject: bytes) -> tuple[Sanction, ...]:
        """List those that are live of one person in one chat."""
        place = (col(SanctionRow.account) == account) & (col(SanctionRow.chat) == chat)
        found = select(SanctionRow).where(place, col(SanctionRow.subject) == subject, _LIVE)
        return tuple(map(_sanction, self._session.exec(found.order_by(col(SanctionRow.id)))))

    def all(self, *, state: SanctionState | None = None, limit: int = 100) -> tuple[Sanction, ...]:
        """List them, the newest first."""
        found = select(SanctionRow).order_by(col(SanctionRow.id).desc()).limit(limit)
        if state is not None:
            found = found.where(SanctionRow.state == state)
        return tuple(map(_sanction, self._session.exec(found)))

    def due(self, account: AccountName, at: datetime, *, limit: int) -> tuple[Sanction, ...]:
        """List those to look at."""
        due = select(SanctionRow).where(SanctionRow.account == account, _LIVE, col(SanctionRow.look_at) <= at)
        ordered = due.order_by(col(SanctionRow.look_at), col(SanctionRow.id)).limit(limit)
        return tuple(map(_sanction, self._session.exec(ordered)))

    def failing(self) -> tuple[Sanction, ...]:
        """List those that are not as they should be."""
        found = select(SanctionRow).where(_LIVE, col(SanctionRow.failing_since).is_not(None))
        return tuple(map(_sanction, self._session.exec(found.order_by(col(SanctionRow.id)))))

    def save(self, sanction: Sanction, *, expected: SanctionState) -> bool:
        """Compare and set."""
        stands = (col(SanctionRow.id) == sanction.id) & (col(SanctionRow.state) == expected)
        return bool(self._change(update(SanctionRow).where(stands).values(_columns(sanction))))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        proposed = (col(SanctionRow.state) == SanctionState.PROPOSED) & (col(SanctionRow.since) < before)
        ended = (col(SanctionRow.state) == SanctionState.ENDED) & (col(SanctionRow.ended_at) < before)
        return self._change(delete(SanctionRow).where(or_(proposed, ended)))


def _columns(sanction: Sanction) -> dict[str, Any]:
    same = {name: getattr(sanction, name) for name in _AS_THEY_ARE}
    return {**same, "pause": round(sanction.pause.total_seconds()), "case_number": sanction.case}


def _sanction(row: SanctionRow) -> Sanction:
    same = {name: getattr(row, name) for name in _AS_THEY_ARE}
    typed = {
        "id": SanctionId(row.id),
        "kind": SanctionKind(row.kind),
        "account": AccountName(row.account),
        "chat": Address(row.chat),
        "pause": timedelta(seconds=row.pause),
        "case": None if row.case_number is None else CaseNumber(row.case_number),
        "state": SanctionState(row.state),
    }
    return Sanction(**{**same, **typed})
