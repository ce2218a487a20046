"""A moderator warns who wrote a message, or has the message taken out: always by an article of the charter.

    /warn 2 no names, please          in reply to the message
    /warn 12 2 no names, please       of case 12
    /dwarn, /del                      the message is taken out as well, or only that
    /swarn, /sdel                     the author is not told

The article may be left out where the case has one.
"""

from dataclasses import replace

from bots.casework import evidence_in, known, said_in, untouchable
from bots.desk import Desk
from bots.orders import Instruction, Verb
from bots.reporters import tell_reporters
from bots.statements import plan_statement
from core.alert import AlertKind
from core.attention import seen_to
from core.case_messages import CaseDone, CaseRefused
from core.casefile import case_about, decided, last_decisions, put_down
from core.folding import fold
from core.identifiers import PersonRef
from core.moderation import UNDECIDED, UNTOUCHED, Case, CaseState, Rule, written
from core.ports.store import Books
from core.sanction import STRIKES_COUNT, Measure, Order, SanctionKind, Subject, is_immune
from core.sanctioning import impose
from core.staff import Act

WARNING = Measure(kind=SanctionKind.WARNING, lasts=STRIKES_COUNT)
_LEFT = {CaseState.HIDDEN: CaseState.HIDDEN}
_LEFT_TO_REMOVE = frozenset({*UNTOUCHED, CaseState.KEPT, CaseState.NOT_REMOVED, CaseState.HIDDEN})


def decide(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Warn the author, take the message out, or both; the author of what is taken out is told once it is."""
    rule = rule_of(desk, books, order)
    if rule is None:
        return CaseRefused(reason="which_article", articles=articles(desk))
    case = touchable(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    acts = _acts(books, order, case)
    if not acts:
        return CaseRefused(reason="warned" if order.spelling.verb is Verb.WARN else "settled")
    case = judged(desk, books, order, case, rule=rule, removing=Act.REMOVE_MESSAGE in acts)
    return _decided(desk, books, order, case, acts)


def touchable(desk: Desk, books: Books, order: Instruction) -> Case | CaseRefused:
    """The case, unless its author is of the staff, or runs the group."""
    case = (untouchable(desk, order.target) if order.target is not None else None) or known(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    said = evidence_in(desk, case)
    spared = said is not None and is_immune(desk.staff, case.account, said.number)
    return CaseRefused(reason="staff") if spared else case


def _decided(desk: Desk, books: Books, order: Instruction, case: Case, acts: tuple[Act, ...]) -> CaseDone:
    reason = said_in(order.rest[1:] if named(desk, order) is not None else order.rest)
    by, at, said, removing = order.member.key, order.at, evidence_in(desk, case), Act.REMOVE_MESSAGE in acts
    if reason:
        put_down(books, desk.vault, case.number, Act.EXPLAIN_CASE, reason, by=by, at=at)
    for act in acts:
        decided(books, case, act, by=by, at=at, told=not order.spelling.silent)
    seen_to(books, case.number, AlertKind.CASE, at=at)
    tell_reporters(desk, books, case.number, upheld=True)
    if Act.WARN in acts and said is not None:
        subject = Subject(person=PersonRef(said.author), number=said.number)
        strike = Order(measure=WARNING, account=case.account, chat=case.chat, subject=subject, case=case.number)
        impose(books, strike, at=at, by=by, staff=desk.staff, vault=desk.vault)
    if removing:
        _take_out(books, case)
    told = not removing and plan_statement(desk, books, case, last_decisions(books, case.number))
    return CaseDone(case=case.number, did=acts[0], told=told, removing=removing)


def _take_out(books: Books, case: Case) -> None:
    """What is to be removed is no reply any more; whatever joined the case goes with it."""
    for each in books.cases.joined(case.number):
        if each.state in _LEFT_TO_REMOVE:
            books.cases.move_joined(each, state=CaseState.TO_REMOVE)
    for message in (case.message, *(each.message for each in books.cases.joined(case.number))):
        books.replies.remove_message(case.account, case.chat, message)


def _acts(books: Books, order: Instruction, case: Case) -> tuple[Act, ...]:
    """What is left to do of it: a message counts once, and is taken out once."""
    warns = order.spelling.verb is Verb.WARN and not _is_warned(books, case)
    removes = order.spelling.removes and case.state in _LEFT_TO_REMOVE
    return (*((Act.WARN,) if warns else ()), *((Act.REMOVE_MESSAGE,) if removes else ()))


def _is_warned(books: Books, case: Case) -> bool:
    strikes = (each for each in books.sanctions.of(case.author) if each.case == case.number and not each.annulled)
    return any(each.kind is SanctionKind.WARNING for each in strikes)


def rule_of(desk: Desk, books: Books, order: Instruction) -> Rule | None:
    """The article that the message goes against: the case's, where somebody decided before; else the one named."""
    case = _standing(desk, books, order)
    of_case = None if case is None else article_named(desk, case.article)
    if case is not None and case.state not in UNTOUCHED and of_case is not None:
        return of_case
    return named(desk, order) or of_case


def _standing(desk: Desk, books: Books, order: Instruction) -> Case | None:
    if order.number is not None:
        return books.cases.get(order.number)
    if order.about is not None:
        return books.cases.at(desk.account, *order.about)
    target = order.target
    return None if target is None else case_about(books, desk.account, target.chat, target.message)


def named(desk: Desk, order: Instruction) -> Rule | None:
    """The article that the words begin with."""
    return article_named(desk, order.rest[0]) if order.rest else None


def article_named(desk: Desk, name: str) -> Rule | None:
    """The article of this name."""
    return next((rule for rule in desk.town.charter.rules if fold(rule.article) == fold(name)), None)


def articles(desk: Desk) -> tuple[str, ...]:
    """Those that can be named."""
    return tuple(dict.fromkeys(rule.article for rule in desk.town.charter.rules))


def judged(desk: Desk, books: Books, order: Instruction, case: Case, *, rule: Rule, removing: bool) -> Case:
    """The case under this article, and what should become of its message."""
    state = CaseState.TO_REMOVE if removing else _LEFT.get(case.state, CaseState.KEPT)
    if case.state in UNDECIDED:
        said = evidence_in(desk, case)
        sealed = case.sealed if said is None else desk.vault.seal(written(replace(said, rule=rule.wording)))
        return books.cases.open(
            article=rule.article,
            charter=desk.town.charter.version,
            account=case.account,
            chat=case.chat,
            message=case.message,
            author=case.author,
            sealed=sealed,
            state=state,
            at=order.at,
        )
    if removing:
        books.cases.move(case.number, expected=case.state, state=state)
        return replace(case, state=state)
    return case
