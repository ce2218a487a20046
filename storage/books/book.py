"""What the books over SQL share: rows are read as objects, changes are statements, nothing is kept between calls."""

from typing import Any

from sqlalchemy import Case, CursorResult, Delete, Insert, Update, case, literal_column, text
from sqlmodel import Session, col

from core.campaign import OccurrenceState
from core.delivery import DeliveryState
from storage.dialects.base import Dialect
from storage.tables import DeliveryRow, OccurrenceRow

# In the very words of the partial indexes of ``storage.tables``: else SQLite would not use them.
PLANNED_OCCURRENCE = col(OccurrenceRow.state) == literal_column(f"'{OccurrenceState.PLANNED}'")
PLANNED = col(DeliveryRow.state) == literal_column(f"'{DeliveryState.PLANNED}'")
SENDING = col(DeliveryRow.state) == literal_column(f"'{DeliveryState.SENDING}'")
DOUBT = text("deliveries.state = 'uncertain' AND deliveries.kind <> 'staff'")
UNDELIVERED = text("deliveries.state IN ('failed', 'expired') AND deliveries.kind IN ('channel', 'chat')")
UNDONE = text("NOT alerts.done")
BOARD = text("deliveries.poll IS NOT NULL AND deliveries.state = 'sent' AND NOT deliveries.final")
CUT_SHORT = text(
    "deliveries.poll IS NOT NULL AND deliveries.state IN ('cancelled', 'expired', 'failed')"
    " AND deliveries.kind = 'channel' AND NOT deliveries.final"
)


def given_up(state: DeliveryState) -> Case[str]:
    """What becomes of a planned delivery: see ``core.delivery.given_up``."""
    return case((col(DeliveryRow.doubted_at).is_(None), state.value), else_=DeliveryState.UNCERTAIN.value)


class Book:
    """A book of one transaction."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def _change(self, statement: Insert | Update | Delete) -> int:
        """Run a change; how many rows it touched."""
        result: CursorResult[Any] = self._session.exec(statement, execution_options={"preserve_rowcount": True})
        return result.rowcount
