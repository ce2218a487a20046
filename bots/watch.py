"""The charter: every message of the debates meets its rules; what breaks one is judged once, explained, and removed.

What follows is what the rule says: its author is told, or it is hidden until somebody has looked, or it is removed, or
removed with what the ladder says of its author. The case is opened before anything is removed, in the transaction that
also erases what the message was stored as.
``carry_out`` then makes the case true, and plans the notice to the author in the transaction that says so; a crash in
between leaves a case to remove, which ``to_remove`` finds again.
"""

from dataclasses import dataclass, replace
from functools import partial

from bots.casework import evidence_in
from bots.desk import Desk, language
from bots.episodes import joined
from bots.ladder import climb
from bots.notices import plan_notice
from bots.reporters import tell_reporters
from bots.spoken import Spoken
from bots.statements import plan_statement
from core.alert import AlertKind
from core.answers import Remove
from core.appealing import only_observes
from core.attention import call_for
from core.casefile import add, decided, last_decisions
from core.errors import Rejected
from core.identifiers import CaseNumber
from core.moderation import (
    UNDER_WAY,
    UNTOUCHED,
    Action,
    Case,
    CaseState,
    Enforcement,
    Joined,
    Verdict,
    evidence_of,
    written,
)
from core.ports.platform import Editor
from core.ports.store import Books
from core.sanction import is_immune
from core.staff import SERVICE, Act

OF_STAFF = "the author is of the staff"  # for the operator, as what a network answers
_STATES = {
    Action.NOTICE: CaseState.REMINDED,
    Action.HIDE: CaseState.TO_HIDE,
    Action.REMOVE: CaseState.TO_REMOVE,
    Action.MEASURE: CaseState.TO_REMOVE,
}
_DECIDED = {
    CaseState.REMINDED: Act.REMIND,
    CaseState.TO_HIDE: Act.HIDE_MESSAGE,
    CaseState.TO_REMOVE: Act.REMOVE_MESSAGE,
}
_MOST = 1000  # cases looked at in one sweep; the next sweep sees the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What is to be taken out, and whether somebody is told something at once."""

    removal: Remove | None = None
    told: bool = False


NOTHING = Response()


def watch(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict | None) -> Response:
    """Act on the verdict on a message. Opens a case when it breaks a rule, and says what to remove."""
    if verdict is None or spoken.event.official is not False:
        return NOTHING
    known = _known(desk, books, spoken)
    if known is not None and known.state not in UNTOUCHED:
        return Response(removal=_removal(known)) if known.state in UNDER_WAY else NOTHING
    state = _what_becomes(desk, books, spoken, verdict)
    if known is not None and _is_noted(known, state):
        return NOTHING
    more = joined(desk, books, spoken, verdict, state) if known is None else None
    return _opened(desk, books, spoken, verdict, state) if more is None else _joined(desk, books, more)


def _is_noted(known: Case | Joined, state: CaseState) -> bool:
    """Whether somebody asked a moderator to look already, or its author was told, or it joined a case."""
    told = {CaseState.REPORTED, CaseState.REMINDED}
    return state in UNTOUCHED and (isinstance(known, Joined) or known.state in told)


def _opened(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict, state: CaseState) -> Response:
    case = _open(desk, books, spoken, verdict, state)
    if state is CaseState.OBSERVED:
        return NOTHING
    if state is CaseState.REMINDED:
        return Response(told=plan_notice(desk, books, case))
    books.replies.remove_message(desk.account, spoken.chat, spoken.message)
    return Response(removal=_removal(case))


def _joined(desk: Desk, books: Books, more: Joined) -> Response:
    """What becomes of a message that joined a case: it goes the way of the first, and its author was told already."""
    if more.state in UNTOUCHED:
        return NOTHING
    books.replies.remove_message(desk.account, more.chat, more.message)
    return Response(removal=_removal(more))


def _what_becomes(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict) -> CaseState:
    observed = verdict.enforcement is Enforcement.OBSERVE
    if observed or only_observes(books, verdict.rule.article, desk.town.charter.version):
        return CaseState.OBSERVED
    if verdict.action is Action.NOTICE and is_immune(desk.staff, desk.account, spoken.event.person.number):
        return CaseState.OBSERVED
    return _STATES[verdict.action]


