"""Cases that wait for what only a human decides: said to the staff once, until somebody has decided."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.alert import AlertKind, Matter
from core.audit import of_case
from core.identifiers import CaseNumber
from core.ports.store import Books
from core.wording import Wording

_CASES_KEPT = timedelta(days=90)  # nobody can decide about what is forgotten


def call_for(books: Books, case: CaseNumber, kind: AlertKind, *, at: datetime, until: datetime | None = None) -> None:
    """Ask the staff to look at a case; they are told how."""
    command = f"/case {case}"
    detail = Wording(fr=command, en=command)
    books.alerts.open(Matter(kind=kind, about=of_case(case), detail=detail, until=until or at + _CASES_KEPT), at=at)


def seen_to(books: Books, case: CaseNumber, kind: AlertKind, *, at: datetime) -> None:
    """The staff need not look any more."""
    matter = (kind, of_case(case))
    for alert in books.alerts.standing():
        if alert.matter.name == matter and alert.over_at is None:
            books.alerts.save(replace(alert, over_at=at))
