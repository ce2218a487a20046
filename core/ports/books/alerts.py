"""What needs a human, and what the staff was told of it."""

from datetime import datetime
from typing import Protocol

from core.alert import Alert, Matter
from core.identifiers import AlertId


class AlertBook(Protocol):
    """The alerts of the town."""

    def open(self, matter: Matter, *, at: datetime) -> Alert:
        """Begin an alert for it; the one it has, with this matter, when it stands already."""
        ...

    def get(self, number: AlertId) -> Alert | None:
        """The alert."""
        ...

    def standing(self) -> tuple[Alert, ...]:
        """Those that are not done, the oldest first."""
        ...

    def save(self, alert: Alert) -> None:
        """Store it as it now is."""
        ...

    def told(self, *, since: datetime) -> int:
        """How many were last told at this instant or later."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget those that are done and began before this instant. Returns how many."""
        ...
