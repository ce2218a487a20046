"""What is published of a month of moderation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from core.audit import ROOT, Deed, Entry, digest_after
from core.casefile import DECISIONS, Ground, written
from core.identifiers import AccountName, MemberKey, PlatformName
from core.staff import CITIZEN, SERVICE, Act
from core.suppression import TOTAL
from core.transparency import IN_DSA, Report, report

MARCH, APRIL = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHLOE = MemberKey("clopez")
NETWORKS = {AccountName("bot"): PlatformName("telegram")}


def entries(*deeds: Deed) -> Iterator[Entry]:
    """The log of these."""
    previous = ROOT
    for number, deed in enumerate(deeds, 1):
        digest = digest_after(previous, deed)
        yield Entry(number=number, deed=deed, previous=previous, digest=digest)
        previous = digest


def deed(case: int, act: Act, by: MemberKey = SERVICE, *, at: datetime = MARCH, article: str = "2") -> Deed:
    """Something about a case."""
    content = written(Ground(account="bot", article=article, charter="1"))
    return Deed(who=by, at=at, act=act, about=f"case:{case}", content=content)


def march(*deeds: Deed) -> Report:
    """The report."""
    return report("2027-03", entries(*deeds), since=MARCH, until=APRIL, networks=NETWORKS, checkpoint=None)


def several(count: int, act: Act, by: MemberKey = SERVICE, *, at: datetime = MARCH, article: str = "2") -> list[Deed]:
    """The same about so many cases."""
    return [deed(case, act, by, at=at, article=article) for case in range(count)]


def test_decisions_are_counted_by_article_network_and_action() -> None:
    """Those of this month only: its first instant is in it, that of the next is not."""
    told = march(
        *several(5, Act.REMOVE_MESSAGE, at=MARCH - HOUR),
        *several(20, Act.REMOVE_MESSAGE),
        *several(30, Act.WARN, CHLOE, at=APRIL - HOUR),
        *several(40, Act.WARN, CHLOE, at=APRIL),
    )

    assert told.decisions.cells["2", "telegram remove-message"] == 20
    assert told.decisions.cells["2", TOTAL] == told.decisions.cells[TOTAL, TOTAL] == 50
    assert told.automated == 40


def test_what_is_small_is_not_told() -> None:
    """In no number of the report."""
    told = march(*several(4, Act.OPEN_CASE, CITIZEN), *several(4, Act.WARN, CHLOE), *several(4, Act.APPEAL, CITIZEN))

    assert set(told.decisions.cells.values()) == {None}
    assert (told.automated, told.delay, told.hours, told.reported, told.appeals, told.accepted) == (None,) * 6


def test_a_share_does_not_tell_a_small_part() -> None:
    """One of a hundred would be one."""
    assert march(*several(99, Act.REMOVE_MESSAGE), deed(100, Act.WARN, CHLOE)).automated is None


def test_the_delay_is_that_of_people() -> None:
    """From the opening, whenever that was, to the first decision."""
    told = march(
        *several(12, Act.OPEN_CASE, CITIZEN, at=MARCH - 3 * HOUR),
        *several(12, Act.WARN, CHLOE),
        *several(12, Act.REMOVE_MESSAGE, CHLOE, at=MARCH + 9 * HOUR),
        deed(99, Act.WARN, CHLOE),
    )

    assert (told.delay, told.hours) == (3 * HOUR, 3)


def test_reports_appeals_and_reversals_are_counted() -> None:
    """Accepted ones only where the refused ones are not few."""
    acts = (Act.APPEAL, Act.ACCEPT_APPEAL, Act.REFUSE_APPEAL, Act.RESTORE_MESSAGE)

    told = march(*several(11, Act.OPEN_CASE, CITIZEN), *(each for act in acts for each in several(12, act, CHLOE)))

    assert (told.reported, told.appeals, told.accepted, told.restored) == (11, 12, 12, 12)


def test_every_decision_has_its_word_in_the_european_database() -> None:
    """A new decision is not forgotten there."""
    assert set(IN_DSA) == DECISIONS
