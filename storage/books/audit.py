"""Who did what."""

from sqlmodel import col, select

from core.audit import ROOT, Deed, Entry, digest_after
from core.identifiers import MemberKey
from core.staff import Act
from storage.books.book import Book
from storage.staff_tables import AuditRow


class Audit(Book):
    """See ``core.ports.books.audit.AuditBook``."""

    def record(self, deed: Deed) -> Entry:
        """Add it to the chain: a transaction that writes is alone."""
        newest = self.last(limit=1)
        previous = newest[0].digest if newest else ROOT
        row = {
            "who": deed.who,
            "at": deed.at,
            "act": deed.act,
            "about": deed.about,
            "content": deed.content,
            "previous": previous,
            "digest": digest_after(previous, deed),
        }
        self._change(self._dialect.insert(AuditRow).values(row))
        return self.last(limit=1)[0]

    def last(self, *, limit: int) -> tuple[Entry, ...]:
        """List the newest."""
        found = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(limit)
        return tuple(map(_entry, self._session.exec(found)))

    def about(self, what: str) -> tuple[Entry, ...]:
        """List those about something."""
        found = select(AuditRow).where(AuditRow.about == what).order_by(col(AuditRow.id).desc())
        return tuple(map(_entry, self._session.exec(found)))

    def after(self, number: int, *, limit: int) -> tuple[Entry, ...]:
        """List the following."""
        found = select(AuditRow).where(AuditRow.id > number).order_by(col(AuditRow.id)).limit(limit)
        return tuple(map(_entry, self._session.exec(found)))


def _entry(row: AuditRow) -> Entry:
    deed = Deed(who=MemberKey(row.who), at=row.at, act=Act(row.act), about=row.about, content=row.content)
    return Entry(number=row.id, deed=deed, previous=row.previous, digest=row.digest)
