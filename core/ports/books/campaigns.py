"""Campaigns and what they make due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState
from core.identifiers import (
    CampaignId,
    OccurrenceId,
)
from core.timetable import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A campaign as started. ``started_at`` fixes the instants of its relative steps."""

    campaign: Campaign
    started_at: datetime
    state: CampaignState


class CampaignBook(Protocol):
    """Campaigns and what they make due."""

    def start(self, campaign: Campaign, *, at: datetime, due: Sequence[Due]) -> bool:
        """Remember a campaign with what it makes due; False, and nothing, when it was started already."""
        ...

    def revise(self, campaign: Campaign) -> None:
        """Replace the plan of a running campaign, not what it made due; nothing when it does not run."""
        ...

    def plan(self, campaign: CampaignId, due: Sequence[Due]) -> None:
        """Add occurrences of a campaign, which must not have been planned before."""
        ...

    def get(self, campaign: CampaignId) -> Running | None:
        """The campaign."""
        ...

    def all(self) -> tuple[Running, ...]:
        """All campaigns, the oldest first."""
        ...

    def running(self) -> tuple[CampaignId, ...]:
        """The names of those that run, the oldest first."""
        ...

    def cancel(self, campaign: CampaignId) -> bool:
        """Cancel it, its planned occurrences and its planned deliveries; False when it was not running."""
        ...

    def due(self, at: datetime) -> tuple[Occurrence, ...]:
        """Planned occurrences of running campaigns due at this instant or before, the earliest first."""
        ...

    def next_due(self) -> datetime | None:
        """When the next planned occurrence is due."""
        ...

    def occurrences(self, campaign: CampaignId) -> tuple[Occurrence, ...]:
        """All occurrences of a campaign, the earliest first."""
        ...

    def occurrence(self, occurrence: OccurrenceId) -> Occurrence | None:
        """The occurrence."""
        ...

    def is_stopped(self, occurrence: OccurrenceId) -> bool:
        """Whether the campaign of this occurrence was cancelled."""
        ...

    def settle(
        self,
        occurrence: OccurrenceId,
        state: OccurrenceState,
        *,
        expected: OccurrenceState = OccurrenceState.PLANNED,
    ) -> bool:
        """From ``expected`` to ``state``; False, and nothing, when it stands otherwise."""
        ...

    def move(self, occurrence: OccurrenceId, at: datetime, *, by_hand: bool) -> bool:
        """Let a planned one be due then; ``by_hand`` marks it as moved. False, and nothing, when it is not planned."""
        ...

    def drop(self, occurrence: OccurrenceId) -> bool:
        """Forget a planned one, of which nothing went out; False, and nothing, when it is not planned."""
        ...
