"""Lodging and deciding appeals, inside a transaction; whoever comes second changes nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.alert import AlertKind, number_in
from core.appeal import VERDICTS, Appeal, appeal_in, is_found_wrong, keeps_case, may_decide
from core.attention import call_for, seen_to
from core.audience import Recipient, RecipientKind
from core.audit import Deed, of_case, of_rule
from core.case_messages import MessageRestored
from core.casefile import DECISIONS, PROPOSALS, decided, last_decisions, put_down
from core.delivery import Urgency
from core.identifiers import CaseNumber, MemberKey
from core.moderation import OUT, UNDER_WAY, Case, CaseState
from core.ports.store import Books
from core.ports.vault import Vault
from core.sanction import SanctionState
from core.sanctioning import lift
from core.staff import CITIZEN, SERVICE, Act, Staff

STILL_OF_INTEREST = timedelta(days=7)  # a message given back to its debate
_OF_APPEALS = frozenset({Act.APPEAL, Act.OWN_UP, *VERDICTS})
_UNTIL_DECIDED = timedelta(days=3650)  # the verdict ends the alert


def appeal_of(books: Books, case: Case) -> Appeal | None:
    """The appeal against what was decided, if there is one."""
    return appeal_in(entry.deed for entry in books.audit.about(of_case(case.number)))


def may_be_lodged(books: Books, case: Case) -> bool:
    """Whether something was decided, since somebody asked before."""
    return bool(last_decisions(books, case.number)) and appeal_of(books, case) is None


def lodge(books: Books, vault: Vault, case: Case, words: str, *, at: datetime) -> Appeal:
    """Ask for another look, where that may be."""
    put_down(books, vault, case.number, Act.APPEAL, words, by=CITIZEN, at=at)
    call_for(books, case.number, AlertKind.APPEAL, at=at, until=at + _UNTIL_DECIDED)
    return Appeal(at=at)


def still_needed(books: Books, now: datetime, *, before: datetime) -> frozenset[CaseNumber]:
    """Of the cases opened before this instant those that are kept: for an appeal, or for a measure that stands."""
    return frozenset(case.number for case in books.cases.opened(before=before) if _is_needed(books, case, now))


def _is_needed(books: Books, case: Case, now: datetime) -> bool:
    theirs = (each for each in books.sanctions.of(case.author) if each.case == case.number)
    if any(each.state is not SanctionState.ENDED for each in theirs):
        return True
    return keeps_case((entry.deed for entry in books.audit.about(of_case(case.number))), now)


def hindrance(books: Books, case: Case, staff: Staff, by: MemberKey) -> str:
    """Why this person cannot decide an appeal in this case: ``no_appeal``, ``another`` or nothing."""
    appeal = appeal_of(books, case)
    if appeal is None or appeal.verdict is not None or case.state in UNDER_WAY:
        return "no_appeal"
    deciders = deciders_of(books, case.number)
    return "" if may_decide(staff, by, deciders) else "another"


def deciders_of(books: Books, case: CaseNumber) -> tuple[MemberKey, ...]:
    """Who decided anything in it, or proposed it, the first of them first."""
    deeds = (entry.deed for entry in reversed(books.audit.about(of_case(case))))
    return tuple(dict.fromkeys(deed.who for deed in deeds if deed.act in DECISIONS | PROPOSALS))


def overdue(books: Books, now: datetime) -> tuple[Case, ...]:
    """Cases in which an appeal waits longer than its author was told, and they do not know yet."""
    alerts = (each for each in books.alerts.standing() if each.matter.kind is AlertKind.APPEAL and not each.over_at)
    numbers = (number_in(each.matter.about) for each in alerts)
    cases = (books.cases.get(CaseNumber(number)) for number in numbers if number is not None)
    return tuple(case for case in cases if case is not None and _is_overdue(books, case, now))


def _is_overdue(books: Books, case: Case, now: datetime) -> bool:
    last = next(
        (entry.deed for entry in books.audit.about(of_case(case.number)) if entry.deed.act in _OF_APPEALS), None
    )
    return last is not None and last.act is Act.APPEAL and now >= Appeal(at=last.at).decide_by


def came_by_mail(books: Books, case: CaseNumber) -> bool:
    """Whether somebody of the staff wrote the last appeal down for its author, who is answered in the same way."""
    acts = [entry.deed.act for entry in books.audit.about(of_case(case))]
    return Act.RECORD_APPEAL in acts[acts.index(Act.APPEAL) :][:2]


def accept(books: Books, case: Case, *, by: MemberKey, at: datetime, staff: Staff) -> None:
    """Undo what was decided: the message is given back, what it counted for counts no more.

    Where the rules decided alone, the article has one false alarm more.
    """
    alone = all(deed.who == SERVICE for deed in last_decisions(books, case.number))
    decided(books, case, Act.ACCEPT_APPEAL, by=by, at=at)
    _is_decided(books, case, at=at)
    seen_to(books, case.number, AlertKind.PROPOSAL, at=at)
    annul(books, case, by=by, at=at, staff=staff)
    give_back(books, case, at=at)
    if alone:
        _false_alarm(books, case, at=at)


def refuse(books: Books, case: Case, *, by: MemberKey, at: datetime) -> None:
    """What was decided stands; what waited for a look of a human has had it."""
    decided(books, case, Act.REFUSE_APPEAL, by=by, at=at)
    books.cases.move(case.number, expected=CaseState.HIDDEN, state=CaseState.REMOVED)
    _is_decided(books, case, at=at)


def annul(
    books: Books, case: Case, *, by: MemberKey, at: datetime, staff: Staff, ordered_by: MemberKey | None = None
) -> None:
    """End what was ordered in a case, by this one alone or by anybody, so that it counts no more."""
    for sanction in books.sanctions.of(case.author):
        meant = sanction.case == case.number and ordered_by in {None, sanction.by}
        if meant and not sanction.annulled:
            lift(books, sanction.id, at=at, by=by, staff=staff, annulled=True)


def give_back(books: Books, case: Case, *, at: datetime) -> bool:
    """Plan what was taken out again as a quotation; False when nothing was. What could not be taken out stands."""
    joined = books.cases.joined(case.number)
    stands = case.state is CaseState.NOT_REMOVED and any(each.state in OUT for each in joined)
    after = CaseState.KEPT if stands else CaseState.RESTORED
    if not (stands or case.state in OUT) or not books.cases.move(case.number, expected=case.state, state=after):
        return False
    for each in joined:
        books.cases.move_joined(each, state=CaseState.RESTORED if each.state in OUT else CaseState.KEPT)
    books.deliveries.plan(
        occurrence=None,
        message=MessageRestored(case=case.number),
        recipients=[(case.account, Recipient(RecipientKind.CHAT, case.chat))],
        urgency=Urgency.NOTICE,
        due_at=at,
        expires_at=at + STILL_OF_INTEREST,
    )
    return True


def only_observes(books: Books, article: str, charter: str) -> bool:
    """Whether this article was found wrong too often to act by itself."""
    return _is_dropped([entry.deed for entry in books.audit.about(of_rule(article))], charter)


def _is_dropped(deeds: Iterable[Deed], charter: str) -> bool:
    return any(deed.act is Act.DROP_RULE and deed.content == charter for deed in deeds)


def _is_decided(books: Books, case: Case, *, at: datetime) -> None:
    for kind in (AlertKind.APPEAL, AlertKind.CASE):
        seen_to(books, case.number, kind, at=at)


def _false_alarm(books: Books, case: Case, *, at: datetime) -> None:
    about = of_rule(case.article)
    books.audit.record(Deed(who=SERVICE, at=at, act=Act.FALSE_ALARM, about=about, content=case.charter))
    deeds = [entry.deed for entry in books.audit.about(about)]
    alarms = (deed for deed in deeds if deed.act is Act.FALSE_ALARM)
    if is_found_wrong(alarms, case.charter, at) and not _is_dropped(deeds, case.charter):
        books.audit.record(Deed(who=SERVICE, at=at, act=Act.DROP_RULE, about=about, content=case.charter))
