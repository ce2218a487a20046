"""What an author is told of a decision: in private, else in the group without a name."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bots.casework import evidence_in
from bots.desk import Desk
from core import casefile
from core.audience import Recipient, RecipientKind
from core.audit import Deed
from core.case_messages import StatementInGroup, StatementOfReasons
from core.delivery import Urgency
from core.messages import Delivered
from core.moderation import Case, Evidence
from core.ports.store import Books

NOTICE_EXPIRES_AFTER = timedelta(days=2)


def plan_statement(
    desk: Desk, books: Books, case: Case, decisions: Sequence[Deed], *, until: datetime | None = None
) -> bool:
    """Plan the statement of reasons of what was decided together, unless it was to be silent; whether it is planned.

    ``until`` is the end of what was decided, if it has one.
    """
    said = evidence_in(desk, case)
    if said is None or said.rule is None or not all(casefile.read(deed.content).told for deed in decisions):
        return False
    acts = tuple(deed.act.value for deed in decisions)
    message: Delivered = StatementOfReasons(
        case=case.number,
        decisions=acts,
        article=case.article,
        charter=case.charter,
        rule=said.rule,
        account=case.account,
        chat=case.chat,
        until=until,
        zone=desk.town.zone,
    )
    if not said.has_private_chat:
        message = StatementInGroup(case=case.number, decisions=acts, article=case.article, rule=said.rule)
    return plan_for_author(desk, books, case, said, message)


def plan_for_author(desk: Desk, books: Books, case: Case, said: Evidence, message: Delivered) -> bool:
    """Plan this for the author of a case, in private where they have a private chat; the case alone says who it is."""
    person = Recipient(RecipientKind.PERSON, f"{said.locale}:{case.number}")
    now = desk.clock.now()
    books.deliveries.plan(
        occurrence=None,
        message=message,
        recipients=[(case.account, person if said.has_private_chat else Recipient(RecipientKind.CHAT, case.chat))],
        urgency=Urgency.NOTICE,
        due_at=now,
        expires_at=now + NOTICE_EXPIRES_AFTER,
    )
    return True
