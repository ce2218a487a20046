"""What moderators do with the file of a case: look, note, explain, take charge, let its message stand."""

from datetime import datetime

from bots.desk import Desk, language
from bots.orders import Instruction
from bots.reporters import tell_reporters
from core import casefile
from core.alert import AlertKind
from core.appealing import annul, give_back
from core.attention import seen_to
from core.case_messages import CaseDone, CaseLine, CaseRefused, CaseShown, CasesShown, PageShown
from core.casefile import NO_ARTICLE, Page, add, case_about, put_down
from core.errors import StorageError
from core.events import Target
from core.folding import clean
from core.identifiers import MemberKey
from core.moderation import OUT, UNTOUCHED, Case, CaseState, Evidence, evidence_of, read, written
from core.ports.store import Books
from core.sanctioning import proposed_in
from core.staff import SERVICE, Act

_MOST = 10  # cases in a list that is read in a chat
_LEFT_TO_KEEP = frozenset({*UNTOUCHED, *OUT, CaseState.NOT_REMOVED})


def show_cases(desk: Desk, books: Books, order: Instruction) -> CasesShown:
    """The newest cases, or those of who wrote the message answered."""
    if order.target is None:
        found = books.cases.all(limit=_MOST)
    else:
        found = tuple(reversed(books.cases.of(desk.vault.blind(order.target.author.ref))))[:_MOST]
    lines = tuple(_line(desk, books, case) for case in found)
    return CasesShown(cases=lines, zone=desk.town.zone, author=order.target is not None)


def show_case(desk: Desk, books: Books, order: Instruction) -> CaseShown | CaseRefused:
    """The case with its file."""
    case = known(desk, books, order)
    return case if isinstance(case, CaseRefused) else _shown(desk, books, case)


def take(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Look after it from now on."""
    case = known(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    books.cases.assign(case.number, order.member.key)
    add(books, case.number, Act.ASSIGN_CASE, by=order.member.key, at=order.at, content=order.member.key)
    return CaseDone(case=case.number, did=Act.ASSIGN_CASE)


def keep(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Say that the message may stand: what was taken out is given back, what a rule ordered counts no more."""
    case = known(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    if case.state not in _LEFT_TO_KEEP:
        return CaseRefused(reason="settled")
    by, at = order.member.key, order.at
    if order.rest:
        put_down(books, desk.vault, case.number, Act.NOTE_CASE, said_in(order.rest), by=by, at=at)
    restoring = give_back(books, case, at=at)
    if not restoring:
        books.cases.move(case.number, expected=case.state, state=CaseState.KEPT, note=case.note)
    act = Act.RESTORE_MESSAGE if restoring else Act.KEEP_MESSAGE
    add(books, case.number, act, by=by, at=at)
    annul(books, case, by=by, at=at, staff=desk.staff, ordered_by=SERVICE)
    seen_to(books, case.number, AlertKind.CASE, at=at)
    tell_reporters(desk, books, case.number, upheld=False)
    return CaseDone(case=case.number, did=act, restoring=restoring)


def note(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Write something for colleagues; a message without a case gets one."""
    return _put_down(desk, books, order, Act.NOTE_CASE)


def explain(desk: Desk, books: Books, order: Instruction) -> CaseDone | CaseRefused:
    """Write the reasons that the author is told from now on."""
    return _put_down(desk, books, order, Act.EXPLAIN_CASE)


def _put_down(desk: Desk, books: Books, order: Instruction, act: Act) -> CaseDone | CaseRefused:
    if not order.rest:
        return CaseRefused(reason="no_words")
    case = known(desk, books, order)
    if isinstance(case, CaseRefused):
        return case
    put_down(books, desk.vault, case.number, act, said_in(order.rest), by=order.member.key, at=order.at)
    return CaseDone(case=case.number, did=act)


def said_in(words: tuple[str, ...]) -> str:
    """What somebody typed, as it can be kept."""
    return clean(" ".join(words))


def known(desk: Desk, books: Books, order: Instruction) -> Case | CaseRefused:
    """The case that a command is about; opened when it answers a message that has none."""
    if order.number is not None:
        return books.cases.get(order.number) or CaseRefused(reason="unknown_case")
    if order.about is not None:
        return books.cases.at(desk.account, *order.about) or CaseRefused(reason="unknown_case")
    if order.target is None:
        return CaseRefused(reason="which_case")
    standing = case_about(books, desk.account, order.target.chat, order.target.message)
    if standing is not None:
        return standing
    return untouchable(desk, order.target) or opened(desk, books, order.target, by=order.member.key, at=order.at)


def untouchable(desk: Desk, target: Target) -> CaseRefused | None:
    """Why nobody moderates this message, if so."""
    if target.ours:
        return CaseRefused(reason="ours")
    of_the_staff = desk.staff.behind(desk.account, target.author.number) is not None
    return CaseRefused(reason="staff") if of_the_staff or target.official else None


def opened(desk: Desk, books: Books, target: Target, *, by: MemberKey, at: datetime, note: str = "") -> Case:
    """The case of a message that somebody looked at, or wants looked at; nothing is decided in it yet."""
    author = target.author
    evidence = evidence_of(author, target.text, language(desk, books, author))
    case = books.cases.open(
        article=NO_ARTICLE,
        charter=desk.town.charter.version,
        account=desk.account,
        chat=target.chat,
        message=target.message,
        author=desk.vault.blind(author.ref),
        sealed=desk.vault.seal(written(evidence)),
        state=CaseState.REPORTED,
        at=at,
        note=note,
    )
    casefile.decided(books, case, Act.OPEN_CASE, by=by, at=at)
    return case


def evidence_in(desk: Desk, case: Case) -> Evidence | None:
    """What was said; None where the town's key has changed since."""
    try:
        return read(desk.vault.unseal(case.sealed))
    except StorageError:
        return None


def _shown(desk: Desk, books: Books, case: Case) -> CaseShown:
    said = evidence_in(desk, case)
    file = casefile.pages(books, desk.vault, case.number) if said is not None else ()
    joining = [page for page in file if page.act is Act.JOIN_CASE]
    return CaseShown(
        case_line=_line(desk, books, case),
        charter=case.charter,
        rule=said.rule if said is not None else None,
        author=said.name if said is not None else None,
        text=said.text if said is not None else None,
        pages=tuple(_page(desk, page) for page in file if page not in joining[_MOST:]),
        joined=len(joining),
        reports=len(books.reports.about(case.number)),
        zone=desk.town.zone,
    )


def _page(desk: Desk, page: Page) -> PageShown:
    by, advised = desk.staff.name_of(page.by), page.content if page.act is Act.ADVISE else ""
    return PageShown(act=page.act, by=by, at=page.at, words=page.words, measure=advised)


def _line(desk: Desk, books: Books, case: Case) -> CaseLine:
    proposed = proposed_in(books, case, desk.clock.now())
    return CaseLine(
        case=case.number,
        state=case.state,
        article=case.article,
        at=case.at,
        assigned=desk.staff.name_of(MemberKey(case.assigned)),
        proposed_by="" if proposed is None else desk.staff.name_of(proposed.by),
    )
