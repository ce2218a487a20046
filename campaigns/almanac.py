"""The town's calendar as calendar programs follow it: what goes out when, and what will not after all.

Such a program knows an event by its id and takes a change only under a higher number (RFC 5545, 3.8.7.4). Both must
outlive restarts, so what was told last is remembered, and what is planned now is compared with it: an event that moved,
or is called off, gets the next number; one that vanished from the plan is told as called off.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from pydantic import TypeAdapter

from core.campaign import Campaign, OccurrenceState, StepKind
from core.ports.books.campaigns import Running
from core.ports.store import Books
from core.wording import Wording

KEPT = timedelta(days=90)  # after its time

_FACT = "calendar"
_TAKES_PLACE = frozenset({OccurrenceState.PLANNED, OccurrenceState.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event. ``at`` is aware, in UTC; ``zone`` is whose clocks it is read on. ``number`` rises with each change."""

    key: str
    at: datetime
    zone: str
    kind: StepKind
    subject: Wording
    campaign: str
    step: str
    channels: tuple[str, ...]
    called_off: bool
    number: int = 0
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Almanac:
    """All events, the earliest first. ``town`` makes their ids those of this town and of no other."""

    town: UUID
    entries: tuple[Entry, ...] = ()

    def uid(self, entry: Entry) -> str:
        """The id of an event, for ever."""
        return str(uuid5(self.town, entry.key))


_ALMANAC = TypeAdapter(Almanac)


def remembered(books: Books, town: UUID) -> Almanac:
    """What was told last; nothing, to this town, where nothing ever was."""
    text = books.town.fact(_FACT)
    return Almanac(town=town) if text is None else _ALMANAC.validate_json(text)


def remember(books: Books, almanac: Almanac) -> None:
    """From now on this was told last."""
    books.town.set_fact(_FACT, _ALMANAC.dump_json(almanac).decode())


def current(books: Books, before: Almanac, now: datetime) -> Almanac:
    """What is to be told now; equal to what was told before when nothing has changed."""
    known = {entry.key: entry for entry in before.entries if entry.at >= now - KEPT}
    planned = {entry.key: entry for running in books.campaigns.all() for entry in _of(running, books, now)}
    gone = (_gone(entry, now) for key, entry in known.items() if key not in planned)
    told = (_told(entry, known.get(entry.key), now) for entry in [*planned.values(), *gone])
    return replace(before, entries=tuple(sorted(told, key=lambda entry: (entry.at, entry.key))))


def _of(running: Running, books: Books, now: datetime) -> Iterator[Entry]:
    campaign = running.campaign
    steps = {step.name: step for step in campaign.steps}
    for each in books.campaigns.occurrences(campaign.id):
        step = steps.get(each.step)
        if step is None or each.due_at < now - KEPT:
            continue
        yield Entry(
            key=f"{campaign.id}/{each.step}/{each.local.isoformat()}",
            at=each.due_at,
            zone=campaign.zone.key,
            kind=step.kind,
            subject=_subject(campaign, step.subject),
            campaign=campaign.id,
            step=each.step,
            channels=campaign.audience.channels,
            called_off=each.state not in _TAKES_PLACE,
            told_at=now,
        )


def _subject(campaign: Campaign, subject: str) -> Wording:
    """What it is about: the title of an announcement, or the question of a poll."""
    titles = {str(said.id): said.title for said in campaign.announcements}
    return titles[subject] if subject in titles else campaign.question(subject).question


def _gone(entry: Entry, now: datetime) -> Entry:
    """An event that left the plan: it does not take place, if it has not."""
    return replace(entry, called_off=True) if entry.at > now else entry


def _told(entry: Entry, before: Entry | None, now: datetime) -> Entry:
    """The event with its number: that of last time, or the next one where something has changed."""
    if before is None:
        return entry
    same = replace(entry, number=before.number, told_at=before.told_at)
    return before if same == before else replace(entry, number=before.number + 1, told_at=now)
