"""The rules of steps that have a name, count from another, recur, or take place on a condition."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from campaigns.public_holidays import PLACE_OF_ZONE, UnknownPlace, days_off
from campaigns.shape import File, StepTable
from core.campaign import After, Campaign, Step, StepKind, named
from core.identifiers import PollId, StepName
from core.localtime import NoSuchLocalTime
from core.recurrence import OnHoliday
from core.timetable import Timetable
from core.tomlfile import nearest

RECURRING = frozenset({StepKind.ANNOUNCE, StepKind.REMIND})  # a poll opens and closes once
ALWAYS = frozenset({StepKind.OPEN_POLL, StepKind.CLOSE_POLL})

Flaw = tuple[tuple[str | int, ...], str, str | None]  # the place, the problem, the nearest right name


def place_of(file: File) -> str:
    """Whose public holidays count: as the file says, else those of its zone; nobody's, when neither says it."""
    return PLACE_OF_ZONE.get(file.campaign.zone, "") if file.campaign.place is None else file.campaign.place


def names_of(file: File) -> tuple[str, ...]:
    """What each step is called: as the file says, else by what it does and about what."""
    bare = (
        Step(
            kind=step.do,
            subject=PollId(f"_{step.announcement if step.do is StepKind.ANNOUNCE else step.poll}"),
            when=After(),
            grace=timedelta(),
            name=StepName(step.name or ""),
        )
        for step in file.steps
    )
    return tuple(step.name for step in named(bare))


def reckoned(campaign: Campaign, start: datetime) -> Iterator[tuple[int, tuple[datetime, ...] | NoSuchLocalTime]]:
    """When each step is due, by its rank; or why it cannot be said."""
    timetable = Timetable(campaign, start, is_holiday=days_off(campaign.place))
    for rank, step in enumerate(campaign.steps):
        try:
            yield rank, tuple(due.at for due in timetable.of(step))
        except NoSuchLocalTime as error:
            yield rank, error


def flaws(file: File) -> Iterator[Flaw]:
    """What is wrong whatever the time."""
    names = names_of(file)
    yield from _place(file)
    for rank, step in enumerate(file.steps):
        if names[rank] in names[:rank]:
            yield ("steps", rank, "name" if step.name else "do"), f"there is a step «{names[rank]}» already", None
        yield from _anchor(file, names, rank, step)
        yield from _repeat(rank, step)
        yield from _condition(file, rank, step)
    yield from _circles(file, names)


def _place(file: File) -> Iterator[Flaw]:
    head = file.campaign
    try:
        days_off(place_of(file))
    except UnknownPlace as error:
        yield ("campaign", "place"), str(error), nearest(str(head.place), error.known)
    if head.place is None and head.zone not in PLACE_OF_ZONE:
        for rank, step in enumerate(file.steps):
            if step.repeat is not None and _looks_at_holidays(step):
                problem = f'whose public holidays? Write place = "…" under [campaign]: «{head.zone}» does not say'
                yield ("steps", rank, "repeat"), problem, None


def _looks_at_holidays(step: StepTable) -> bool:
    rule = step.repeat
    return rule is not None and (rule.holidays is not OnHoliday.KEEP or any(day.working for day in rule.on))


def _anchor(file: File, names: Collection[str], rank: int, step: StepTable) -> Iterator[Flaw]:
    counts = step.after is not None or step.before is not None
    if step.of is not None and not counts:
        yield ("steps", rank, "of"), "goes with «after» or «before»", None
    elif step.of is not None and step.of not in names:
        yield ("steps", rank, "of"), f"there is no step «{step.of}» in this file", nearest(step.of, names)
    elif step.of is None and step.before is not None:
        yield ("steps", rank, "before"), 'say before which step: of = "…"', None
    elif step.of is None and counts and rank and file.steps[rank - 1].repeat is not None:
        yield ("steps", rank, "after"), 'the step above recurs: say after which step: of = "…"', None
    if step.do not in RECURRING and _recurs(file, tuple(names), rank):
        yield ("steps", rank, "do"), f"a step that does «{step.do}» takes place once", None


def _recurs(file: File, names: tuple[str, ...], rank: int) -> bool:
    """Whether the step is a rule or counts from one, through steps that exist and come to an end."""
    seen: set[int] = set()
    while rank not in seen:
        seen.add(rank)
        step = file.steps[rank]
        if step.repeat is not None:
            return True
        if step.at is not None or step.of is None or step.of not in names:
            return False
        rank = names.index(step.of)
    return False


def _repeat(rank: int, step: StepTable) -> Iterator[Flaw]:
    rule = step.repeat
    if rule is None:
        return
    if rule.until is None and rule.count is None:
        yield ("steps", rank, "repeat"), "has no end: say «until» a date, or «count»", None
    if rule.until is not None and rule.first is not None and rule.until < rule.first:
        yield ("steps", rank, "repeat", "until"), "is before «from»", None


def _condition(file: File, rank: int, step: StepTable) -> Iterator[Flaw]:
    asked = step.only_if
    if asked is None:
        return
    place = ("steps", rank, "only_if")
    counts = asked.participation_below is not None or asked.quorum is not None
    name = asked.poll or step.poll
    if step.do in ALWAYS:
        yield place, f"a step that does «{step.do}» always takes place", None
    if not (asked.closed or counts):
        yield place, "says nothing: write «closed», «participation_below» or «quorum»", None
    if name is None:
        yield place, 'say of which poll: poll = "…"', None
    elif asked.poll is not None and name not in file.polls:
        yield (*place, "poll"), f"there is no poll «{name}» in this file", nearest(name, file.polls)
    elif counts and name in file.polls and file.polls[name].public:
        yield place, f"the votes in the networks’ own polls cannot be told apart: «{name}» is a public poll", None


def _circles(file: File, names: tuple[str, ...]) -> Iterator[Flaw]:
    for rank in range(len(file.steps)):
        seen, at = {rank}, _before(file, names, rank)
        while at is not None and at not in seen:
            seen.add(at)
            at = _before(file, names, at)
        if at == rank:
            key = "of" if file.steps[rank].of is not None else "after"
            yield ("steps", rank, key), "counts from itself, through the steps it names", None


def _before(file: File, names: tuple[str, ...], rank: int) -> int | None:
    """The rank of the step from which this one counts."""
    step = file.steps[rank]
    if step.of is not None:
        return names.index(step.of) if step.of in names else None
    return rank - 1 if step.after is not None and rank else None
