"""A report to those who run the network becomes a case, like one that somebody makes here; nobody is answered.

What whoever reported wrote is not kept: it may say who they are, and the author of the message reads their file.
"""

from bots.casework import opened
from bots.desk import Desk
from core.alert import AlertKind
from core.answers import Answer
from core.attention import call_for
from core.events import ReportFiled, Target
from core.moderation import Case
from core.ports.store import Books
from core.reports import file, filed
from core.staff import CITIZEN


async def take(desk: Desk, event: ReportFiled) -> tuple[Answer, ...]:
    """Open the case, unless the message has one, and have the report resolved once that is decided."""

    def work(books: Books) -> None:
        books.inbox.done((event.received.order,))
        if any(each.report == event.report for each in filed(books, desk.account)):
            return
        case = books.cases.at(desk.account, event.chat, event.message) or _opened(desk, books, event)
        file(books, desk.account, event.report, case.number)

    await desk.store.write(work)
    return ()


def _opened(desk: Desk, books: Books, event: ReportFiled) -> Case:
    reported = Target(author=event.author, chat=event.chat, message=event.message, text=event.text)
    case = opened(desk, books, reported, by=CITIZEN, at=event.received.at, note=event.link)
    call_for(books, case.number, AlertKind.CASE, at=event.received.at)
    return case
