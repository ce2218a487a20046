"""A report to those who run the network becomes a case, like one that somebody makes here; nobody is answered.

What whoever reported wrote is not kept: it may say who they are, and the author of the message reads their file.
"""

from bots.desk import Desk, language
from core.alert import AlertKind
from core.answers import Answer
from core.attention import call_for
from core.casefile import NO_ARTICLE, decided
from core.events import ReportFiled
from core.folding import clean
from core.moderation import Case, CaseState, Evidence, written
from core.ports.store import Books
from core.reports import file, filed
from core.staff import CITIZEN, Act


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
    evidence = Evidence(
        author=event.author.ref,
        name=clean(event.author.name),
        text=clean(event.text),
        locale=language(desk, books, event.author),
        number=event.author.number,
    )
    case = books.cases.open(
        article=NO_ARTICLE,
        charter=desk.town.charter.version,
        account=desk.account,
        chat=event.chat,
        message=event.message,
        author=desk.vault.blind(event.author.ref),
        sealed=desk.vault.seal(written(evidence)),
        state=CaseState.REPORTED,
        at=event.received.at,
        note=event.link,
    )
    decided(books, case, Act.OPEN_CASE, by=CITIZEN, at=event.received.at)
    call_for(books, case.number, AlertKind.CASE, at=event.received.at)
    return case
