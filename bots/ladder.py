"""What follows for the author of a message when a rule acts by the ladder: as much as no human needs to decide.

That is a mute of 24 hours at most, and none while they are muted or banned there already: no row of messages mutes
anybody for longer. What the ladder says beyond that is put down in the case, and the staff is asked to decide. Who
speaks as a channel cannot be muted on any network, so that is for a human too. Nobody of the staff is touched.
"""

from datetime import datetime

from bots.desk import Desk
from core.alert import AlertKind
from core.attention import call_for
from core.casefile import add, decided
from core.identifiers import PersonRef
from core.moderation import Case, Evidence, Severity
from core.ports.store import Books
from core.sanction import (
    Measure,
    Order,
    Sanction,
    SanctionKind,
    Subject,
    is_immune,
    left_to_rules,
    measure_for,
    spelt,
    strikes,
)
from core.sanctioning import impose
from core.staff import SERVICE, Act

_SILENCING = frozenset({SanctionKind.MUTE, SanctionKind.BAN})
_ACTS = {SanctionKind.WARNING: Act.WARN, SanctionKind.MUTE: Act.MUTE}


def climb(desk: Desk, books: Books, case: Case, said: Evidence, severity: Severity, *, at: datetime) -> None:
    """Order what the author of a case deserves, as far as rules may, and ask a human for the rest."""
    if is_immune(desk.staff, case.account, said.number):
        return
    theirs = books.sanctions.of(case.author)
    deserved = measure_for(severity, strikes(theirs, at))
    possible = _possible(deserved, said)
    if possible != deserved:
        add(books, case.number, Act.ADVISE, by=SERVICE, at=at, content=spelt(deserved))
        call_for(books, case.number, AlertKind.CASE, at=at)
    if possible is None or any(_silences_here(each, case, at) for each in theirs):
        return
    subject = Subject(person=PersonRef(said.author), number=said.number)
    order = Order(measure=possible, account=case.account, chat=case.chat, subject=subject, case=case.number)
    impose(books, order, at=at, by=SERVICE, staff=desk.staff, vault=desk.vault)
    decided(books, case, _ACTS[possible.kind], by=SERVICE, at=at)


def ordered(books: Books, case: Case) -> Sanction | None:
    """What a rule ordered in this case, and what still counts."""
    theirs = (each for each in books.sanctions.of(case.author) if each.case == case.number)
    return next((each for each in theirs if each.by == SERVICE and not each.annulled), None)


def _possible(deserved: Measure, said: Evidence) -> Measure | None:
    measure = left_to_rules(deserved)
    return measure if said.has_private_chat or measure.kind is SanctionKind.WARNING else None


def _silences_here(sanction: Sanction, case: Case, at: datetime) -> bool:
    here = (sanction.account, sanction.chat) == (case.account, case.chat)
    return here and sanction.kind in _SILENCING and sanction.is_in_force(at)
