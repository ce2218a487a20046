"""What must hold between the tables of a campaign file: each rule names the key where it is broken.

The steps are written in the order in which they happen; ``campaigns.schedules`` has the rules of those that count from
a step they name, or recur. Each poll is opened once and closed once after that; it is remembered in between, and its
results, the thanks and what became of it come after it is closed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from campaigns import schedules
from campaigns.pictures import unfit
from campaigns.shape import File, StepTable
from core.campaign import Campaign, StepKind
from core.localtime import ClockPolicy, NoSuchLocalTime, instant
from core.tomlfile import nearest

SLUG = re.compile(r"[a-z0-9-]{1,24}")  # two of them and a «_» fit every platform's buttons: 64 bytes on Telegram
LONGEST_OPTION = 80  # characters of a button on the strictest of the networks (Discord); longer ones are cut elsewhere
LONGEST_QUESTION = 300
LONGEST_TITLE = 200

AFTERWARDS = frozenset({StepKind.PUBLISH_RESULTS, StepKind.THANK, StepKind.FOLLOW_UP})
_ABOUT = dict.fromkeys(StepKind, ("poll",)) | {
    StepKind.ANNOUNCE: ("announcement",),
    StepKind.FOLLOW_UP: ("announcement", "poll"),
}

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One broken rule. ``place`` is the path of the key in the file."""

    place: Place
    problem: str
    nearest: str | None = None


def flaws(file: File, *, folder: Path, channels: Collection[str]) -> Iterator[Flaw]:
    """What is wrong whatever the time. ``folder`` is where the pictures are, ``channels`` the town's names."""
    yield from _slugs(file)
    yield from _audience(file, channels)
    yield from _pictures(file, folder)
    yield from _lengths(file)
    yield from _options(file)
    for rank, step in enumerate(file.steps):
        yield from _subject(file, rank, step)
        yield from _when(file, rank, step)
    for slug, announcement in file.announcements.items():
        if announcement.valid_until is not None:
            yield from _no_such_time(file, ("announcements", slug, "valid_until"), announcement.valid_until)
    yield from (Flaw(place=place, problem=problem, nearest=near) for place, problem, near in schedules.flaws(file))
    yield from _unused(file)


def flaws_in_time(file: File, campaign: Campaign, start: datetime) -> Iterator[Flaw]:
    """What is wrong with the order of things, for a campaign without other flaws started at this instant."""
    due: list[tuple[datetime, ...]] = []
    for step, times in schedules.reckoned(campaign, start):
        if isinstance(times, NoSuchLocalTime):
            yield Flaw(place=_time_of(file, step), problem=str(times))
            return
        if not times:
            yield Flaw(place=_time_of(file, step), problem="no day is ever chosen: look at «on», «from» and «until»")
            return
        due.append(times)
    in_order = [rank for rank, step in enumerate(file.steps) if step.of is None and step.repeat is None]
    for before, rank in pairwise(in_order):
        if due[rank][0] < due[before][0]:
            yield Flaw(place=_time_of(file, rank), problem="is before the step above it: write steps in their order")
    yield from _perished(file, campaign, due)
    for slug in file.polls:
        yield from _life(file, slug, due)


def _perished(file: File, campaign: Campaign, due: Sequence[tuple[datetime, ...]]) -> Iterator[Flaw]:
    for table, said, times in zip(file.steps, campaign.steps, due, strict=True):
        over = None if said.says is None else campaign.over_at(said.says)
        if over is not None and times[-1] >= over:
            place = ("announcements", str(table.announcement), "valid_until")
            yield Flaw(place=place, problem=f"is over before the step «{said.name}» says it")


def past(file: File, campaign: Campaign, start: datetime) -> Iterator[Flaw]:
    """The steps whose time has passed already."""
    for rank, times in schedules.reckoned(campaign, start):
        if not isinstance(times, NoSuchLocalTime) and any(due < start for due in times[:1]):
            yield Flaw(place=_time_of(file, rank), problem="this time has passed")


def subject_of(step: StepTable) -> str | None:
    """The slug of what the step is about."""
    return step.announcement if step.do is StepKind.ANNOUNCE else step.poll


def _slugs(file: File) -> Iterator[Flaw]:
    names: list[tuple[Place, str]] = [(("campaign", "id"), file.campaign.id)]
    names += [(("announcements", slug), slug) for slug in file.announcements]
    names += [(("polls", slug), slug) for slug in file.polls]
    names += [(("steps", rank, "name"), step.name) for rank, step in enumerate(file.steps) if step.name is not None]
    for place, slug in names:
        if not SLUG.fullmatch(slug):
            yield Flaw(place=place, problem=f"«{slug}» is no short name: 1 to 24 of a-z, 0-9 and -")


def _audience(file: File, channels: Collection[str]) -> Iterator[Flaw]:
    if not file.campaign.channels and not file.campaign.subscribers:
        yield Flaw(place=("campaign", "channels"), problem="this campaign speaks to nobody: name a channel")
    for name in file.campaign.channels:
        if name not in channels:
            problem = f"the configuration knows no channel «{name}»"
            yield Flaw(place=("campaign", "channels"), problem=problem, nearest=nearest(name, channels))


