"""One case for one episode: who floods a chat, or says the same again and again, has one case and one explanation.

What they write next against the same rule, in the same chat and within the hour, joins the case: its words are put down
there, and it goes the way of the first. Once a human has decided in the case, the next message opens another.
"""

from datetime import timedelta

from bots.casework import evidence_in
from bots.desk import Desk
from bots.spoken import Spoken
from core.casefile import decisions, put_down
from core.folding import clean
from core.moderation import Case, CaseState, Joined, Verdict
from core.ports.store import Books
from core.rules.hit import Sign
from core.staff import SERVICE, Act

LASTS = timedelta(hours=1)
_SIGNS = frozenset({Sign.FLOOD, Sign.COPY})
_ALIKE = {
    CaseState.OBSERVED: frozenset({CaseState.OBSERVED}),
    CaseState.REMINDED: frozenset({CaseState.REMINDED}),
    CaseState.TO_REMOVE: frozenset({CaseState.TO_REMOVE, CaseState.REMOVED, CaseState.NOT_REMOVED}),
    CaseState.TO_HIDE: frozenset({CaseState.TO_HIDE, CaseState.HIDDEN, CaseState.NOT_REMOVED}),
}


def joined(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict, state: CaseState) -> Joined | None:
    """Put a message down in the open case of its episode, as what should become of it; None where there is none."""
    case = _open(desk, books, spoken, verdict, state)
    if case is None:
        return None
    event = spoken.event
    entry = put_down(books, desk.vault, case.number, Act.JOIN_CASE, clean(event.text), by=SERVICE, at=event.received.at)
    more = Joined(
        case=case.number,
        account=case.account,
        chat=case.chat,
        message=spoken.message,
        entry=entry.number,
        state=state,
    )
    books.cases.join(more)
    return more


def _open(desk: Desk, books: Books, spoken: Spoken, verdict: Verdict, state: CaseState) -> Case | None:
    if verdict.sign not in _SIGNS:
        return None
    at, ground = spoken.event.received.at, (verdict.rule.article, desk.town.charter.version)
    lately = (
        case
        for case in reversed(books.cases.of(desk.vault.blind(spoken.event.person.ref)))
        if at - case.at < LASTS and case.state in _ALIKE[state]
    )
    here = (case for case in lately if (case.account, case.chat) == (desk.account, spoken.chat))
    same = (case for case in here if (case.article, case.charter) == ground)
    return next((case for case in same if _is_open(desk, books, case, verdict.sign)), None)


def _is_open(desk: Desk, books: Books, case: Case, sign: Sign) -> bool:
    said = evidence_in(desk, case)
    by_people = any(deed.who != SERVICE for deed in decisions(books, case.number))
    return said is not None and said.sign is sign and not by_people
