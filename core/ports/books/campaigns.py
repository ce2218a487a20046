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


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A campaign as started. ``started_at`` fixes the instants of its relative steps."""

    campaign: Campaign
    started_at: datetime
    state: CampaignState


class CampaignBook(Protocol):
    """Campaigns and what they make due."""

    def start(self, campaign: Campaign, *, at: datetime, due: Sequence[datetime]) -> bool:
        """Remember a campaign with one occurrence per step; False, and nothing, when it was started already."""
        ...

    def get(self, campaign: CampaignId) -> Running | None:
        """The campaign."""
        ...

    def all(self) -> tuple[Running, ...]:
        """All campaigns, the oldest first."""
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
        """All occurrences of a campaign, by step."""
        ...

    def is_stopped(self, occurrence: OccurrenceId) -> bool:
        """Whether the campaign of this occurrence was cancelled."""
        ...

    def settle(self, occurrence: OccurrenceId, state: OccurrenceState) -> bool:
        """From planned to ``state``; False, and nothing, when it was no longer planned."""
        ...