def _pictures(file: File, folder: Path) -> Iterator[Flaw]:
    for slug, announcement in file.announcements.items():
        for rank, image in enumerate(announcement.images):
            problem = unfit(folder / image.file)
            if problem is not None:
                yield Flaw(place=("announcements", slug, "images", rank, "file"), problem=problem)


def _lengths(file: File) -> Iterator[Flaw]:
    for slug, announcement in file.announcements.items():
        yield from _too_long(("announcements", slug, "title"), announcement.title.fr, announcement.title.en)
    for slug, poll in file.polls.items():
        place = ("polls", slug, "question")
        yield from _too_long(place, poll.question.fr, poll.question.en, longest=LONGEST_QUESTION)


def _options(file: File) -> Iterator[Flaw]:
    for slug, poll in file.polls.items():
        for language in ("fr", "en"):
            labels = [str(getattr(option, language)) for option in poll.options]
            for rank, label in enumerate(labels):
                place = ("polls", slug, "options", rank, language)
                yield from _too_long(place, label, longest=LONGEST_OPTION)
                if label in labels[:rank]:
                    yield Flaw(place=place, problem=f"«{label}» is offered twice")


def _too_long(place: Place, *texts: str, longest: int = LONGEST_TITLE) -> Iterator[Flaw]:
    reach = max(map(len, texts))
    if reach > longest:
        yield Flaw(place=place, problem=f"{reach} characters; at most {longest}")


def _subject(file: File, rank: int, step: StepTable) -> Iterator[Flaw]:
    needed = _ABOUT[step.do]
    for key, known in (("announcement", file.announcements), ("poll", file.polls)):
        name: str | None = getattr(step, key)
        if key not in needed and name is not None:
            yield Flaw(place=("steps", rank, key), problem=f"a step that does «{step.do}» is about no {key}")
        elif key in needed and name is None:
            yield Flaw(place=("steps", rank, "do"), problem=f'say which {key}: {key} = "…"')
        elif key in needed and name not in known:
            problem = f"there is no {key} «{name}» in this file"
            yield Flaw(place=("steps", rank, key), problem=problem, nearest=nearest(str(name), known))


def _when(file: File, rank: int, step: StepTable) -> Iterator[Flaw]:
    if len(step.whens()) != 1:
        yield Flaw(place=("steps", rank, "do"), problem="say when: one of «at», «after», «before» or «repeat»")
    if step.grace is not None and not step.grace:
        yield Flaw(place=("steps", rank, "grace"), problem="nothing is ever on time to the second: at least 1 min")
    if step.at is not None:
        yield from _no_such_time(file, ("steps", rank, "at"), step.at)


def _no_such_time(file: File, place: Place, local: datetime) -> Iterator[Flaw]:
    try:
        instant(local, ZoneInfo(file.campaign.zone), ClockPolicy(gap=file.campaign.gap, fold=file.campaign.fold))
    except NoSuchLocalTime as error:
        yield Flaw(place=place, problem=str(error))


def _unused(file: File) -> Iterator[Flaw]:
    used = {step.announcement for step in file.steps}
    for slug in file.announcements:
        if slug not in used:
            yield Flaw(place=("announcements", slug), problem="no step announces it")


def _life(file: File, slug: str, due: Sequence[tuple[datetime, ...]]) -> Iterator[Flaw]:
    place = ("polls", slug)
    about = [(rank, step.do) for rank, step in enumerate(file.steps) if step.poll == slug]
    times = Counter(kind for _, kind in about)
    for kind in (StepKind.OPEN_POLL, StepKind.CLOSE_POLL):
        if times[kind] != 1:
            yield Flaw(place=place, problem=f"has {times[kind]} steps «{kind}»; exactly one is needed")
    if times[StepKind.OPEN_POLL] == times[StepKind.CLOSE_POLL] == 1:
        opening, closing = (
            next(rank for rank, kind in about if kind is wanted) for wanted in (StepKind.OPEN_POLL, StepKind.CLOSE_POLL)
        )
        if opening > closing or due[opening][0] >= due[closing][0]:
            yield Flaw(place=_time_of(file, closing), problem="the poll closes before anyone can vote")
        for rank, _ in about:
            yield from _out_of_turn(file, rank, (opening, closing), due)


def _out_of_turn(file: File, rank: int, life: tuple[int, int], due: Sequence[tuple[datetime, ...]]) -> Iterator[Flaw]:
    opening, closing = life
    step, (opens, closes) = file.steps[rank], (due[opening][0], due[closing][0])
    stands_there = step.of is not None or step.repeat is not None
    if step.do is StepKind.REMIND:
        if not any(opens <= at < closes for at in due[rank]) or not (stands_there or opening < rank < closing):
            yield Flaw(place=("steps", rank, "do"), problem="a reminder stands between opening and closing")
    elif step.do in AFTERWARDS and (due[rank][0] < closes or not (stands_there or rank > closing)):
        yield Flaw(place=("steps", rank, "do"), problem=f"«{step.do}» comes after the poll is closed")


def _time_of(file: File, rank: int) -> Place:
    return ("steps", rank, file.steps[rank].whens()[0])
