"""Somebody thinks that what was decided about their message is wrong, and says so: by one answer to what they were
told, or by a command. They can as long as they can write to the bot in private, muted or not.

Only the author can: to everybody else there is no such case.
"""

from bots.answering import answer
from bots.desk import Desk, Request, language
from core.answers import Answer
from core.appealing import appeal_of, lodge
from core.case_messages import AppealRefused, AppealTaken, RemovalNotice, StatementOfReasons
from core.events import MessagePosted
from core.folding import clean
from core.identifiers import CaseNumber, Locale, MessageId
from core.ports.store import Books
from core.post import UNSAID

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
    appeal = lodge(books, desk.vault, case, said, at=asked.received.at)
    if appeal is not None:
        return AppealTaken(case=number, decide_by=appeal.decide_by, zone=desk.town.zone)
    known = appeal_of(books, case)
    if known is None:
        return AppealRefused(reason="nothing_decided")
    return AppealRefused(reason="waits" if known.verdict is None else "decided")


def _told_of(desk: Desk, books: Books, message: MessageId) -> CaseNumber | None:
    """The case that one of our messages in a private chat tells of."""
    number = books.deliveries.of_message(desk.account, UNSAID, message)
    told = books.deliveries.get(number) if number is not None else None
    if told is None or not isinstance(told.message, RemovalNotice | StatementOfReasons):
        return None
    return told.message.case
