"""What citizens reported."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import col, delete, select, update

from core.citizen_report import CitizenReport
from core.identifiers import AccountName, CaseNumber, Locale, ReportId
from storage.books.book import Book
from storage.report_tables import ReportRow


class Reports(Book):
    """See ``core.ports.books.reports.ReportBook``."""

    def add(
        self, *, case: CaseNumber, account: AccountName, reporter: bytes, sealed: bytes, locale: Locale, at: datetime
    ) -> bool:
        """Keep one, once."""
        who = {"case": case, "reporter": reporter}
        row = {"account": account, "sealed": sealed, "locale": locale, "at": at, "upheld": None}
        adding = self._dialect.insert(ReportRow).values(who | row)
        return bool(self._change(adding.on_conflict_do_nothing(index_elements=list(who))))

    def get(self, number: ReportId) -> CitizenReport | None:
        """Look one up."""
        row = self._session.exec(select(ReportRow).where(ReportRow.id == number)).first()
        return _report(row) if row else None

    def about(self, case: CaseNumber) -> tuple[CitizenReport, ...]:
        """List those about a case."""
        theirs = select(ReportRow).where(ReportRow.case == case).order_by(col(ReportRow.id))
        return tuple(map(_report, self._session.exec(theirs)))

    def of(self, reporter: bytes) -> tuple[CitizenReport, ...]:
        """List those of one person."""
        theirs = select(ReportRow).where(ReportRow.reporter == reporter).order_by(col(ReportRow.id))
        return tuple(map(_report, self._session.exec(theirs)))

    def settle(self, case: CaseNumber, *, upheld: bool) -> tuple[CitizenReport, ...]:
        """Settle those that wait."""
        waiting = [each for each in self.about(case) if each.upheld is None]
        same = (col(ReportRow.case) == case) & col(ReportRow.upheld).is_(None)
        self._change(update(ReportRow).where(same).values(upheld=upheld))
        return tuple(replace(each, upheld=upheld) for each in waiting)

    def forget(self, reporter: bytes) -> int:
        """Erase those of one person."""
        return self._change(delete(ReportRow).where(col(ReportRow.reporter) == reporter))


def _report(row: ReportRow) -> CitizenReport:
    return CitizenReport(
        id=ReportId(row.id),
        case=CaseNumber(row.case),
        account=AccountName(row.account),
        reporter=row.reporter,
        sealed=row.sealed,
        locale=Locale(row.locale),
        at=row.at,
        upheld=row.upheld,
    )
