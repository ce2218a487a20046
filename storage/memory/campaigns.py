"""Campaigns and their occurrences, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState
from core.delivery import DeliveryState, given_up
from core.identifiers import CampaignId, OccurrenceId
from core.ports.books.campaigns import Running
from storage.memory.shelves import Shelves


class Campaigns:
    """See ``core.ports.books.campaigns.CampaignBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def start(self, campaign: Campaign, *, at: datetime, due: Sequence[datetime]) -> bool:
        """Remember it and what it makes due."""
        if campaign.id in self._shelves.campaigns:
            return False
        running = Running(campaign=campaign, started_at=at, state=CampaignState.RUNNING)
        self._shelves.campaigns[campaign.id] = running
        for step, instant in zip(range(len(campaign.steps)), due, strict=True):
            number = OccurrenceId(self._shelves.next("occurrence"))
            self._shelves.occurrences[number] = Occurrence(id=number, campaign=campaign.id, step=step, due_at=instant)
        return True

    def get(self, campaign: CampaignId) -> Running | None:
        """Look it up."""
        return self._shelves.campaigns.get(campaign)

    def all(self) -> tuple[Running, ...]:
        """List them, the oldest first."""
        return tuple(
            sorted(self._shelves.campaigns.values(), key=lambda running: (running.started_at, running.campaign.id))
        )

    def cancel(self, campaign: CampaignId) -> bool:
        """Stop it and all it planned."""
        running = self._shelves.campaigns.get(campaign)
        if running is None or running.state is not CampaignState.RUNNING:
            return False
        self._shelves.campaigns[campaign] = replace(running, state=CampaignState.CANCELLED)
        ours = {occurrence.id for occurrence in self.occurrences(campaign)}
        for occurrence in ours:
            self.settle(occurrence, OccurrenceState.CANCELLED)
        for delivery in list(self._shelves.deliveries.values()):
            if delivery.occurrence in ours and delivery.state is DeliveryState.PLANNED:
                self._shelves.deliveries[delivery.id] = given_up(delivery, DeliveryState.CANCELLED)
        return True

    def due(self, at: datetime) -> tuple[Occurrence, ...]:
        """List what is due, the earliest first."""
        found = (occurrence for occurrence in self._waiting() if occurrence.due_at <= at)
        return tuple(sorted(found, key=lambda occurrence: (occurrence.due_at, occurrence.id)))

    def next_due(self) -> datetime | None:
        """Say when the next is due."""
        return min((occurrence.due_at for occurrence in self._waiting()), default=None)

    def occurrences(self, campaign: CampaignId) -> tuple[Occurrence, ...]:
        """List those of one campaign, by step."""
        return tuple(occurrence for occurrence in self._shelves.occurrences.values() if occurrence.campaign == campaign)

    def is_stopped(self, occurrence: OccurrenceId) -> bool:
        """Say whether its campaign was cancelled."""
        known = self._shelves.occurrences.get(occurrence)
        return known is not None and self._shelves.campaigns[known.campaign].state is CampaignState.CANCELLED

    def settle(self, occurrence: OccurrenceId, state: OccurrenceState) -> bool:
        """Settle a planned one."""
        known = self._shelves.occurrences.get(occurrence)
        if known is None or known.state is not OccurrenceState.PLANNED:
            return False
        self._shelves.occurrences[occurrence] = replace(known, state=state)
        return True

    def _waiting(self) -> tuple[Occurrence, ...]:
        return tuple(
            occurrence
            for occurrence in self._shelves.occurrences.values()
            if occurrence.state is OccurrenceState.PLANNED
            and self._shelves.campaigns[occurrence.campaign].state is CampaignState.RUNNING
        )
