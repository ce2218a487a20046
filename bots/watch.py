"""The charter: every message of the debates meets its rules; what breaks one is judged once, explained, and removed.

The case is opened before anything is removed, in the transaction that also erases what the message was stored as.
``carry_out`` then makes the case true, and plans the notice to the author in the transaction that says so; a crash in
between leaves a case to remove, which ``to_remove`` finds again.
"""

from functools import partial

from bots.casework import evidence_in
from bots.desk import Desk, language
from bots.spoken import Spoken
from bots.statements import plan_for_author, plan_statement
from core.answers import Remove
from core.appealing import only_observes
from core.case_messages import RemovalNotice, RemovalNoticeInGroup
from core.casefile import add, decided, last_decisions
from core.errors import Rejected
from core.folding import clean
from core.identifiers import CaseNumber
from core.messages import Delivered
from core.moderation import UNTOUCHED, Case, CaseState, Enforcement, Evidence, Verdict, written
from core.ports.platform import Editor
from core.ports.store import Books
from core.sanction import is_immune
from core.staff import SERVICE, Act

OF_STAFF = "the author is of the staff"  # for the operator, as what a network answers
_MOST = 1000  # cases looked at in one sweep; the next sweep sees the rest


def watch(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict | None) -> Remove | None:
    """Act on the verdict on a message. Opens a case when it breaks a rule, and says what to remove."""
    if verdict is None or spoken.event.official is not False:
        return None
    known = _known_case(desk, books, spoken)
    if known is not None and known.state not in UNTOUCHED:
        return _removal(known) if known.state is CaseState.TO_REMOVE else None
    article, version = verdict.rule.article, desk.town.charter.version
    if verdict.enforcement is Enforcement.OBSERVE or only_observes(books, article, version):
        if known is not None and known.state is CaseState.REPORTED:
            return None  # somebody asked a moderator to look already
        _open(desk, books, spoken, verdict, CaseState.OBSERVED)
        return None
    case = _open(desk, books, spoken, verdict, CaseState.TO_REMOVE)
    books.replies.remove_message(desk.account, spoken.chat, spoken.message)
    return _removal(case)


def is_settled(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict | None) -> bool:
    """Whether this breaks a rule and was dealt with before it was rewritten: then it is not stored as a reply."""
    known = None if verdict is None else _known_case(desk, books, spoken)
    return known is not None and known.state not in UNTOUCHED


async def carry_out(desk: Desk, editor: Editor, removal: Remove, *, reason: str = "") -> None:
    """Take the message out, settle its case and have the author told why. ``reason`` is for the network's record.

    Raises PlatformError, but for a refusal, which the case notes: then nothing was taken out, and nobody is told so.
    What one of the staff wrote is left where it is, whatever the rules say: a human looks.
    """
    state, note = CaseState.REMOVED, ""
    if await desk.store.read(partial(_is_of_staff, desk, removal.case)):
        state, note = CaseState.NOT_REMOVED, OF_STAFF
    else:
        try:
            await editor.remove(removal.chat, removal.message, reason=reason)
        except Rejected as refusal:
            state, note = CaseState.NOT_REMOVED, refusal.detail
    if await desk.store.write(partial(_settle, desk, removal.case, state, note)):
        desk.wake()


def _is_of_staff(desk: Desk, number: CaseNumber, books: Books) -> bool:
    """Whether nobody may touch the author; in a town that names nobody there is no staff to spare."""
    case = books.cases.get(number) if desk.staff.is_named else None
    said = None if case is None else evidence_in(desk, case)
    return said is not None and is_immune(desk.staff, desk.account, said.number)


def to_remove(desk: Desk, books: Books) -> tuple[Remove, ...]:
    """What this account still has to remove, the oldest first."""
    cases = books.cases.all(state=CaseState.TO_REMOVE, limit=_MOST)
    return tuple(_removal(case) for case in reversed(cases) if case.account == desk.account)


def _known_case(desk: Desk, books: Books, spoken: Spoken) -> Case | None:
    """The case that this message has already: it was rewritten since, or is dealt with again."""
    return books.cases.at(desk.account, spoken.chat, spoken.message)


def _settle(desk: Desk, number: CaseNumber, state: CaseState, note: str, books: Books) -> bool:
    """Settle a case, once; whether its author is to be told."""
    if not books.cases.move(number, expected=CaseState.TO_REMOVE, state=state, note=note):
        return False
    add(books, number, Act.SETTLE_CASE, by=SERVICE, at=desk.clock.now(), content=state)
    case = books.cases.get(number)
    if state is not CaseState.REMOVED or case is None:
        return False
    decided_now = last_decisions(books, number, {Act.REMOVE_MESSAGE})
    if decided_now and decided_now[0].who != SERVICE:
        return plan_statement(desk, books, case, decided_now)
    return _plan_notice(desk, books, case)


def _open(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict, state: CaseState) -> Case:
    event, person = spoken.event, spoken.event.person
    evidence = Evidence(
        author=person.ref,
        name=clean(person.name),
        text=clean(event.text),
        found=verdict.found,
        reading=verdict.reading,
        sign=verdict.sign,
        rule=verdict.rule.wording,
        locale=language(desk, books, person),
        has_private_chat=person.has_private_chat,
        number=person.number,
    )
    case = books.cases.open(
        article=verdict.rule.article,
        charter=desk.town.charter.version,
        account=desk.account,
        chat=spoken.chat,
        message=spoken.message,
        author=desk.vault.blind(person.ref),
        sealed=desk.vault.seal(written(evidence)),
        state=state,
        at=event.received.at,
        note="edited" if event.edited else "",
    )
    decided(books, case, Act.OPEN_CASE, by=SERVICE, at=event.received.at)
    if state is CaseState.TO_REMOVE:
        decided(books, case, Act.REMOVE_MESSAGE, by=SERVICE, at=event.received.at)
    return case


def _plan_notice(desk: Desk, books: Books, case: Case) -> bool:
    """Plan what the author is told, if anything; the case alone says who that is. A channel's is told in the group."""
    said = evidence_in(desk, case)
    if said is None or said.rule is None:
        return False
    message: Delivered = RemovalNotice(
        case=case.number,
        article=case.article,
        charter=case.charter,
        rule=said.rule,
        account=desk.account,
        chat=case.chat,
    )
    if not said.has_private_chat:
        message = RemovalNoticeInGroup(case=case.number, article=case.article, rule=said.rule)
    return plan_for_author(desk, books, case, said, message)


def _removal(case: Case) -> Remove:
    return Remove(case=case.number, chat=case.chat, message=case.message)
