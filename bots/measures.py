"""A moderator mutes or bans who wrote a message, for a time, or lets them back: by an article, with reasons.

    /mute 2h 2 no insults, please      in reply to the message; m, h, d or j for minutes, hours and days
    /ban 12 7d 2 again and again       of case 12
    /ban 2 enough is enough            for ever: that is only proposed
    /second 12                         what somebody else proposed in case 12 is decided
    /limit 12 7d 2                     on their whole server only followers see them, where it is ours to govern
    /suspend 12 2 enough is enough     their account there is closed: that is only proposed, for a time or for ever
    /smute, /sban                      the author is not told
    /unmute, /unban, …                 over, from now on; what was proposed is turned down

What is decided is a sanction: ``delivery.sanctions`` makes the network agree, and lifts it in time. Of a ban its author
is told first: afterwards some networks let nobody write to them.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bots.casework import evidence_in, known, said_in
from bots.desk import Desk
from bots.lengths import length
from bots.orders import Instruction, Verb
from bots.reporters import tell_reporters
from bots.statements import plan_statement
from bots.warning import articles, judged, named, rule_of, touchable
from core.alert import AlertKind
from core.attention import call_for, seen_to
from core.audit import of_case
from core.case_messages import CaseDone, CaseRefused
from core.casefile import PROPOSALS, add, decided, last_decisions, put_down, read
from core.identifiers import PersonRef
from core.moderation import Case, Evidence
from core.ports.store import Books
from core.sanction import (
    LONGEST_PASSING,
    PROPOSED_FOR,
    Measure,
    NotSanctioned,
    Obstacle,
    Order,
    Sanction,
    SanctionKind,
    SanctionState,
    Subject,
    is_immune,
    needs_two,
)
from core.sanctioning import impose, lift, proposed_in, second
from core.staff import Act

_TIME_TO_TELL = timedelta(seconds=20)
_KINDS = {
    Verb.MUTE: SanctionKind.MUTE,
    Verb.UNMUTE: SanctionKind.MUTE,
    Verb.BAN: SanctionKind.BAN,
    Verb.UNBAN: SanctionKind.BAN,
    Verb.LIMIT: SanctionKind.LIMIT,
    Verb.UNLIMIT: SanctionKind.LIMIT,
    Verb.SUSPEND: SanctionKind.SUSPEND,
    Verb.UNSUSPEND: SanctionKind.SUSPEND,
}
_OF_SERVER = frozenset({SanctionKind.LIMIT, SanctionKind.SUSPEND})
_ENDS = frozenset({SanctionKind.MUTE, SanctionKind.LIMIT})  # they are for a time
_ACTS = {
    SanctionKind.MUTE: Act.MUTE,
    SanctionKind.BAN: Act.BAN,
    SanctionKind.LIMIT: Act.LIMIT,
    SanctionKind.SUSPEND: Act.SUSPEND,
}
_PROPOSED = {SanctionKind.BAN: Act.PROPOSE_BAN, SanctionKind.SUSPEND: Act.PROPOSE_SUSPENSION}
_TOLD_FIRST = frozenset({Act.BAN, Act.SUSPEND})  # afterwards nobody can write to them
_NOT_SECONDED = {
    Obstacle.NEEDS_ANOTHER: "seconds_other",
    Obstacle.PROPOSER_LEFT: "proposer_left",
}
_STANDING = frozenset({SanctionState.PROPOSED, SanctionState.STANDING})


def impose_on_author(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Mute, ban or limit the author, for as long as is said; what takes two, propose."""
    kind, lasts = _KINDS[order.spelling.verb], length(order.rest[0]) if order.rest else None
    if (lasts is None and kind in _ENDS) or (lasts is not None and lasts > LONGEST_PASSING):
        return CaseRefused(reason="how_long")
    if lasts is not None:
        order = replace(order, words=(*order.words[: len(order.words) - len(order.rest)], *order.rest[1:]))
    rule = rule_of(desk, books, order)
    if rule is None:
        return CaseRefused(reason="which_article", articles=articles(desk))
    case = touchable(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    said, measure = evidence_in(desk, case), Measure(kind=kind, lasts=lasts)
    hindered = _hindrance(desk, books, order, case, measure)
    if said is None or hindered:
        return CaseRefused(reason=hindered or "unreadable")
    case = judged(desk, books, order, case, rule=rule, removing=False)
    wanted = _wanted(order, case, said, lasts)
    _explained(desk, books, order, case)
    seen_to(books, case.number, AlertKind.CASE, at=order.at)
    return (_proposed if needs_two(measure) else _imposed)(desk, books, order, case, wanted)


def _hindrance(desk: Desk, books: Books, order: Instruction, case: Case, measure: Measure) -> str:
    """Why this is not ordered here, if so: another account keeps order there, or something waits to be seconded."""
    if measure.kind in _OF_SERVER and (case.account != desk.account or measure.kind not in desk.powers.kinds):
        return "not_here"
    return "proposed" if needs_two(measure) and proposed_in(books, case, order.at) is not None else ""


def second_proposal(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Decide what somebody else proposed; its author is told unless whoever proposed it wanted it silent."""
    case = known(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    by, at = order.member.key, order.at
    proposed = proposed_in(books, case, at)
    if proposed is None:
        return CaseRefused(reason="no_proposal")
    said = evidence_in(desk, case)
    if said is not None and is_immune(desk.staff, case.account, said.number):
        return CaseRefused(reason="staff")
    try:
        sanction = second(books, proposed.id, at=at, by=by, staff=desk.staff)
    except NotSanctioned as refusal:
        return CaseRefused(reason=_NOT_SECONDED[refusal.obstacle])
    asked = next(each.deed for each in books.audit.about(of_case(case.number)) if each.deed.act in PROPOSALS)
    decided(books, case, _ACTS[proposed.kind], by=by, at=at, told=read(asked.content).told)
    seen_to(books, case.number, AlertKind.PROPOSAL, at=at)
    return _carried_out(desk, books, case, sanction, at)


def lift_from_author(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """End every such measure of the author in that place."""
    case = known(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    by, at, kind = order.member.key, order.at, _KINDS[order.spelling.verb]
    place = (case.account, case.chat)
    theirs = [each for each in books.sanctions.of(case.author) if each.kind is kind and each.state in _STANDING]
    here = [each for each in theirs if (each.account, each.chat) == place]
    if not here:
        return CaseRefused(reason="no_sanction")
    seen_to(books, case.number, AlertKind.PROPOSAL, at=at)
    for sanction in here:
        lift(books, sanction.id, at=at, by=by, staff=desk.staff)
    add(books, case.number, Act.LIFT, by=by, at=at, content=kind)
    return CaseDone(case=case.number, did=Act.LIFT)


def _wanted(order: Instruction, case: Case, said: Evidence, lasts: timedelta | None) -> Order:
    return Order(
        measure=Measure(kind=_KINDS[order.spelling.verb], lasts=lasts),
        account=case.account,
        chat=case.chat,
        subject=Subject(person=PersonRef(said.author), number=said.number),
        case=case.number,
    )


def _explained(desk: Desk, books: Books, order: Instruction, case: Case) -> None:
    reason = said_in(order.rest[1:] if named(desk, order) is not None else order.rest)
    if reason:
        put_down(books, desk.vault, case.number, Act.EXPLAIN_CASE, reason, by=order.member.key, at=order.at)


def _proposed(desk: Desk, books: Books, order: Instruction, case: Case, wanted: Order) -> CaseDone:
    """Ask for a second person, who has a week."""
    by, at = order.member.key, order.at
    act = _PROPOSED[wanted.measure.kind]
    decided(books, case, act, by=by, at=at, told=not order.spelling.silent)
    impose(books, wanted, at=at, by=by, staff=desk.staff, vault=desk.vault)
    call_for(books, case.number, AlertKind.PROPOSAL, at=at, until=at + PROPOSED_FOR)
    return CaseDone(case=case.number, did=act)


def _imposed(desk: Desk, books: Books, order: Instruction, case: Case, wanted: Order) -> CaseDone:
    by, at = order.member.key, order.at
    decided(books, case, _ACTS[wanted.measure.kind], by=by, at=at, told=not order.spelling.silent)
    sanction = impose(books, wanted, at=at, by=by, staff=desk.staff, vault=desk.vault)
    return _carried_out(desk, books, case, sanction, at)


def _carried_out(desk: Desk, books: Books, case: Case, sanction: Sanction, at: datetime) -> CaseDone:
    """Have the author told, and the network after that where it puts them out."""
    act = _ACTS[sanction.kind]
    tell_reporters(desk, books, case.number, upheld=True)
    told = plan_statement(desk, books, case, last_decisions(books, case.number), until=sanction.until)
    if told and act in _TOLD_FIRST:
        books.sanctions.save(replace(sanction, look_at=at + _TIME_TO_TELL), expected=sanction.state)
    return CaseDone(case=case.number, did=act, told=told)
