"""What citizens reported, in memory."""

from dataclasses import replace
from datetime import datetime

from core.citizen_report import CitizenReport
from core.identifiers import AccountName, CaseNumber, Locale, ReportId
from storage.memory.shelves import Shelves


class Reports:
    """See ``core.ports.books.reports.ReportBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def add(
        self, *, case: CaseNumber, account: AccountName, reporter: bytes, sealed: bytes, locale: Locale, at: datetime
    ) -> bool:
        """Keep one, once."""
        if any(each.reporter == reporter for each in self.about(case)):
            return False
        number = ReportId(self._shelves.next("report"))
        self._shelves.reports[number] = CitizenReport(
            id=number, case=case, account=account, reporter=reporter, sealed=sealed, locale=locale, at=at
        )
        return True

    def get(self, number: ReportId) -> CitizenReport | None:
        """Look one up."""
        return self._shelves.reports.get(number)

    def about(self, case: CaseNumber) -> tuple[CitizenReport, ...]:
        """List those about a case."""
        return tuple(each for each in self._shelves.reports.values() if each.case == case)

    def of(self, reporter: bytes) -> tuple[CitizenReport, ...]:
        """List those of one person."""
        return tuple(each for each in self._shelves.reports.values() if each.reporter == reporter)

    def settle(self, case: CaseNumber, *, upheld: bool) -> tuple[CitizenReport, ...]:
        """Settle those that wait."""
        settled = tuple(replace(each, upheld=upheld) for each in self.about(case) if each.upheld is None)
        self._shelves.reports.update({each.id: each for each in settled})
        return settled

    def forget(self, reporter: bytes) -> int:
        """Erase those of one person."""
        theirs = self.of(reporter)
        for each in theirs:
            del self._shelves.reports[each.id]
        return len(theirs)
