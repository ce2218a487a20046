"""When the steps of a campaign are due, and how that is carried over to what was planned before.

Occurrences are planned ``AHEAD`` of time, and the next one of each step always. When rules, zones or public holidays
change, only what is planned changes: what was done, missed or skipped stays, and so does what an officer moved.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from core.campaign import After, At, Campaign, Occurrence, OccurrenceState, Step, StepKind
from core.identifiers import OccurrenceId, StepName
from core.localtime import days_later, instant
from core.poll import Poll
from core.recurrence import DaysOff, Recurrence

AHEAD = timedelta(days=60)

Key = tuple[StepName, datetime]  # a step and its wall-clock time in the plan

_UNMOVED: Mapping[Key, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One step at one instant. ``local`` is its wall-clock time in the plan, ``at`` when it is due, in UTC.

    ``planned_at`` is when it would be, had nobody moved anything.
    """

    step: StepName
    local: datetime
    planned_at: datetime
    at: datetime

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.step, self.local


class Timetable:
    """The instants of a campaign started at ``start``. ``moved`` are those that officers moved, by hand."""

    def __init__(
        self,
        campaign: Campaign,
        start: datetime,
        *,
        is_holiday: DaysOff = lambda _day: False,
        moved: Mapping[Key, datetime] = _UNMOVED,
    ) -> None:
        self._campaign = campaign
        self._start = start.astimezone(UTC)
        self._is_holiday = is_holiday
        self._moved = moved
        self._known: dict[StepName, tuple[Due, ...]] = {}
        self._recurring: dict[StepName, bool] = {}
        self._before = dict(zip((step.name for step in campaign.steps[1:]), campaign.steps, strict=False))

    def of(self, step: Step) -> tuple[Due, ...]:
        """When this step is due, in order: once, unless it recurs. Raises NoSuchLocalTime."""
        if step.name not in self._known:
            self._known[step.name] = tuple(self._reckoned(step))
        return self._known[step.name]

    def all(self) -> tuple[Due, ...]:
        """When each step is due, step by step. Raises NoSuchLocalTime."""
        return tuple(due for step in self._campaign.steps for due in self.of(step))

    def recurs(self, step: Step) -> bool:
        """Whether the step is a rule, or counts from one."""
        if not isinstance(step.when, After):
            return isinstance(step.when, Recurrence)
        if step.name not in self._recurring:
            anchor = self._anchor(step, step.when)
            self._recurring[step.name] = anchor is not None and self.recurs(anchor)
        return self._recurring[step.name]

    def polls(self) -> tuple[Poll, ...]:
        """The polls of the campaign with the instants they open and close."""
        due = {(step.kind, step.subject): step for step in self._campaign.steps}
        return tuple(
            Poll(
                id=asked.id,
                campaign=self._campaign.id,
                question=asked.question,
                options=asked.options,
                kind=asked.kind,
                showing=asked.showing,
                public=asked.public,
                opens_at=self.of(due[StepKind.OPEN_POLL, asked.id])[0].at,
                closes_at=self.of(due[StepKind.CLOSE_POLL, asked.id])[0].at,
            )
            for asked in self._campaign.questions
        )

    def _reckoned(self, step: Step) -> Iterator[Due]:
        match step.when:
            case At(local):
                at = self._instant(local)
                yield self._due(step, local, at, at)
            case After() as after:
                yield from self._counted(step, after)
            case Recurrence() as rule:
                for local in rule.times(self._local(self._start), self._is_holiday):
                    at = self._instant(local)
                    if at >= self._start:
                        yield self._due(step, local, at, at)

    def _counted(self, step: Step, after: After) -> Iterator[Due]:
        anchor = self._anchor(step, after)
        bases = [(due.planned_at, due.at) for due in self.of(anchor)] if anchor else [(self._start, self._start)]
        for base in bases:
            planned_at, at = (self._later(each, after) for each in base)
            yield self._due(step, self._local(planned_at), planned_at, at)

    def _anchor(self, step: Step, after: After) -> Step | None:
        return self._before.get(step.name) if after.step is None else self._campaign.step(after.step)

    def _due(self, step: Step, local: datetime, planned_at: datetime, at: datetime) -> Due:
        return Due(step=step.name, local=local, planned_at=planned_at, at=self._moved.get((step.name, local), at))

    def _later(self, at: datetime, after: After) -> datetime:
        return days_later(at, after.days, self._campaign.zone, self._campaign.policy) + after.delay

    def _instant(self, local: datetime) -> datetime:
        return instant(local, self._campaign.zone, self._campaign.policy)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._campaign.zone).replace(tzinfo=None, fold=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rearrangement:
    """What must change so that what is planned is what the timetable says. ``shift``: which is due when."""

    add: tuple[Due, ...] = ()
    shift: tuple[tuple[OccurrenceId, datetime], ...] = ()
    drop: tuple[OccurrenceId, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.add or self.shift or self.drop)


def moved_by_hand(occurrences: Sequence[Occurrence]) -> dict[Key, datetime]:
    """The occurrences that officers moved, and to when."""
    return {(each.step, each.local): each.due_at for each in occurrences if each.moved}


def rearranged(
    campaign: Campaign, timetable: Timetable, occurrences: Sequence[Occurrence], now: datetime
) -> Rearrangement:
    """What to add, shift and drop among these occurrences of the campaign, now. Raises NoSuchLocalTime."""
    standing: dict[StepName, list[Occurrence]] = defaultdict(list)
    for each in occurrences:
        standing[each.step].append(each)
    wanted = {due.key: due for due in timetable.all()}
    untouched = [each for each in occurrences if each.state is OccurrenceState.PLANNED and not each.moved]
    steps = {step.name for step in campaign.steps}
    gone = [each for each in occurrences if each.state is OccurrenceState.PLANNED and each.step not in steps]
    return Rearrangement(
        add=tuple(due for step in campaign.steps for due in _new(step, timetable, standing[step.name], now)),
        shift=tuple(
            (each.id, due.at)
            for each in untouched
            if (due := wanted.get((each.step, each.local))) is not None and due.at != each.due_at
        ),
        drop=tuple(dict.fromkeys(each.id for each in [*gone, *untouched] if (each.step, each.local) not in wanted)),
    )


def _new(step: Step, timetable: Timetable, standing: Sequence[Occurrence], now: datetime) -> Iterator[Due]:
    known = {each.local for each in standing}
    new = [due for due in timetable.of(step) if due.local not in known]
    if not timetable.recurs(step):
        if all(each.state is OccurrenceState.PLANNED and not each.moved for each in standing):
            yield from new
        return
    ahead = [due for due in new if due.at >= now]
    soon = [due for due in ahead if due.at <= now + AHEAD]
    times = {due.local for due in timetable.of(step)}
    kept = (each for each in standing if each.moved or each.local in times)
    is_planned = any(each.state is OccurrenceState.PLANNED for each in kept)
    yield from soon or ([] if is_planned else ahead[:1])
