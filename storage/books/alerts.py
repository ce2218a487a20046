"""What needs a human."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, delete, select, update

from core.alert import Alert, Matter
from core.identifiers import AlertId
from storage import bodies
from storage.books.book import UNDONE, Book
from storage.tables import AlertRow

_UNNUMBERED = AlertId(0)


class Alerts(Book):
    """See ``core.ports.books.alerts.AlertBook``."""

    def open(self, matter: Matter, *, at: datetime) -> Alert:
        """Begin one, or find the one that stands: a transaction that writes is alone."""
        about = col(AlertRow.matter).contains(bodies.written(matter.about), autoescape=True)
        alike = select(AlertRow).where(UNDONE, col(AlertRow.over_at).is_(None), about)
        same = (each for each in map(_alert, self._session.exec(alike)) if each.matter.name == matter.name)
        known = next(same, None)
        if known is not None:
            alert = replace(known, matter=matter)
            self.save(alert)
            return alert
        fresh = Alert(id=_UNNUMBERED, matter=matter, since=at)
        adding = self._dialect.insert(AlertRow).values(_columns(fresh)).returning(AlertRow.id)
        number: int = self._session.connection().execute(adding).scalar_one()
        return replace(fresh, id=AlertId(number))

    def get(self, number: AlertId) -> Alert | None:
        """Look one up."""
        row = self._session.exec(select(AlertRow).where(AlertRow.id == number)).first()
        return None if row is None else _alert(row)

    def standing(self) -> tuple[Alert, ...]:
        """List those that are not done."""
        return tuple(map(_alert, self._session.exec(select(AlertRow).where(UNDONE).order_by(col(AlertRow.id)))))

    def save(self, alert: Alert) -> None:
        """Store it."""
        self._change(update(AlertRow).where(col(AlertRow.id) == alert.id).values(_columns(alert)))

    def told(self, *, since: datetime) -> int:
        """Count those told since."""
        counting = select(func.count()).select_from(AlertRow).where(col(AlertRow.told_at) >= since)
        return self._session.exec(counting).one()

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._change(delete(AlertRow).where(col(AlertRow.done), col(AlertRow.since) < before))


def _columns(alert: Alert) -> dict[str, Any]:
    return {
        "matter": bodies.written(alert.matter),
        "since": alert.since,
        "told_at": alert.told_at,
        "over_at": alert.over_at,
        "said": alert.said,
        "done": alert.done,
    }


def _alert(row: AlertRow) -> Alert:
    return Alert(
        id=AlertId(row.id),
        matter=bodies.read(Matter, row.matter),
        since=row.since,
        told_at=row.told_at,
        over_at=row.over_at,
        said=row.said,
        done=row.done,
    )