def is_settled(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict | None) -> bool:
    """Whether this breaks a rule and was dealt with before it was rewritten: then it is not stored as a reply."""
    known = None if verdict is None else _known(desk, books, spoken)
    return known is not None and known.state not in UNTOUCHED


async def carry_out(desk: Desk, editor: Editor, removal: Remove, *, reason: str = "") -> None:
    """Take the message out, settle its case and have the author told why. ``reason`` is for the network's record.

    Raises PlatformError, but for a refusal, which the case notes: then nothing was taken out, and nobody is told so.
    What one of the staff wrote is left where it is, whatever the rules say: a human looks.
    """
    refusal: str | None = None
    if await desk.store.read(partial(_is_of_staff, desk, removal.case)):
        refusal = OF_STAFF
    else:
        try:
            await editor.remove(removal.chat, removal.message, reason=reason)
        except Rejected as refused:
            refusal = refused.detail
    if await desk.store.write(partial(_settle, desk, removal, refusal)):
        desk.wake()


def _is_of_staff(desk: Desk, number: CaseNumber, books: Books) -> bool:
    """Whether nobody may touch the author; in a town that names nobody there is no staff to spare."""
    case = books.cases.get(number) if desk.staff.is_named else None
    said = None if case is None else evidence_in(desk, case)
    return said is not None and is_immune(desk.staff, desk.account, said.number)


def to_remove(desk: Desk, books: Books) -> tuple[Remove, ...]:
    """What this account still has to remove, the oldest first."""
    cases = [case for state in UNDER_WAY for case in books.cases.all(state=state, limit=_MOST)]
    ours = [case for case in reversed(cases) if case.account == desk.account]
    more = books.cases.unremoved(desk.account, limit=_MOST)
    return (*map(_removal, ours), *map(_removal, more))


def _known(desk: Desk, books: Books, spoken: Spoken) -> Case | Joined | None:
    """The case of this message, or how it joined one: it was rewritten since, or is dealt with again."""
    where = (desk.account, spoken.chat, spoken.message)
    return books.cases.at(*where) or books.cases.joining(*where)


def _settle(desk: Desk, removal: Remove, refusal: str | None, books: Books) -> bool:
    """Settle a case, once, or a message that joined it; whether its author is to be told."""
    number, at = removal.case, desk.clock.now()
    case = books.cases.get(number)
    if case is not None and case.message != removal.message:
        return _settle_joined(books, books.cases.joining(case.account, case.chat, removal.message), refusal)
    if case is None or case.state not in UNDER_WAY:
        return False
    state = _after(case.state, refusal)
    books.cases.move(number, expected=case.state, state=state, note=refusal or "")
    add(books, number, Act.SETTLE_CASE, by=SERVICE, at=at, content=state)
    if state is CaseState.HIDDEN:
        call_for(books, number, AlertKind.CASE, at=at)
    settled, decided_now = replace(case, state=state), last_decisions(books, number, {Act.REMOVE_MESSAGE})
    if decided_now and decided_now[0].who != SERVICE:
        return state is CaseState.REMOVED and plan_statement(desk, books, settled, decided_now)
    reporters = state is CaseState.REMOVED and tell_reporters(desk, books, number, upheld=True)
    return plan_notice(desk, books, settled) or reporters


def _settle_joined(books: Books, joining: Joined | None, refusal: str | None) -> bool:
    """Nobody is told: they were, of the first."""
    if joining is not None and joining.state in UNDER_WAY:
        books.cases.move_joined(joining, state=_after(joining.state, refusal))
    return False


def _after(state: CaseState, refusal: str | None) -> CaseState:
    return UNDER_WAY[state] if refusal is None else CaseState.NOT_REMOVED


def _open(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict, state: CaseState) -> Case:
    event, person = spoken.event, spoken.event.person
    evidence = replace(
        evidence_of(person, event.text, language(desk, books, person)),
        found=verdict.found,
        reading=verdict.reading,
        sign=verdict.sign,
        rule=verdict.rule.wording,
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
    at = event.received.at
    decided(books, case, Act.OPEN_CASE, by=SERVICE, at=at)
    if state in _DECIDED:
        decided(books, case, _DECIDED[state], by=SERVICE, at=at)
        if verdict.action is Action.MEASURE:
            climb(desk, books, case, evidence, verdict.rule.severity, at=at)
    return case


def _removal(about: Case | Joined) -> Remove:
    number = about.number if isinstance(about, Case) else about.case
    return Remove(case=number, chat=about.chat, message=about.message)
