"""A campaign: what the town will say and ask, step by step, to whom and when.

A campaign file is a plan; starting it turns each step into an *occurrence* with an instant. The store knows what is
due; planning the same occurrence twice changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.announcement import Announcement
from core.audience import Audience
from core.identifiers import AnnouncementId, CampaignId, OccurrenceId, PollId
from core.localtime import ClockPolicy, days_later, instant
from core.poll import Poll, PollKind, Showing
from core.wording import Wording


@dataclass(frozen=True, slots=True)
class At:
    """At a wall-clock time of the campaign's zone (naive)."""

    local: datetime


@dataclass(frozen=True, slots=True)
class After:
    """So long after the step before; for the first step, after the start.

    ``days`` are counted on the campaign's clocks: a day later is the same wall-clock time, also when clocks change in
    between. ``delay`` is then added as time that passes.
    """

    delay: timedelta = timedelta()
    days: int = 0


class StepKind(StrEnum):
    """What a step does."""

    ANNOUNCE = "announce"
    OPEN_POLL = "open_poll"
    REMIND = "remind"
    CLOSE_POLL = "close_poll"
    PUBLISH_RESULTS = "publish_results"
    THANK = "thank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do. ``subject`` is the announcement or the poll it is about; later than ``grace`` it is missed."""

    kind: StepKind
    subject: AnnouncementId | PollId
    when: At | After
    grace: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A poll as written in a campaign file, before it has instants."""

    id: PollId
    question: Wording
    options: tuple[Wording, ...]
    kind: PollKind = PollKind.SINGLE
    showing: Showing = Showing.AT_CLOSE
    public: bool = False


class CampaignState(StrEnum):
    """A campaign runs, or was stopped for ever. That it is finished is not stored: its steps say so."""

    RUNNING = "running"
    CANCELLED = "cancelled"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A plan. The steps are in the order they were written."""

    id: CampaignId
    title: Wording
    zone: ZoneInfo
    policy: ClockPolicy
    audience: Audience
    announcements: tuple[Announcement, ...]
    questions: tuple[Question, ...]
    steps: tuple[Step, ...]

    def announcement(self, subject: str) -> Announcement:
        """The announcement of this name. Raises KeyError."""
        return {item.id: item for item in self.announcements}[AnnouncementId(subject)]

    def question(self, subject: str) -> Question:
        """The question of this name. Raises KeyError."""
        return {item.id: item for item in self.questions}[PollId(subject)]

    def instants(self, start: datetime) -> tuple[datetime, ...]:
        """When each step is due, in UTC, for a campaign started at this instant. Raises NoSuchLocalTime."""
        return tuple(self.falling_due(start))

    def falling_due(self, start: datetime) -> Iterator[datetime]:
        """The same, one after the other: those before the one that raises are good."""
        due = start.astimezone(UTC)
        for step in self.steps:
            match step.when:
                case At(local):
                    due = instant(local, self.zone, self.policy)
                case After(delay, days):
                    due = days_later(due, days, self.zone, self.policy) + delay
            yield due

    def polls(self, start: datetime) -> tuple[Poll, ...]:
        """The polls of the campaign with the instants they open and close."""
        due = dict(zip(((step.kind, step.subject) for step in self.steps), self.instants(start), strict=True))
        return tuple(
            Poll(
                id=asked.id,
                campaign=self.id,
                question=asked.question,
                options=asked.options,
                kind=asked.kind,
                showing=asked.showing,
                public=asked.public,
                opens_at=due[StepKind.OPEN_POLL, asked.id],
                closes_at=due[StepKind.CLOSE_POLL, asked.id],
            )
            for asked in self.questions
        )


class OccurrenceState(StrEnum):
    """What became of a step's instant."""

    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One step of one campaign at its instant; unique by campaign and rank of the step."""

    id: OccurrenceId
    campaign: CampaignId
    step: int
    due_at: datetime
    state: OccurrenceState = OccurrenceState.PLANNED


def standing(state: CampaignState, steps: Iterable[Occurrence]) -> CampaignState:
    """How a campaign stands: one that runs is finished once none of its steps is planned any more."""
    planned = any(step.state is OccurrenceState.PLANNED for step in steps)
    return CampaignState.FINISHED if state is CampaignState.RUNNING and not planned else state
