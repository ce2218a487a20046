"""A moderator mutes or bans who wrote a message, for a time, or lets them back: by an article, with reasons.

    /mute 2h 2 no insults, please      in reply to the message; m, h, d or j for minutes, hours and days
    /ban 12 7d 2 again and again       of case 12
    /smute, /sban                      the author is not told
    /unmute, /unban                    over, from now on

What is decided is a sanction: ``delivery.sanctions`` makes the network agree, and lifts it in time. Of a ban its author
is told first: afterwards some networks let nobody write to them.
"""

from dataclasses import replace
from datetime import timedelta

from bots.casework import evidence_in, known, said_in
from bots.desk import Desk
from bots.lengths import length
from bots.orders import Instruction, Verb
from bots.statements import plan_statement
from bots.warning import articles, judged, named, rule_of, touchable
from core.alert import AlertKind
from core.attention import seen_to
from core.case_messages import CaseDone, CaseRefused
from core.casefile import add, decided, last_decisions, put_down
from core.identifiers import PersonRef
from core.moderation import Case, Evidence
from core.ports.store import Books
from core.sanction import LONGEST_PASSING, Measure, Order, SanctionKind, SanctionState, Subject
from core.sanctioning import impose, lift
from core.staff import Act

_TIME_TO_TELL = timedelta(seconds=20)
_KINDS = {
    Verb.MUTE: SanctionKind.MUTE,
    Verb.UNMUTE: SanctionKind.MUTE,
    Verb.BAN: SanctionKind.BAN,
    Verb.UNBAN: SanctionKind.BAN,
}
_STANDING = frozenset({SanctionState.PROPOSED, SanctionState.STANDING})


def impose_on_author(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Mute or ban the author, for as long as is said."""
    lasts = length(order.rest[0]) if order.rest else None
    if lasts is None or lasts > LONGEST_PASSING:
        return CaseRefused(reason="how_long")
    order = replace(order, words=(*order.words[: len(order.words) - len(order.rest)], *order.rest[1:]))
    rule = rule_of(desk, books, order)
    if rule is None:
        return CaseRefused(reason="which_article", articles=articles(desk))
    case = touchable(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    said = evidence_in(desk, case)
    if said is None:
        return CaseRefused(reason="unreadable")
    case = judged(desk, books, order, case, rule=rule, removing=False)
    return _imposed(desk, books, order, case, _wanted(order, case, said, lasts))


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
    for sanction in here:
        lift(books, sanction.id, at=at, by=by, staff=desk.staff)
    add(books, case.number, Act.LIFT, by=by, at=at, content=kind)
    return CaseDone(case=case.number, did=Act.LIFT)


def _wanted(order: Instruction, case: Case, said: Evidence, lasts: timedelta) -> Order:
    return Order(
        measure=Measure(kind=_KINDS[order.spelling.verb], lasts=lasts),
        account=case.account,
        chat=case.chat,
        subject=Subject(person=PersonRef(said.author), number=said.number),
        case=case.number,
    )


def _imposed(desk: Desk, books: Books, order: Instruction, case: Case, wanted: Order) -> CaseDone:
    by, at, kind = order.member.key, order.at, wanted.measure.kind
    reason = said_in(order.rest[1:] if named(desk, order) is not None else order.rest)
    if reason:
        put_down(books, desk.vault, case.number, Act.EXPLAIN_CASE, reason, by=by, at=at)
    act = Act.MUTE if kind is SanctionKind.MUTE else Act.BAN
    decided(books, case, act, by=by, at=at, told=not order.spelling.silent)
    seen_to(books, case.number, AlertKind.CASE, at=at)
    sanction = impose(books, wanted, at=at, by=by, staff=desk.staff, vault=desk.vault)
    told = plan_statement(desk, books, case, last_decisions(books, case.number), until=sanction.until)
    if told and kind is SanctionKind.BAN:
        books.sanctions.save(replace(sanction, look_at=at + _TIME_TO_TELL), expected=sanction.state)
    return CaseDone(case=case.number, did=act, told=told)
