"""Campaigns and their occurrences, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState
from core.errors import StorageError
from core.identifiers import CampaignId, OccurrenceId
from core.ports.books.campaigns import Running
from core.timetable import Due
from storage.memory.deliveries import Deliveries
from storage.memory.shelves import Shelves


class Campaigns:
    """See ``core.ports.books.campaigns.CampaignBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def start(self, campaign: Campaign, *, at: datetime, due: Sequence[Due]) -> bool:
        """Remember it and what it makes due."""
        if campaign.id in self._shelves.campaigns:
            return False
        running = Running(campaign=campaign, started_at=at, state=CampaignState.RUNNING)
        self._shelves.campaigns[campaign.id] = running
        self.plan(campaign.id, due)
        return True

    def revise(self, campaign: Campaign) -> None:
        """Replace the plan of a running campaign."""
        running = self._shelves.campaigns.get(campaign.id)
        if running is not None and running.state is CampaignState.RUNNING:
            self._shelves.campaigns[campaign.id] = replace(running, campaign=campaign)

    def plan(self, campaign: CampaignId, due: Sequence[Due]) -> None:
        """Add occurrences."""
        known = {(each.step, each.local) for each in self.occurrences(campaign)}
        for each in due:
            if each.key in known:
                raise StorageError(f"the step {each.step} of {each.local} is planned already")
            number = OccurrenceId(self._shelves.next("occurrence"))
            self._shelves.occurrences[number] = Occurrence(
                id=number, campaign=campaign, step=each.step, local=each.local, due_at=each.at
            )

    def get(self, campaign: CampaignId) -> Running | None:
        """Look it up."""
        return self._shelves.campaigns.get(campaign)

    def all(self) -> tuple[Running, ...]:
        """List them, the oldest first."""
        return tuple(
            sorted(self._shelves.campaigns.values(), key=lambda running: (running.started_at, running.campaign.id))
        )

    def running(self) -> tuple[CampaignId, ...]:
        """Name those that run."""
        return tuple(each.campaign.id for each in self.all() if each.state is CampaignState.RUNNING)

    def cancel(self, campaign: CampaignId) -> bool:
        """Stop it and all it planned."""
        running = self._shelves.campaigns.get(campaign)
        if running is None or running.state is not CampaignState.RUNNING:
            return False
        self._shelves.campaigns[campaign] = replace(running, state=CampaignState.CANCELLED)
        ours = {occurrence.id for occurrence in self.occurrences(campaign)}
        for occurrence in ours:
            self.settle(occurrence, OccurrenceState.CANCELLED)
        Deliveries(self._shelves).give_up_about(ours)
        return True

    def due(self, at: datetime) -> tuple[Occurrence, ...]:
        """List what is due, the earliest first."""
        found = (occurrence for occurrence in self._waiting() if occurrence.due_at <= at)
        return tuple(sorted(found, key=lambda occurrence: (occurrence.due_at, occurrence.id)))

    def next_due(self) -> datetime | None:
        """Say when the next is due."""
        return min((occurrence.due_at for occurrence in self._waiting()), default=None)

    def occurrences(self, campaign: CampaignId) -> tuple[Occurrence, ...]:
        """List those of one campaign."""
        found = (each for each in self._shelves.occurrences.values() if each.campaign == campaign)
        return tuple(sorted(found, key=lambda occurrence: (occurrence.due_at, occurrence.id)))

    def occurrence(self, occurrence: OccurrenceId) -> Occurrence | None:
        """Look one up."""
        return self._shelves.occurrences.get(occurrence)

    def is_stopped(self, occurrence: OccurrenceId) -> bool:
        """Say whether its campaign was cancelled."""
        known = self._shelves.occurrences.get(occurrence)
        return known is not None and self._shelves.campaigns[known.campaign].state is CampaignState.CANCELLED

    def settle(
        self,
        occurrence: OccurrenceId,
        state: OccurrenceState,
        *,
        expected: OccurrenceState = OccurrenceState.PLANNED,
    ) -> bool:
        """Settle a planned one, or another."""
        known = self._in(expected, occurrence)
        if known is not None:
            self._shelves.occurrences[occurrence] = replace(known, state=state)
        return known is not None

    def move(self, occurrence: OccurrenceId, at: datetime, *, by_hand: bool) -> bool:
        """Let a planned one be due at another time."""
        known = self._in(OccurrenceState.PLANNED, occurrence)
        if known is not None:
            self._shelves.occurrences[occurrence] = replace(known, due_at=at, moved=known.moved or by_hand)
        return known is not None

    def drop(self, occurrence: OccurrenceId) -> bool:
        """Forget a planned one."""
        known = self._in(OccurrenceState.PLANNED, occurrence)
        if known is not None:
            del self._shelves.occurrences[occurrence]
        return known is not None

    def _in(self, state: OccurrenceState, occurrence: OccurrenceId) -> Occurrence | None:
        known = self._shelves.occurrences.get(occurrence)
        return known if known is not None and known.state is state else None

    def _waiting(self) -> tuple[Occurrence, ...]:
        return tuple(
            occurrence
            for occurrence in self._shelves.occurrences.values()
            if occurrence.state is OccurrenceState.PLANNED
            and self._shelves.campaigns[occurrence.campaign].state is CampaignState.RUNNING
        )
