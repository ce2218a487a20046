"""What is reported to those who run a network becomes a case, and is resolved there once that is decided."""

import pytest

from core.alert import AlertKind
from core.casefile import NO_ARTICLE
from core.events import Incoming, Received, ReportFiled
from core.identifiers import CaseNumber, MessageId
from core.moderation import UNDER_WAY, CaseState
from core.ports.store import Books
from core.reports import Filed, decided, filed
from core.staff import CITIZEN, Act
from tests.bots.moderators import AUTHOR, acts, orders, said_by, staffed, told
from tests.bots.town import DEBATES, Stage
from tests.fakes import ACCOUNT, Telling

LINK = "https://mairie.example/admin/reports/7"


def reported(report: str = "7", message: str = "70") -> Telling:
    """Somebody reported what the author wrote."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (
            ReportFiled(
                received=received,
                author=AUTHOR,
                chat=DEBATES,
                message=MessageId(message),
                text="Espèce de nigaud",
                link=LINK,
                report=report,
            ),
        )

    return telling


async def test_a_report_opens_a_case_and_nobody_learns_who_made_it() -> None:
    """Once, however often it is told."""
    stage = staffed()

    answers = [await stage.hears(reported()), await stage.hears(reported())]

    (case,) = await stage.look(lambda books: books.cases.all())
    assert answers == [(), ()]
    assert (case.state, case.article, case.note) == (CaseState.REPORTED, NO_ARTICLE, LINK)
    assert await acts(stage) == [(Act.OPEN_CASE, CITIZEN, "")]
    assert await stage.look(lambda books: filed(books, ACCOUNT)) == (Filed("7", CaseNumber(1)),)


async def test_a_message_that_has_a_case_keeps_it() -> None:
    """Two reports of one message are resolved together."""
    stage = staffed()
    for report in ("7", "8"):
        await stage.hears(reported(report))
    before = await stage.look(lambda books: decided(books, ACCOUNT))
    await stage.hears(orders("/warn 1 2 non"))

    after = await stage.look(lambda books: decided(books, ACCOUNT))

    assert before == ()
    assert after == (Filed("7", CaseNumber(1)), Filed("8", CaseNumber(1)))


async def test_what_was_decided_before_it_was_reported_is_dealt_with() -> None:
    """There is nothing to wait for."""
    stage = staffed()
    await told(stage, "/warn 2 non", answering=said_by())

    await stage.hears(reported())

    assert await stage.look(lambda books: decided(books, ACCOUNT)) == (Filed("7", CaseNumber(1)),)


async def test_the_staff_is_asked_to_look_until_somebody_has_decided() -> None:
    """As at any report: a case that nobody is told of waits for ever."""
    stage = staffed()

    await stage.hears(reported())
    before = await waiting(stage)
    await stage.hears(orders("/keep 1"))

    assert (before, await waiting(stage)) == (["case:1"], [])


async def waiting(stage: Stage) -> list[str]:
    """The cases that the staff is asked to look at."""
    found = await stage.look(lambda books: books.alerts.standing())
    return [each.matter.about for each in found if each.matter.kind is AlertKind.CASE and each.over_at is None]


@pytest.mark.parametrize("stands", [CaseState.TO_HIDE, CaseState.HIDDEN, CaseState.TO_REMOVE, CaseState.NOT_REMOVED])
async def test_what_no_human_decided_is_not_resolved(stands: CaseState) -> None:
    """A rule hid it, or wanted to remove it and could not: somebody must look at it, here or there."""
    stage = staffed()
    await stage.hears(reported())

    def stand(books: Books) -> None:
        books.cases.move(CaseNumber(1), expected=CaseState.REPORTED, state=stands)

    await stage.look(stand)
    before = await stage.look(lambda books: decided(books, ACCOUNT))
    await stage.hears(orders("/warn 1 2 non"))

    waits = stands in UNDER_WAY
    assert (before, await stage.look(lambda books: decided(books, ACCOUNT))) == (
        (),
        () if waits else (Filed("7", CaseNumber(1)),),
    )
