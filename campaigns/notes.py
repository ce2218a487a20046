"""What pre-flight found before each occurrence, as the town remembers it until that has gone out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from core.campaign import OccurrenceState
from core.identifiers import CampaignId, OccurrenceId, StepName
from core.ports.store import Books
from core.preflight import BLOCKING, WARNING, Concern

_KINDS: dict[str, type[Concern]] = {kind.__name__: kind for kind in (*BLOCKING, *WARNING)}


class Notice(StrEnum):
    """How long before its instant an occurrence was looked at."""

    DAY = "day"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one occurrence when it was due then, and what was found."""

    occurrence: OccurrenceId
    step: StepName
    notice: Notice
    at: datetime
    due_at: datetime | None = None  # of what an earlier version noted, nobody knows
    found: tuple[Concern, ...] = ()


@dataclass(frozen=True, slots=True)
class _Noted:
    kind: str
    concern: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Note:
    occurrence: OccurrenceId
    step: StepName
    notice: Notice
    at: datetime
    found: tuple[_Noted, ...]
    due_at: datetime | None = None


_NOTES = TypeAdapter(tuple[_Note, ...])


def looks_at(books: Books, campaign: CampaignId) -> tuple[Look, ...]:
    """The last look at each occurrence that is still to go out, in the order they were planned."""
    text = books.town.fact(_name(campaign))
    if text is None:
        return ()
    known = books.campaigns.occurrences(campaign)
    planned = {each.id for each in known if each.state is OccurrenceState.PLANNED}
    return tuple(look for look in map(_read, _NOTES.validate_json(text)) if look.occurrence in planned)


def note(books: Books, campaign: CampaignId, looks: Sequence[Look]) -> None:
    """Remember these looks beside those at other occurrences that are still planned."""
    fresh = {look.occurrence for look in looks}
    kept = [each for each in looks_at(books, campaign) if each.occurrence not in fresh]
    notes = tuple(map(_written, sorted((*kept, *looks), key=lambda look: look.occurrence)))
    books.town.set_fact(_name(campaign), _NOTES.dump_json(notes).decode())


def forget(books: Books, campaign: CampaignId) -> None:
    """Let everything be looked at anew: it is not what it was."""
    books.town.set_fact(_name(campaign), "[]")


def _name(campaign: CampaignId) -> str:
    return f"preflight:{campaign}"


def _written(look: Look) -> _Note:
    found = tuple(
        _Noted(type(each).__name__, _adapter(type(each).__name__).dump_python(each, mode="json")) for each in look.found
    )
    return _Note(look.occurrence, look.step, look.notice, look.at, found, look.due_at)


def _read(told: _Note) -> Look:
    found = tuple(_adapter(each.kind).validate_python(each.concern) for each in told.found)
    return Look(
        occurrence=told.occurrence,
        step=told.step,
        notice=told.notice,
        at=told.at,
        due_at=told.due_at,
        found=found,
    )


@cache  # building an adapter takes milliseconds
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])
