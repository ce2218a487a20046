"""What the books over SQL share: rows are read as objects, changes are statements, nothing is kept between calls."""

from typing import Any

from sqlalchemy import CursorResult, Delete, Insert, Update, literal_column, text
from sqlmodel import Session, col

from core.campaign import OccurrenceState
from core.delivery import DeliveryState
from storage.dialects.base import Dialect
from storage.tables import DeliveryRow, OccurrenceRow

# In the very words of the partial indexes of ``storage.tables``: else SQLite would not use them.
PLANNED_OCCURRENCE = col(OccurrenceRow.state) == literal_column(f"'{OccurrenceState.PLANNED}'")
PLANNED = col(DeliveryRow.state) == literal_column(f"'{DeliveryState.PLANNED}'")
SENDING = col(DeliveryRow.state) == literal_column(f"'{DeliveryState.SENDING}'")
BOARD = text("deliveries.poll IS NOT NULL AND deliveries.state = 'sent' AND NOT deliveries.final")


class Book:
    """A book of one transaction."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def _change(self, statement: Insert | Update | Delete) -> int:
        """Run a change; how many rows it touched."""
        result: CursorResult[Any] = self._session.exec(statement, execution_options={"preserve_rowcount": True})
        return result.rowcount
