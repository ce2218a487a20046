"""Somebody thinks that what was decided about their message is wrong, and says so: by one answer to what they were
told, or by a command. They can as long as they can write to the bot in private, muted or not.

Only the author can: to everybody else there is no such case.
"""

from bots.answering import answer
from bots.casework import evidence_in
from bots.desk import Desk, Request, language
from bots.statements import plan_for_author
from core.answers import Answer
from core.appeal import is_another_there
from core.appealing import appeal_of, deciders_of, lodge, may_be_lodged, overdue
from core.case_messages import AppealOverdue, AppealRefused, AppealTaken, RemovalNotice, StatementOfReasons
from core.casefile import add
from core.events import MessagePosted
from core.folding import clean
from core.identifiers import CaseNumber, Locale, MessageId
from core.moderation import Case
from core.ports.store import Books
from core.post import UNSAID
from core.staff import SERVICE, Act

_MOST_DIGITS = 18  # what a database can count


async def heard(desk: Desk, event: MessagePosted) -> tuple[Answer, ...] | None:
    """What an answer to a statement of reasons asks; None for any other message, which others deal with."""
    answered = event.answers
    if not event.handle.private or answered is None or event.edited:
        return None
    number = await desk.store.read(lambda books: _told_of(desk, books, answered))
    if number is None:
        return None

    def work(books: Books) -> tuple[AppealTaken | AppealRefused, Locale]:
        books.inbox.done((event.received.order,))
        message = _lodged(desk, books, event, number, event.text)
        return message, language(desk, books, event.person)

    message, locale = await desk.store.write(work)
    return (answer(event.handle, message, locale),)


def ask(desk: Desk, request: Request, books: Books) -> AppealTaken | AppealRefused:
    """Appeal in the case whose number comes first, with the words that follow."""
    number = request.arguments[0].partition(" ")[0] if request.arguments else ""
    if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
        return AppealRefused(reason="which_case")
    words = " ".join(request.arguments).removeprefix(number)
    return _lodged(desk, books, request, CaseNumber(int(number)), words)


def _lodged(
    desk: Desk, books: Books, asked: MessagePosted | Request, number: CaseNumber, words: str
) -> AppealTaken | AppealRefused:
    case = books.cases.get(number)
    if case is None or case.author != desk.vault.blind(asked.person.ref):
        return AppealRefused(reason="unknown_case")
    said = clean(words).strip()
    if not said:
        return AppealRefused(reason="no_words", case=number)
    if may_be_lodged(books, case):
        appeal = lodge(books, desk.vault, case, said, at=asked.received.at)
        another = is_another_there(desk.staff, deciders_of(books, number))
        return AppealTaken(case=number, decide_by=appeal.decide_by, zone=desk.town.zone, another=another)
    known = appeal_of(books, case)
    if known is None:
        return AppealRefused(reason="nothing_decided")
    return AppealRefused(reason="waits" if known.verdict is None else "decided")


async def own_up(desk: Desk) -> None:
    """Tell those whom nobody answered in time, once, and where else they can go."""

    def waiting(books: Books) -> list[Case]:
        return [case for case in overdue(books, desk.clock.now()) if case.account == desk.account]

    def work(books: Books) -> None:
        for case in waiting(books):
            add(books, case.number, Act.OWN_UP, by=SERVICE, at=desk.clock.now())
            said = evidence_in(desk, case)
            if said is not None and said.has_private_chat:
                plan_for_author(desk, books, case, said, AppealOverdue(case=case.number))

    if await desk.store.read(waiting):
        await desk.store.write(work)
        desk.wake()


def _told_of(desk: Desk, books: Books, message: MessageId) -> CaseNumber | None:
    """The case that one of our messages in a private chat tells of."""
    number = books.deliveries.of_message(desk.account, UNSAID, message)
    told = books.deliveries.get(number) if number is not None else None
    if told is None or not isinstance(told.message, RemovalNotice | StatementOfReasons):
        return None
    return told.message.case
