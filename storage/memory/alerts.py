"""What needs a human, in memory."""

from dataclasses import replace
from datetime import datetime

from core.alert import Alert, Matter
from core.identifiers import AlertId
from storage.memory.shelves import Shelves


class Alerts:
    """See ``core.ports.books.alerts.AlertBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def open(self, matter: Matter, *, at: datetime) -> Alert:
        """Begin one, or find the one that stands."""
        same = (each for each in self.standing() if each.over_at is None and each.matter.name == matter.name)
        known = next(same, None)
        alert = (
            replace(known, matter=matter)
            if known is not None
            else Alert(id=AlertId(self._shelves.next("alert")), matter=matter, since=at)
        )
        self.save(alert)
        return alert

    def get(self, number: AlertId) -> Alert | None:
        """Look one up."""
        return self._shelves.alerts.get(number)

    def standing(self) -> tuple[Alert, ...]:
        """List those that are not done."""
        return tuple(alert for alert in self._shelves.alerts.values() if not alert.done)

    def save(self, alert: Alert) -> None:
        """Store it."""
        self._shelves.alerts[alert.id] = alert

    def told(self, *, since: datetime) -> int:
        """Count those told since."""
        return sum(each.told_at is not None and each.told_at >= since for each in self._shelves.alerts.values())

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        old = [alert.id for alert in self._shelves.alerts.values() if alert.done and alert.since < before]
        for number in old:
            del self._shelves.alerts[number]
        return len(old)
