"""A campaign file becomes a campaign, and every mistake in it is named with its place and its cure.

The format, in TOML (a whole example: ``campaigns/samples/halle/halle.toml``)::

    [campaign]
    id = "halle"                            # a short name: 1 to 24 of a-z, 0-9 and -
    title.fr = "L’ancienne halle"           # every text in both languages, always
    title.en = "The old market hall"
    zone = "Europe/Paris"                   # whose clocks the times below are read on (default Europe/Paris)
    gap = "shift_forward"                   # a time that does not exist in spring: «shift_forward» (default), «refuse»
    fold = "first"                          # a time that exists twice in autumn: «first» (default), «second»
    channels = ["place"]                    # names of [[channels]] in config.toml
    subscribers = true                      # also in private to those who asked for it (default false)

    [announcements.annonce]
    title.fr = "…"
    body.fr = "…"                           # paragraphs are separated by an empty line
    images = [{ file = "halle.png", alt = { fr = "…", en = "…" } }]   # up to 10, beside this file
    silent = false                          # without a sound
    pinned = true                           # kept on top of the chat
    retrospective = false                   # it tells of days gone by: those in its words are meant
    valid_until = 2027-03-02T14:00:00       # from then on never published, and marked as over everywhere

    [polls.usage]                           # buttons and commands call it «halle_usage»
    question.fr = "…"
    options = [{ fr = "…", en = "…" }, { fr = "…", en = "…" }]        # 2 to 20, each up to 80 characters
    kind = "single"                         # or «multiple» (default single)
    showing = "at_close"                    # when counts are shown: «at_close» (default) or «live»
    public = true                           # by each network's own poll where it fits (default false)
    retrospective = false                   # it asks about days gone by: those in its answers are meant

    [[steps]]                               # in the order in which they happen
    do = "announce"                         # announce, open_poll, remind, close_poll, publish_results, thank, follow_up
    name = "annonce-publique"               # what other steps and commands call it (default «announce-annonce»)
    announcement = "annonce"                # for the other kinds: poll = "usage"; a follow_up has both
    at = 2027-03-01T18:00:00                # a local time, or after = "2 h": so long after the step above,
                                            # for the first step after the start (min, h, days, weeks);
                                            # with of = "…" after, or before, the step of that name
    grace = "6 h"                           # later than this it is not done any more (default: GRACE)
    only_if = { participation_below = 50 }  # or closed = true, or quorum = 100: else it does not take place

    [steps.repeat]                          # instead of «at» and «after», for announce and remind
    every = "2 weeks"                       # or «week», «month», «3 months»
    on = ["tuesday"]                        # or «second tuesday», «last working day», «day 15»…
    time = 18:00:00
    from = 2027-01-05
    until = 2027-12-31                      # or count = 10
    holidays = "skip"                       # or keep (default), next_working_day, previous_working_day
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from campaigns import rules, schedules
from campaigns.shape import AnnouncementTable, File, OnlyIfTable, StepTable
from campaigns.tables import table_of
from core import tomlfile
from core.announcement import Announcement, Image
from core.audience import Audience
from core.campaign import Campaign, Condition, Question, Step, StepKind, named
from core.errors import Finding, Misconfigured
from core.identifiers import AnnouncementId, CampaignId, ChannelName, PollId, StepName
from core.localtime import ClockPolicy

GRACE = {
    StepKind.ANNOUNCE: timedelta(hours=6),
    StepKind.OPEN_POLL: timedelta(hours=6),
    StepKind.REMIND: timedelta(hours=1),
    StepKind.CLOSE_POLL: timedelta(hours=6),  # of no effect: a poll is always closed
    StepKind.PUBLISH_RESULTS: timedelta(days=7),
    StepKind.THANK: timedelta(days=7),
    StepKind.FOLLOW_UP: timedelta(days=7),
}


def read(path: Path, *, channels: Collection[str], start: datetime) -> Campaign:
    """The campaign of a file, its times checked as if it started at ``start``; times that have passed are no mistake.

    ``channels`` are the names of the town's channels. Raises Misconfigured with everything that is wrong.
    """
    return _read(path, channels, start, lambda _file, _campaign, _start: iter(()))


def read_to_start(path: Path, *, channels: Collection[str], start: datetime) -> Campaign:
    """The same for a campaign that is about to start: no step may be in the past."""
    return _read(path, channels, start, rules.past)


def _read(
    path: Path,
    channels: Collection[str],
    start: datetime,
    further: Callable[[File, Campaign, datetime], Iterator[rules.Flaw]],
) -> Campaign:
    document = tomlfile.read(path)
    file = table_of(File, document)
    _refuse(document, rules.flaws(file, folder=path.parent, channels=channels))
    campaign = _campaign(file, path.parent)
    _refuse(document, [*rules.flaws_in_time(file, campaign, start), *further(file, campaign, start)])
    return campaign


def _refuse(document: tomlfile.Document, flaws: Iterable[rules.Flaw]) -> None:
    findings = [
        Finding(
            file=document.path,
            line=tomlfile.line_of(document, flaw.place),
            key=".".join(map(str, flaw.place)),
            problem=flaw.problem,
            nearest=flaw.nearest,
        )
        for flaw in flaws
    ]
    if findings:
        raise Misconfigured(*findings)


def _campaign(file: File, folder: Path) -> Campaign:
    head = file.campaign
    return Campaign(
        id=CampaignId(head.id),
        title=head.title.value(),
        zone=ZoneInfo(head.zone),
        policy=ClockPolicy(gap=head.gap, fold=head.fold),
        audience=Audience(channels=tuple(map(ChannelName, head.channels)), subscribers=head.subscribers),
        announcements=tuple(
            _announcement(f"{head.id}_{slug}", said, folder) for slug, said in file.announcements.items()
        ),
        questions=tuple(
            Question(
                id=PollId(f"{head.id}_{slug}"),
                question=poll.question.value(),
                options=tuple(option.value() for option in poll.options),
                kind=poll.kind,
                showing=poll.showing,
                public=poll.public,
                retrospective=poll.retrospective,
            )
            for slug, poll in file.polls.items()
        ),
        steps=named(_step(head.id, step) for step in file.steps),
        place=schedules.place_of(file),
        catch_up=head.catch_up,
    )


def _announcement(name: str, announcement: AnnouncementTable, folder: Path) -> Announcement:
    return Announcement(
        id=AnnouncementId(name),
        title=announcement.title.value(),
        body=announcement.body.value(),
        images=tuple(
            Image(path=(folder / image.file).resolve(), alt=image.alt.value()) for image in announcement.images
        ),
        silent=announcement.silent,
        pinned=announcement.pinned,
        retrospective=announcement.retrospective,
        valid_until=announcement.valid_until,
    )


def _step(campaign: str, step: StepTable) -> Step:
    name = f"{campaign}_{rules.subject_of(step)}"
    return Step(
        kind=step.do,
        subject=AnnouncementId(name) if step.do is StepKind.ANNOUNCE else PollId(name),
        when=step.when(),
        grace=GRACE[step.do] if step.grace is None else step.grace,
        name=StepName(step.name or ""),
        only_if=None if step.only_if is None else _condition(campaign, step, step.only_if),
        words=AnnouncementId(f"{campaign}_{step.announcement}") if step.do is StepKind.FOLLOW_UP else None,
    )


def _condition(campaign: str, step: StepTable, only_if: OnlyIfTable) -> Condition:
    return Condition(
        poll=PollId(f"{campaign}_{only_if.poll or step.poll}"),
        closed=only_if.closed,
        below=only_if.participation_below,
        quorum=only_if.quorum,
    )
