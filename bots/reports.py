"""Citizens ask a moderator to look at a message: by /report in answer to it, or from its menu.

A message that is reported has one case, which the staff is told of; each person counts once, with all their linked
accounts, and only so often within an hour. Where the charter says so, several people have it hidden until a moderator
has looked; never what the staff or those who run the place wrote, nor whoever may be one of them. What a moderator let
stand is not looked at again. Whoever reported is thanked alone, and alone told what became of it; nobody else ever
learns it, the author least.
"""

from datetime import datetime, timedelta

from bots.answering import answer
from bots.casework import opened
from bots.desk import Desk, Request, language, voter
from bots.places import addresses, discussed
from core.alert import AlertKind
from core.answers import Answer, Erase, Remove, Say
from core.attention import call_for
from core.audit import of_case
from core.case_messages import ReportRefused
from core.casefile import DECISIONS, decided
from core.citizen import Person
from core.citizen_report import MOST_AN_HOUR
from core.events import Handle, MessageReported, Received, Target
from core.identifiers import Address, Locale
from core.messages import ReportOfOurs, ReportTaken
from core.moderation import UNTOUCHED, Case, CaseState
from core.ports.store import Books
from core.sanction import is_immune
from core.staff import CITIZEN, SERVICE, Act

_HOUR = timedelta(hours=1)
_DECIDED = {
    CaseState.KEPT: "kept",
    CaseState.RESTORED: "kept",
    CaseState.TO_REMOVE: "removed",
    CaseState.REMOVED: "removed",
}
_CLEARED = frozenset({Act.KEEP_MESSAGE, Act.RESTORE_MESSAGE, Act.ACCEPT_APPEAL})

Told = ReportTaken | ReportOfOurs | ReportRefused


async def take(desk: Desk, event: MessageReported) -> tuple[Answer, ...]:
    """Deal with a report from the menu of a message."""
    target = Target(
        author=event.author,
        chat=event.chat,
        message=event.message,
        text=event.text,
        official=event.official,
        ours=event.ours,
    )
    return await _dealt_with(desk, event.received, event.person, event.handle, target, link=event.link)


async def ask(desk: Desk, request: Request) -> tuple[Answer, ...]:
    """Deal with the command; the author of the message need not read it in the group."""
    answers = await _dealt_with(desk, request.received, request.person, request.handle, request.target)
    here = request.handle
    if here.private or here.chat is None or here.message is None:
        return answers
    return (*answers, Erase(chat=here.chat, message=here.message))


async def _dealt_with(
    desk: Desk, received: Received, person: Person, handle: Handle, target: Target | None, *, link: str = ""
) -> tuple[Answer, ...]:
    def work(books: Books) -> tuple[Told, Remove | None, Locale]:
        books.inbox.done((received.order,))
        told: Told = ReportRefused(reason="which_message")
        removal = None
        if target is not None and _is_elsewhere(desk, books, handle):
            told = ReportRefused(reason="elsewhere")
        elif target is not None:
            told, removal = _reported(desk, books, person, target, link=link, at=received.at)
        return told, removal, language(desk, books, person)

    message, removal, locale = await desk.store.write(work)
    return (*_alone(person, handle, message, locale), *((removal,) if removal is not None else ()))


def _is_elsewhere(desk: Desk, books: Books, handle: Handle) -> bool:
    """Whether it was given in a group that is none of the town's debates: anybody can bring a bot into theirs."""
    return not handle.private and not any(handle.chat in addresses(desk, books, each) for each in discussed(desk))


def _alone(person: Person, handle: Handle, message: Told, locale: Locale) -> tuple[Answer, ...]:
    """Where nobody else reads it; nowhere for whoever has no private chat."""
    if handle.private or handle.press is not None:
        return (answer(handle, message, locale),)
    if not person.has_private_chat:
        return ()
    private = Handle(account=handle.account, private=True, chat=Address(person.account))
    return (Say(handle=private, message=message, locale=locale),)


def _reported(
    desk: Desk, books: Books, person: Person, target: Target, *, link: str, at: datetime
) -> tuple[Told, Remove | None]:
    refused = _refused(desk, books, person, target, at)
    if refused is not None:
        return refused, None
    case = books.cases.at(desk.account, target.chat, target.message) or opened(
        desk, books, target, by=CITIZEN, at=at, note=link
    )
    if case.state in _DECIDED:
        return ReportRefused(reason=_found(books, case)), None
    call_for(books, case.number, AlertKind.CASE, at=at)
    books.reports.add(
        case=case.number,
        account=desk.account,
        reporter=_counted_as(desk, books, person),
        sealed=desk.vault.seal(person.ref) if person.has_private_chat else b"",
        locale=language(desk, books, person),
        at=at,
    )
    return ReportTaken(), _hidden(desk, books, case, target, at)


def _refused(
    desk: Desk, books: Books, person: Person, target: Target, at: datetime
) -> ReportOfOurs | ReportRefused | None:
    if target.ours:
        return ReportOfOurs()
    if person.ref == target.author.ref:
        return ReportRefused(reason="own")
    lately = [each for each in books.reports.of(_counted_as(desk, books, person)) if at - each.at < _HOUR]
    return ReportRefused(reason="too_many") if len(lately) >= MOST_AN_HOUR else None


def _counted_as(desk: Desk, books: Books, person: Person) -> bytes:
    """Linked accounts are one person."""
    return desk.vault.blind(voter(desk, books, person.ref))


def _found(books: Books, case: Case) -> str:
    """What was decided: who was warned or muted for a message that stands did not keep to the charter."""
    acts = (entry.deed.act for entry in books.audit.about(of_case(case.number)))
    last = next((act for act in acts if act in DECISIONS or act in _CLEARED), None)
    return "judged" if case.state is CaseState.KEPT and last in DECISIONS else _DECIDED[case.state]


def _hidden(desk: Desk, books: Books, case: Case, target: Target, at: datetime) -> Remove | None:
    """The removal of what so many reported, as the charter says, that a human must look before others read on."""
    reporting = desk.town.charter.reporting
    if reporting.hide_after is None or case.state not in UNTOUCHED or not _is_by_a_citizen(desk, target, at):
        return None
    lately = [each for each in books.reports.about(case.number) if at - each.at < reporting.within]
    if len(lately) < reporting.hide_after:
        return None
    books.cases.move(case.number, expected=case.state, state=CaseState.TO_HIDE, note=case.note)
    decided(books, case, Act.HIDE_MESSAGE, by=SERVICE, at=at)
    books.replies.remove_message(case.account, case.chat, case.message)
    return Remove(case=case.number, chat=case.chat, message=case.message)


def _is_by_a_citizen(desk: Desk, target: Target, at: datetime) -> bool:
    """Whether its author surely runs nothing; where the network does not say, whether they were heard as a citizen."""
    if target.official or is_immune(desk.staff, desk.account, target.author.number):
        return False
    if target.official is False:
        return True
    author = desk.vault.blind(target.author.ref)
    return desk.recent.heard(author, chat=f"{desk.account} {target.chat}", message=target.message, at=at)
