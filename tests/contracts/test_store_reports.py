"""Reports of citizens: one of each person about a case, settled once, and forgotten with it or when they ask."""

from datetime import datetime
from functools import partial

from core.citizen_report import CitizenReport
from core.identifiers import Address, CaseNumber, Locale, MessageId, ReportId
from core.moderation import CaseState
from core.ports.store import Books, Store
from tests.contracts.doings import ACCOUNT, LATER
from tests.core.examples import NOON

ALIX, BILAL = b"a" * 16, b"b" * 16


def _opened(message: str, at: datetime, books: Books) -> CaseNumber:
    return books.cases.open(
        article="-",
        charter="1",
        account=ACCOUNT,
        chat=Address("-100300"),
        message=MessageId(message),
        author=b"c" * 16,
        sealed=b"sealed",
        state=CaseState.REPORTED,
        at=at,
    ).number


def _add(case: CaseNumber, reporter: bytes, books: Books) -> bool:
    return books.reports.add(
        case=case, account=ACCOUNT, reporter=reporter, sealed=reporter * 2, locale=Locale.FR, at=NOON
    )


async def _two(store: Store) -> tuple[CaseNumber, CaseNumber]:
    """Two cases: one that both reported, one that Alix did."""
    first, second = [await store.write(partial(_opened, message, at)) for message, at in (("1", NOON), ("2", LATER))]
    for case, reporter in ((first, ALIX), (first, BILAL), (second, ALIX)):
        await store.write(partial(_add, case, reporter))
    return first, second


async def test_a_report_comes_back_as_it_was_made_and_counts_once(store: Store) -> None:
    """Also when the same person asks again."""
    first, second = await _two(store)

    again = await store.write(partial(_add, first, ALIX))
    theirs = await store.read(lambda books: books.reports.of(ALIX))
    found = await store.read(lambda books: books.reports.get(theirs[0].id))
    unknown = await store.read(lambda books: books.reports.get(ReportId(0)))

    assert (again, unknown, [each.case for each in theirs]) == (False, None, [first, second])
    assert found == CitizenReport(
        id=theirs[0].id,
        case=first,
        account=ACCOUNT,
        reporter=ALIX,
        sealed=ALIX * 2,
        locale=Locale.FR,
        at=NOON,
    )


async def test_what_was_found_is_said_once_of_one_case(store: Store) -> None:
    """Whoever reports later waits for the next decision."""
    first, second = await _two(store)

    settled = await store.write(lambda books: books.reports.settle(first, upheld=True))
    again = await store.write(lambda books: books.reports.settle(first, upheld=False))
    others = await store.read(lambda books: books.reports.about(second))

    assert [(each.reporter, each.upheld) for each in settled] == [(ALIX, True), (BILAL, True)]
    assert (again, [each.upheld for each in others]) == ((), [None])
    assert await store.read(lambda books: books.reports.about(first)) == settled


async def test_reports_are_forgotten_when_asked_and_with_their_case(store: Store) -> None:
    """Nothing of anybody else."""
    first, second = await _two(store)

    erased = await store.write(lambda books: books.reports.forget(ALIX))
    left = await store.read(lambda books: [each.reporter for each in books.reports.about(first)])
    await store.write(lambda books: books.cases.purge(before=LATER))

    assert (erased, left) == (2, [BILAL])
    assert await store.read(lambda books: (books.reports.about(first), books.reports.about(second))) == ((), ())
