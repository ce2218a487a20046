"""What a moderator does with a case from the command line."""

import json
from datetime import timedelta

from app.office import Office
from core.audience import Recipient, RecipientKind
from core.delivery import Urgency
from core.errors import ParvisError
from core.identifiers import CaseNumber
from core.messages import MessageRestored
from core.moderation import Case, CaseState, Evidence
from core.ports.store import Books


class NoSuchCase(ParvisError):
    """What a moderator asked for is about a case that is not there, or that is settled."""


_RESTORABLE = frozenset({CaseState.REMOVED, CaseState.TO_REMOVE, CaseState.NOT_REMOVED})
_STILL_OF_INTEREST = timedelta(days=7)


async def evidence_of(office: Office, number: CaseNumber) -> str:
    """The case in sentences, with what was said. Raises NoSuchCase."""
    case = await _case(office, number)
    said = _evidence(office, case)
    about = f"Case {case.number}: article {case.article} of charter {case.charter}, {case.state.value}"
    return f"{about}\n{said.name}: {said.text}"


async def restore(office: Office, number: CaseNumber) -> None:
    """Plan the message again as a quotation and close the case; twice changes nothing. Raises NoSuchCase."""
    case = await _case(office, number)
    now = office.clock.now()

    def work(books: Books) -> bool:
        if not books.cases.move(case.number, expected=case.state, state=CaseState.RESTORED):
            return False
        books.deliveries.plan(
            occurrence=None,
            message=MessageRestored(case=case.number),
            recipients=[(case.account, Recipient(RecipientKind.CHAT, case.chat))],
            urgency=Urgency.NOTICE,
            due_at=now,
            expires_at=now + _STILL_OF_INTEREST,
        )
        return True

    if case.state not in _RESTORABLE or not await office.store.write(work):
        raise NoSuchCase(f"case {number} is {case.state.value}: there is nothing to restore")


async def _case(office: Office, number: CaseNumber) -> Case:
    case = await office.store.read(lambda books: books.cases.get(number))
    if case is None:
        raise NoSuchCase(f"there is no case {number} (see: parvis cases)")
    return case


def _evidence(office: Office, case: Case) -> Evidence:
    return Evidence(**json.loads(office.vault.unseal(case.sealed)))
