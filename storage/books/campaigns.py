"""Campaigns and what they make due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, insert, select, update

from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState
from core.delivery import DeliveryState
from core.errors import StorageError
from core.identifiers import CampaignId, OccurrenceId, StepName
from core.ports.books.campaigns import Running
from core.timetable import Due
from storage import bodies
from storage.books.book import PLANNED_OCCURRENCE, Book, given_up, of_campaign
from storage.tables import CampaignRow, DeliveryRow, OccurrenceRow


class Campaigns(Book):
    """See ``core.ports.books.campaigns.CampaignBook``."""

    def start(self, campaign: Campaign, *, at: datetime, due: Sequence[Due]) -> bool:
        """Remember it and what it makes due."""
        row = {"id": campaign.id, "body": bodies.written(campaign), "state": CampaignState.RUNNING, "started_at": at}
        adding = self._dialect.insert(CampaignRow).values(row)
        if not self._change(adding.on_conflict_do_nothing(index_elements=["id"])):
            return False
        self.plan(campaign.id, due)
        return True

    def revise(self, campaign: Campaign) -> None:
        """Replace the plan of a running campaign."""
        running = (col(CampaignRow.id) == campaign.id) & (col(CampaignRow.state) == CampaignState.RUNNING)
        self._change(update(CampaignRow).where(running).values(body=bodies.written(campaign)))

    def plan(self, campaign: CampaignId, due: Sequence[Due]) -> None:
        """Add occurrences."""
        rows = [
            {
                "campaign": campaign,
                "step": each.step,
                "local": each.local.isoformat(),
                "due_at": each.at,
                "state": OccurrenceState.PLANNED,
                "moved": False,
            }
            for each in due
        ]
        if rows:
            self._session.connection().execute(insert(OccurrenceRow), rows)

    def get(self, campaign: CampaignId) -> Running | None:
        """Look it up."""
        row = self._session.exec(select(CampaignRow).where(CampaignRow.id == campaign)).first()
        return _running(row) if row else None

    def all(self) -> tuple[Running, ...]:
        """List them, the oldest first."""
        ordered = select(CampaignRow).order_by(col(CampaignRow.started_at), col(CampaignRow.id))
        return tuple(map(_running, self._session.exec(ordered)))

    def running(self) -> tuple[CampaignId, ...]:
        """Name those that run."""
        found = select(CampaignRow.id).where(CampaignRow.state == CampaignState.RUNNING)
        ordered = found.order_by(col(CampaignRow.started_at), col(CampaignRow.id))
        return tuple(map(CampaignId, self._session.exec(ordered)))

    def cancel(self, campaign: CampaignId) -> bool:
        """Stop it and all it planned."""
        running = (col(CampaignRow.id) == campaign) & (col(CampaignRow.state) == CampaignState.RUNNING)
        if not self._change(update(CampaignRow).where(running).values(state=CampaignState.CANCELLED)):
            return False
        planned = of_campaign(campaign) & (col(DeliveryRow.state) == DeliveryState.PLANNED)
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
        earliest = select(OccurrenceRow.due_at).where(_waiting()).order_by(col(OccurrenceRow.due_at)).limit(1)
        return self._session.exec(earliest).first()

    def occurrences(self, campaign: CampaignId) -> tuple[Occurrence, ...]:
        """List those of one campaign."""
        found = select(OccurrenceRow).where(OccurrenceRow.campaign == campaign)
        ordered = found.order_by(col(OccurrenceRow.due_at), col(OccurrenceRow.id))
        return tuple(map(_occurrence, self._session.exec(ordered)))

    def occurrence(self, occurrence: OccurrenceId) -> Occurrence | None:
        """Look one up."""
        row = self._session.exec(select(OccurrenceRow).where(OccurrenceRow.id == occurrence)).first()
        return _occurrence(row) if row else None

    def is_stopped(self, occurrence: OccurrenceId) -> bool:
        """Say whether its campaign was cancelled."""
        stopped = select(CampaignRow.id).where(CampaignRow.state == CampaignState.CANCELLED)
        ours = select(OccurrenceRow.id).where(OccurrenceRow.id == occurrence, col(OccurrenceRow.campaign).in_(stopped))
        return self._session.exec(ours).first() is not None

    def settle(
        self,
        occurrence: OccurrenceId,
        state: OccurrenceState,
        *,
        expected: OccurrenceState = OccurrenceState.PLANNED,
    ) -> bool:
        """Settle a planned one, or another."""
        so_far = (col(OccurrenceRow.id) == occurrence) & (col(OccurrenceRow.state) == expected)
        return bool(self._change(update(OccurrenceRow).where(so_far).values(state=state)))

    def move(self, occurrence: OccurrenceId, at: datetime, *, by_hand: bool) -> bool:
        """Let a planned one be due at another time."""
        planned = (col(OccurrenceRow.id) == occurrence) & PLANNED_OCCURRENCE
        moved = {"due_at": at, "moved": True} if by_hand else {"due_at": at}
        return bool(self._change(update(OccurrenceRow).where(planned).values(moved)))

    def drop(self, occurrence: OccurrenceId) -> bool:
        """Forget a planned one."""
        planned = (col(OccurrenceRow.id) == occurrence) & PLANNED_OCCURRENCE
        return bool(self._change(delete(OccurrenceRow).where(planned)))


def _waiting() -> ColumnElement[bool]:
    """Asked occurrence by occurrence, in the order of their index: else all campaigns would be gone through."""
    theirs = (col(CampaignRow.id) == OccurrenceRow.campaign) & (col(CampaignRow.state) == CampaignState.RUNNING)
    return PLANNED_OCCURRENCE & select(CampaignRow.id).where(theirs).exists()


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
        step=StepName(row.step),
        local=datetime.fromisoformat(row.local),
        due_at=row.due_at,
        state=OccurrenceState(row.state),
        moved=row.moved,
    )
