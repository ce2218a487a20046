"""Reports that a network keeps itself, and the cases here that they became: what is decided here is resolved there.

Which wait is a fact of the account, so that it outlives the process; it names no person.
"""

import json
from typing import NamedTuple

from core.casefile import decisions
from core.identifiers import AccountName, CaseNumber
from core.moderation import UNDER_WAY, UNTOUCHED, Case, CaseState
from core.ports.store import Books
from core.staff import SERVICE

_FACT = "reports:{}"
_OPEN = frozenset({*UNTOUCHED, *UNDER_WAY})
_FOR_A_HUMAN = frozenset({CaseState.HIDDEN, CaseState.NOT_REMOVED})


class Filed(NamedTuple):
    """The network's number of a report, and our case of it."""

    report: str
    case: CaseNumber


def filed(books: Books, account: AccountName) -> tuple[Filed, ...]:
    """Those that are not resolved yet, the oldest first."""
    kept = books.town.fact(_FACT.format(account))
    return tuple(Filed(report, CaseNumber(case)) for report, case in json.loads(kept)) if kept else ()


def file(books: Books, account: AccountName, report: str, case: CaseNumber) -> None:
    """Keep in mind that this report is to be resolved once its case is decided."""
    _keep(books, account, (*filed(books, account), Filed(report, case)))


def decided(books: Books, account: AccountName) -> tuple[Filed, ...]:
    """Those whose case is decided, or forgotten."""
    cases = {each: books.cases.get(each.case) for each in filed(books, account)}
    return tuple(each for each, case in cases.items() if case is None or _is_decided(books, case))


def _is_decided(books: Books, case: Case) -> bool:
    """Whether nobody need look any more; at what a rule hid, or could not remove, somebody must."""
    if case.state in _OPEN:
        return False
    return case.state not in _FOR_A_HUMAN or any(deed.who != SERVICE for deed in decisions(books, case.number))


def resolved(books: Books, account: AccountName, report: str) -> None:
    """The network knows."""
    _keep(books, account, tuple(each for each in filed(books, account) if each.report != report))


def _keep(books: Books, account: AccountName, reports: tuple[Filed, ...]) -> None:
    books.town.set_fact(_FACT.format(account), json.dumps(reports) if reports else None)
