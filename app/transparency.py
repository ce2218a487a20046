"""The monthly report of moderation, from the audit log: as values, and as a table for other programs."""

import asyncio
import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.office import Office
from core.audit import Entry
from core.ports.store import Books
from core.staff import Act
from core.transparency import GROUND, IN_DSA, REPORTABLE, Report, report

_AT_ONCE = 1000
_COLUMNS = ("month", "article", "network", "action", "decision", "decision_ground", "count")


async def monthly(office: Office, first: datetime) -> Report:
    """The report of the month that begins on this day, by the town's clock."""
    zone = await asyncio.to_thread(ZoneInfo, office.settings.town.zone)
    since = first.replace(tzinfo=zone).astimezone(UTC)
    year, month = divmod(first.year * 12 + first.month, 12)
    until = first.replace(year=year, month=month + 1, tzinfo=zone).astimezone(UTC)
    networks = {channel.account: channel.platform for channel in office.settings.town.channels}

    def made(books: Books) -> Report:
        newest = books.audit.last(limit=1)
        return report(
            first.strftime("%Y-%m"),
            _about_cases(books),
            since=since,
            until=until,
            networks=networks,
            checkpoint=newest[0] if newest else None,
        )

    return await office.store.read(made)


def as_csv(it: Report) -> str:
    """A line for each article, network and action; a count that is not shown is empty."""
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(_COLUMNS)
    for row in it.decisions.rows:
        for column in it.decisions.columns:
            network, act = column.split()
            count = it.decisions.cells[row, column]
            shown = "" if count is None else count
            table.writerow((it.month, _harmless(row), network, act, IN_DSA[Act(act)], GROUND, shown))
    return lines.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


def _about_cases(books: Books) -> Iterator[Entry]:
    some = books.audit.after(0, limit=_AT_ONCE)
    while some:
        yield from (entry for entry in some if entry.deed.act in REPORTABLE and entry.deed.about.startswith("case:"))
        some = books.audit.after(some[-1].number, limit=_AT_ONCE)
