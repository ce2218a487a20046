"""What the author of a message is told of what a rule did about it: in private, else in the group without a name."""

from bots.casework import evidence_in
from bots.desk import Desk
from bots.ladder import ordered
from bots.statements import plan_for_author
from core.case_messages import RemovalNotice, RemovalNoticeInGroup
from core.messages import Delivered
from core.moderation import Case, CaseState, Evidence
from core.ports.store import Books


def _is_told(case: Case, said: Evidence, *, is_ordered: bool) -> bool:
    """Whether anything became of the message or its author; without an article, it was hidden as people reported it."""
    if said.rule is None:
        return case.state is CaseState.HIDDEN
    return is_ordered or case.state is not CaseState.NOT_REMOVED


def plan_notice(desk: Desk, books: Books, case: Case) -> bool:
    """Plan it, if there is anything to tell; whether it is planned. The case alone says who it is for."""
    said, sanction = evidence_in(desk, case), ordered(books, case)
    if said is None or not _is_told(case, said, is_ordered=sanction is not None):
        return False
    measure, until = ("", None) if sanction is None else (sanction.kind.value, sanction.until)
    message: Delivered = RemovalNotice(
        case=case.number,
        article=case.article,
        charter=case.charter,
        rule=said.rule,
        account=desk.account,
        chat=case.chat,
        state=case.state.value,
        measure=measure,
        until=until,
        zone=desk.town.zone,
    )
    if not said.has_private_chat:
        message = RemovalNoticeInGroup(
            case=case.number, article=case.article, rule=said.rule, state=case.state.value, measure=measure
        )
    return plan_for_author(desk, books, case, said, message)
