"""Who may write for a lane."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from core.identifiers import LaneName
from storage.books.book import Book
from storage.tables import LaneRow

_TOKEN = text("SELECT token FROM lanes WHERE name = :name")  # part of every write of a lane: no object is made


class Lanes(Book):
    """See ``core.ports.books.lanes.LaneBook``."""

    def take(self, lane: LaneName, *, holder: str, at: datetime) -> int:
        """Give the next token; no other writer crosses this transaction."""
        token = self.token(lane) + 1
        row = {"name": lane, "token": token, "holder": holder, "at": at}
        self._change(self._dialect.insert(LaneRow).values(row).on_conflict_do_update(index_elements=["name"], set_=row))
        return token

    def token(self, lane: LaneName) -> int:
        """Look up the token."""
        found: int | None = self._session.connection().execute(_TOKEN, {"name": lane}).scalar()
        return found or 0

    def holder(self, lane: LaneName) -> str:
        """Look up who took it."""
        return self._session.exec(select(LaneRow.holder).where(col(LaneRow.name) == lane)).first() or ""
