"""Campaigns and what they make due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func
from sqlmodel import col, insert, select, update

from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState
from core.delivery import DeliveryState
from core.errors import StorageError
from core.identifiers import CampaignId, OccurrenceId
from core.ports.books.campaigns import Running
from storage import bodies
from storage.books.book import PLANNED_OCCURRENCE, Book, given_up
from storage.tables import CampaignRow, DeliveryRow, OccurrenceRow


class Campaigns(Book):
    """See ``core.ports.books.campaigns.CampaignBook``."""

    def start(self, campaign: Campaign, *, at: datetime, due: Sequence[datetime]) -> bool:
        """Remember it and what it makes due."""
        row = {"id": campaign.id, "body": bodies.written(campaign), "state": CampaignState.RUNNING, "started_at": at}
        adding = self._dialect.insert(CampaignRow).values(row)
        if not self._change(adding.on_conflict_do_nothing(index_elements=["id"])):
            return False
        for step, instant in zip(range(len(campaign.steps)), due, strict=True):
            occurrence = {"campaign": campaign.id, "step": step, "due_at": instant, "state": OccurrenceState.PLANNED}
            self._change(insert(OccurrenceRow).values(occurrence))
        return True

    def get(self, campaign: CampaignId) -> Running | None:
        """Look it up."""
        row = self._session.exec(select(CampaignRow).where(CampaignRow.id == campaign)).first()
        return _running(row) if row else None

    def all(self) -> tuple[Running, ...]:
        """List them, the oldest first."""
        ordered = select(CampaignRow).order_by(col(CampaignRow.started_at), col(CampaignRow.id))
        return tuple(map(_running, self._session.exec(ordered)))

    def cancel(self, campaign: CampaignId) -> bool:
        """Stop it and all it planned."""
        running = (col(CampaignRow.id) == campaign) & (col(CampaignRow.state) == CampaignState.RUNNING)
        if not self._change(update(CampaignRow).where(running).values(state=CampaignState.CANCELLED)):
            return False
        ours = select(OccurrenceRow.id).where(OccurrenceRow.campaign == campaign)
        planned = col(DeliveryRow.occurrence).in_(ours) & (col(DeliveryRow.state) == DeliveryState.PLANNED)
        self._change(update(DeliveryRow).where(planned).values(state=given_up(DeliveryState.CANCELLED)))
        waiting = (col(OccurrenceRow.campaign) == campaign) & PLANNED_OCCURRENCE
        self._change(update(OccurrenceRow).where(waiting).values(state=OccurrenceState.CANCELLED))
        return True

    def due(self, at: datetime) -> tuple[Occurrence, ...]:
        """List what is due, the earliest first."""
        found = select(OccurrenceRow).where(_waiting(), col(OccurrenceRow.due_at) <= at)
        ordered = found.order_by(col(OccurrenceRow.due_at), col(OccurrenceRow.id))
        return tuple(map(_occurrence, self._session.exec(ordered)))

    def next_due(self) -> datetime | None:
        """Say when the next is due."""
        earliest: Select[datetime | None] = select(func.min(OccurrenceRow.due_at)).where(_waiting())
        return self._session.scalar(earliest)

    def occurrences(self, campaign: CampaignId) -> tuple[Occurrence, ...]:
        """List those of one campaign, by step."""
        found = select(OccurrenceRow).where(OccurrenceRow.campaign == campaign).order_by(col(OccurrenceRow.step))
        return tuple(map(_occurrence, self._session.exec(found)))

    def is_stopped(self, occurrence: OccurrenceId) -> bool:
        """Say whether its campaign was cancelled."""
        stopped = select(CampaignRow.id).where(CampaignRow.state == CampaignState.CANCELLED)
        ours = select(OccurrenceRow.id).where(OccurrenceRow.id == occurrence, col(OccurrenceRow.campaign).in_(stopped))
        return self._session.exec(ours).first() is not None

    def settle(self, occurrence: OccurrenceId, state: OccurrenceState) -> bool:
        """Settle a planned one."""
        planned = (col(OccurrenceRow.id) == occurrence) & PLANNED_OCCURRENCE
        return bool(self._change(update(OccurrenceRow).where(planned).values(state=state)))


def _waiting() -> ColumnElement[bool]:
    running = select(CampaignRow.id).where(CampaignRow.state == CampaignState.RUNNING)
    return PLANNED_OCCURRENCE & col(OccurrenceRow.campaign).in_(running)


def _running(row: CampaignRow) -> Running:
    try:
        campaign = bodies.read(Campaign, row.body)
    except ValueError as error:
        raise StorageError(f"the campaign «{row.id}» cannot be read by this version of Parvis") from error
    return Running(campaign=campaign, started_at=row.started_at, state=CampaignState(row.state))


def _occurrence(row: OccurrenceRow) -> Occurrence:
    return Occurrence(
        id=OccurrenceId(row.id),
        campaign=CampaignId(row.campaign),
        step=row.step,
        due_at=row.due_at,
        state=OccurrenceState(row.state),
    )
