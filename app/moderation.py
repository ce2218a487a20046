"""What a moderator does with a case from the command line."""

from app.audit import signed
from app.office import Office
from core.alert import AlertKind
from core.appealing import give_back
from core.attention import seen_to
from core.audit import of_case
from core.casefile import Page, pages
from core.disguise import Reading
from core.errors import ParvisError
from core.identifiers import CaseNumber
from core.moderation import OUT, Case, CaseState, Evidence, read
from core.ports.store import Books
from core.rules.hit import Sign
from core.sanction import SanctionState
from core.staff import Act


class NoSuchCase(ParvisError):
    """What a moderator asked for is about a case that is not there, or that is settled."""


_WHY_NOT = {
    CaseState.REPORTED: "the message still stands where it is: look there, and decide",
    CaseState.REMINDED: "the message still stands where it is: its author was told of the article",
    **dict.fromkeys((CaseState.TO_REMOVE, CaseState.TO_HIDE), "its removal is under way: try again when it is done"),
    CaseState.NOT_REMOVED: "the message still stands in its group: there is nothing to restore",
}


async def evidence_of(office: Office, number: CaseNumber) -> str:
    """The case in sentences, with what was said. Raises NoSuchCase."""
    case = await _case(office, number)
    said = _evidence(office, case)
    article = f"article {case.article} of charter {case.charter}"
    about = case.note if case.state is CaseState.REPORTED else article
    return f"Case {case.number}: {about}, {case.state.value}\n{_why(said)}{said.name}: {said.text}"


async def waiting_for_another(office: Office) -> frozenset[CaseNumber]:
    """The cases in which a ban for ever waits for a second person."""
    now = office.clock.now()
    found = await office.store.read(lambda books: books.sanctions.all(state=SanctionState.PROPOSED, limit=1000))
    return frozenset(each.case for each in found if each.case is not None and each.is_proposed(now))


async def file_of(office: Office, number: CaseNumber) -> tuple[Page, ...]:
    """What was done about a case, the oldest first."""
    return await office.store.read(lambda books: pages(books, office.vault, number))


def _why(said: Evidence) -> str:
    """The words that were found, and the article as it was worded then."""
    if said.rule is None:
        return ""
    return f"Found: «{said.found}» ({way(said.sign, said.reading)})\nThe article said: {said.rule.en}\n"


def way(sign: Sign, reading: Reading) -> str:
    """How it was found: words by how they were read, anything else by what it is."""
    return reading.value if sign is Sign.WORDS else sign.value


async def restore(office: Office, number: CaseNumber) -> None:
    """Plan the message again as a quotation and close the case; twice changes nothing. Raises NoSuchCase."""
    deed = await signed(office, Act.RESTORE_MESSAGE, of_case(number))
    case = await _case(office, number)

    def work(books: Books) -> bool:
        if not give_back(books, case, at=deed.at):
            return False
        books.audit.record(deed)
        seen_to(books, number, AlertKind.CASE, at=deed.at)
        return True

    if case.state not in OUT or not await office.store.write(work):
        why = _WHY_NOT.get(case.state, "there is nothing to restore")
        raise NoSuchCase(f"case {number} is {case.state.value}: {why}")


async def _case(office: Office, number: CaseNumber) -> Case:
    case = await office.store.read(lambda books: books.cases.get(number))
    if case is None:
        raise NoSuchCase(f"there is no case {number} (see: parvis cases)")
    return case


def _evidence(office: Office, case: Case) -> Evidence:
    return read(office.vault.unseal(case.sealed))
