"""What the books over SQL share: rows are read as objects, changes are statements, nothing is kept between calls."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Case, ColumnElement, CursorResult, Delete, Insert, Update, case, literal_column, or_, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.campaign import OccurrenceState
from core.correction import AmendmentState
from core.delivery import DeliveryState
from core.identifiers import CampaignId, OccurrenceId
from storage.correction_tables import AmendmentRow
from storage.dialects.base import Dialect
from storage.tables import DeliveryRow, OccurrenceRow

# In the very words of the partial indexes of ``storage.tables``: else SQLite would not use them.
PLANNED_OCCURRENCE = col(OccurrenceRow.state) == literal_column(f"'{OccurrenceState.PLANNED}'")
PLANNED = col(DeliveryRow.state) == literal_column(f"'{DeliveryState.PLANNED}'")
SENDING = col(DeliveryRow.state) == literal_column(f"'{DeliveryState.SENDING}'")
DOUBT = text("deliveries.state = 'uncertain' AND deliveries.kind <> 'staff'")
UNDELIVERED = text("deliveries.state IN ('failed', 'expired') AND deliveries.kind IN ('channel', 'chat')")
UNDONE = text("NOT alerts.done")
PLANNED_AMENDMENT = col(AmendmentRow.state) == literal_column(f"'{AmendmentState.PLANNED}'")
MAKING = col(AmendmentRow.state) == literal_column(f"'{AmendmentState.MAKING}'")
BOARD = text("deliveries.poll IS NOT NULL AND deliveries.state = 'sent' AND NOT deliveries.final")
CUT_SHORT = text(
    "deliveries.poll IS NOT NULL AND deliveries.state IN ('cancelled', 'expired', 'failed')"
    " AND deliveries.kind = 'channel' AND NOT deliveries.final"
)


def given_up(state: DeliveryState) -> Case[str]:
    """What becomes of a planned delivery: see ``core.delivery.given_up``."""
    return case((col(DeliveryRow.doubted_at).is_(None), state.value), else_=DeliveryState.UNCERTAIN.value)


def of_campaign(campaign: CampaignId) -> ColumnElement[bool]:
    """Whether a delivery is of this campaign, or a reply to one that is."""
    return about(select(OccurrenceRow.id).where(OccurrenceRow.campaign == campaign))


def about(occurrences: SelectOfScalar[int] | Collection[OccurrenceId]) -> ColumnElement[bool]:
    """Whether a delivery is of one of these occurrences, or a reply to one that is."""
    answered = aliased(DeliveryRow)
    said = select(col(answered.id)).where(col(answered.occurrence).in_(occurrences))
    return or_(col(DeliveryRow.occurrence).in_(occurrences), col(DeliveryRow.answers).in_(said))


class Book:
    """A book of one transaction."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def _change(self, statement: Insert | Update | Delete) -> int:
        """Run a change; how many rows it touched."""
        result: CursorResult[Any] = self._session.exec(statement, execution_options={"preserve_rowcount": True})
        return result.rowcount
