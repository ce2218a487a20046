"""What citizens reported."""

from datetime import datetime
from typing import Protocol

from core.citizen_report import CitizenReport
from core.identifiers import AccountName, CaseNumber, Locale, ReportId


class ReportBook(Protocol):
    """The reports of citizens; each is forgotten with its case."""

    def add(
        self, *, case: CaseNumber, account: AccountName, reporter: bytes, sealed: bytes, locale: Locale, at: datetime
    ) -> bool:
        """Keep one; False when this person reported it already."""
        ...

    def get(self, number: ReportId) -> CitizenReport | None:
        """The report."""
        ...

    def about(self, case: CaseNumber) -> tuple[CitizenReport, ...]:
        """Those about one case, the oldest first."""
        ...

    def of(self, reporter: bytes) -> tuple[CitizenReport, ...]:
        """Those of one person, the oldest first."""
        ...

    def settle(self, case: CaseNumber, *, upheld: bool) -> tuple[CitizenReport, ...]:
        """Say what a human found, of those that wait for it; these."""
        ...

    def forget(self, reporter: bytes) -> int:
        """Erase those of one person. Returns how many."""
        ...
