"""A moderator who had no part in what was decided decides about an appeal, with reasons that the author is told."""

from bots.casework import evidence_in, known, said_in
from bots.desk import Desk
from bots.orders import Instruction, Verb
from bots.reporters import tell_reporters
from bots.statements import plan_for_author
from core.appealing import accept, came_by_mail, deciders_of, hindrance, refuse
from core.case_messages import AppealDecided, CaseDone, CaseRefused
from core.casefile import put_down
from core.ports.store import Books
from core.staff import Act


def decide(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Accept it, which undoes what was decided, or refuse it; the author is told which, and why."""
    case = known(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    by, at = order.member.key, order.at
    hindered = hindrance(books, case, desk.staff, by)
    accepted = order.spelling.verb is Verb.ACCEPT
    if hindered or not (order.rest or accepted):
        return CaseRefused(reason=hindered or "no_words")
    if order.rest:
        put_down(books, desk.vault, case.number, Act.EXPLAIN_CASE, said_in(order.rest), by=by, at=at)
    if accepted:
        accept(books, case, by=by, at=at, staff=desk.staff)
    else:
        refuse(books, case, by=by, at=at)
    tell_reporters(desk, books, case.number, upheld=not accepted)
    said = evidence_in(desk, case)
    another = by not in deciders_of(books, case.number)
    message = AppealDecided(case=case.number, accepted=accepted, explained=bool(order.rest), another=another)
    told = said is not None and said.has_private_chat and plan_for_author(desk, books, case, said, message)
    did = Act.ACCEPT_APPEAL if accepted else Act.REFUSE_APPEAL
    return CaseDone(case=case.number, did=did, told=told, by_mail=came_by_mail(books, case.number))
