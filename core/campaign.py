"""A campaign: what the town will say and ask, step by step, to whom and when.

A campaign file is a plan; starting it turns its steps into *occurrences* with instants (``core.timetable``): one each,
or many for a step that recurs. The store knows what is due; planning the same occurrence twice changes nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.announcement import Announcement
from core.audience import Audience
from core.identifiers import AnnouncementId, CampaignId, OccurrenceId, PollId, StepName
from core.localtime import ClockPolicy, instant
from core.poll import PollKind, Showing
from core.recurrence import Recurrence
from core.wording import Wording

UNNAMED = StepName("")


@dataclass(frozen=True, slots=True)
class At:
    """At a wall-clock time of the campaign's zone (naive)."""

    local: datetime


@dataclass(frozen=True, slots=True)
class After:
    """So long after the step named, else the step before; for the first step, after the start. Negative: before it.

    ``days`` are counted on the campaign's clocks: a day later is the same wall-clock time, also when clocks change in
    between. ``delay`` is then added as time that passes.
    """

    delay: timedelta = timedelta()
    days: int = 0
    step: StepName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold of a poll when the step is due, else the step does not take place. ``closed``: it waits for that.

    ``below``: fewer citizens took part. ``quorum``: the poll is closed, and at least so many did.
    """

    poll: PollId
    closed: bool = False
    below: int | None = None
    quorum: int | None = None

    @property
    def waits_for_closing(self) -> bool:
        """Whether it cannot be decided before the poll is closed."""
        return self.closed or self.quorum is not None

    def holds(self, voters: int) -> bool:
        """Whether it holds with so many who took part."""
        return (self.below is None or voters < self.below) and (self.quorum is None or voters >= self.quorum)


class StepKind(StrEnum):
    """What a step does."""

    ANNOUNCE = "announce"
    OPEN_POLL = "open_poll"
    REMIND = "remind"
    CLOSE_POLL = "close_poll"
    PUBLISH_RESULTS = "publish_results"
    THANK = "thank"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do. ``subject`` is the announcement or the poll it is about; later than ``grace`` it is missed.

    ``name`` is its own in the campaign, whatever becomes of the other steps. ``words`` is what a follow-up says.
    """

    kind: StepKind
    subject: AnnouncementId | PollId
    when: At | After | Recurrence
    grace: timedelta
    name: StepName = UNNAMED
    only_if: Condition | None = None
    words: AnnouncementId | None = None

    @property
    def says(self) -> AnnouncementId | None:
        """The announcement whose words it says, if any."""
        return AnnouncementId(self.subject) if self.kind is StepKind.ANNOUNCE else self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A poll as written in a campaign file, before it has instants. Days in a ``retrospective`` one may be gone by."""

    id: PollId
    question: Wording
    options: tuple[Wording, ...]
    kind: PollKind = PollKind.SINGLE
    showing: Showing = Showing.AT_CLOSE
    public: bool = False
    retrospective: bool = False


class CampaignState(StrEnum):
    """A campaign runs, or was stopped for ever. Whether it is finished, its steps say."""

    RUNNING = "running"
    CANCELLED = "cancelled"


class CatchUp(StrEnum):
    """What becomes of what fell due during an outage, and is not missed yet."""

    ASK = "ask"
    NEWEST_FIRST = "newest-first"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A plan. The steps are in the order they were written. ``place``: whose public holidays count, ``FR-974``."""

    id: CampaignId
    title: Wording
    zone: ZoneInfo
    policy: ClockPolicy
    audience: Audience
    announcements: tuple[Announcement, ...]
    questions: tuple[Question, ...]
    steps: tuple[Step, ...]
    place: str = ""
    catch_up: CatchUp = CatchUp.ASK

    def __post_init__(self) -> None:
        """Raise ValueError unless each step has a name of its own: by it the others, and the store, know it."""
        names = {step.name for step in self.steps}
        if UNNAMED in names or len(names) < len(self.steps):
            raise ValueError(f"steps of the campaign {self.id} have no name of their own")

    def announcement(self, subject: str) -> Announcement:
        """The announcement of this name. Raises KeyError."""
        return {item.id: item for item in self.announcements}[AnnouncementId(subject)]

    def question(self, subject: str) -> Question:
        """The question of this name. Raises KeyError."""
        return {item.id: item for item in self.questions}[PollId(subject)]

    def rank(self, name: StepName) -> int:
        """Where the step of this name stands in the file, from 0. Raises KeyError."""
        return self.steps.index(self.step(name))

    def step(self, name: StepName) -> Step:
        """The step of this name. Raises KeyError."""
        return {step.name: step for step in self.steps}[name]

    def over_at(self, subject: str) -> datetime | None:
        """When the announcement of this name is of no use any more, if it ever is. Raises KeyError, NoSuchLocalTime."""
        until = self.announcement(subject).valid_until
        return None if until is None else instant(until, self.zone, self.policy)

    @property
    def recurs(self) -> bool:
        """Whether anything in it comes again and again."""
        return any(isinstance(step.when, Recurrence) for step in self.steps)


def named(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps, each with a name: its own, or what it does and about what, ``remind-usage``, ``remind-usage-2``."""
    given: list[Step] = []
    times: Counter[str] = Counter()
    for step in steps:
        own = f"{step.kind.value}-{step.subject.partition('_')[2]}"
        times[own] += not step.name
        rank = f"-{times[own]}" if times[own] > 1 else ""
        given.append(step if step.name else replace(step, name=StepName(own + rank)))
    return tuple(given)


class OccurrenceState(StrEnum):
    """What became of a step's instant."""

    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"  # by an officer
    UNMET = "unmet"  # its condition did not hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One step of one campaign at its instant; unique by campaign, step and ``local``.

    ``local`` is the wall-clock time that the plan gives it, for ever; ``due_at`` is when it is due, which officers may
    have ``moved``.
    """

    id: OccurrenceId
    campaign: CampaignId
    step: StepName
    local: datetime
    due_at: datetime
    state: OccurrenceState = OccurrenceState.PLANNED
    moved: bool = False
