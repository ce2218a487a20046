"""What those who reported a message are told, each alone: whether a human found that it goes against the charter."""

from datetime import timedelta

from bots.desk import Desk
from core.audience import Recipient, RecipientKind
from core.case_messages import ReportDecided
from core.delivery import Urgency
from core.identifiers import CaseNumber
from core.ports.store import Books

_STILL_OF_INTEREST = timedelta(days=7)


def tell_reporters(desk: Desk, books: Books, case: CaseNumber, *, upheld: bool) -> bool:
    """Plan it for all who wait to know, once; whether there was anybody."""
    waiting = [each for each in books.reports.settle(case, upheld=upheld) if each.sealed]
    now = desk.clock.now()
    if waiting:
        books.deliveries.plan(
            occurrence=None,
            message=ReportDecided(upheld=upheld),
            recipients=[(each.account, Recipient(RecipientKind.REPORTER, str(each.id))) for each in waiting],
            urgency=Urgency.NOTICE,
            due_at=now,
            expires_at=now + _STILL_OF_INTEREST,
        )
    return bool(waiting)
