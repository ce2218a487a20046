"""The shape of a campaign file: its tables and what each key may hold. ``campaigns.rules`` reads them together."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from campaigns.durations import days_and_rest, length_of
from campaigns.repeating import Unwritable, day_of, period_of
from campaigns.tables import Table, Text, WordingTable, Zone
from core.campaign import After, At, CatchUp, StepKind
from core.identifiers import StepName
from core.localtime import Fold, Gap
from core.poll import PollKind, Showing
from core.recurrence import Chosen, OnHoliday, Recurrence, Unit

T = TypeVar("T")


def _local(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise PydanticCustomError("local", "is not a date and time: write for instance 2027-03-01T18:00:00")
    if value.tzinfo is not None:
        raise PydanticCustomError("local", "has an offset: write the time that the town's clocks show, without one")
    return value


def _length(value: object) -> timedelta:
    return _said(value, length_of)


def _pause(value: object) -> After:
    days, rest = _said(value, days_and_rest)
    return After(rest, days)


def _said(value: object, read: Callable[[str], T]) -> T:
    if not isinstance(value, str):
        raise PydanticCustomError("length", "is not a text in quotes, such as «2 h», «2 weeks» or «tuesday»")
    try:
        return read(value)
    except Unwritable as error:
        near = {"sentence": str(error), "nearest": error.nearest}
        raise PydanticCustomError("rule", "{sentence}", near) from error
    except ValueError as error:
        raise PydanticCustomError("length", "{sentence}", {"sentence": str(error)}) from error


def _date(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticCustomError("local", "is not a date: write for instance 2027-03-01")
    return value


def _time(value: object) -> time:
    if not isinstance(value, time):
        raise PydanticCustomError("local", "is not a time of day: write for instance 18:00:00")
    return value


Length = Annotated[timedelta, BeforeValidator(_length)]
Pause = Annotated[After, BeforeValidator(_pause)]
LocalTime = Annotated[datetime, BeforeValidator(_local)]
LocalDate = Annotated[date, BeforeValidator(_date)]
TimeOfDay = Annotated[time, BeforeValidator(_time)]
Period = Annotated[tuple[int, Unit], BeforeValidator(lambda value: _said(value, period_of))]
Day = Annotated[Chosen, BeforeValidator(lambda value: _said(value, day_of))]


class HeadTable(Table):
    """``[campaign]``: its name, where it speaks, and on whose clocks. ``channels`` are names of the configuration."""

    id: str
    title: WordingTable
    zone: Zone = "Europe/Paris"
    gap: Gap = Gap.SHIFT_FORWARD
    fold: Fold = Fold.FIRST
    place: str | None = None
    channels: tuple[str, ...] = ()
    subscribers: bool = False
    catch_up: CatchUp = CatchUp.ASK


class ImageTable(Table):
    """A picture: a file beside the campaign file, and what it shows, for those who cannot see it."""

    file: Text
    alt: WordingTable


class OriginTable(Table):
    """``origin``: the post at its source, and what it said there, written by imports (``campaigns.imports.drafts``)."""

    id: str
    sums: dict[str, str]


class AnnouncementTable(Table):
    """``[announcements.<slug>]``."""

    title: WordingTable
    body: WordingTable
    images: tuple[ImageTable, ...] = Field(default=(), max_length=10)
    silent: bool = False
    pinned: bool = False
    retrospective: bool = False
    valid_until: LocalTime | None = None
    origin: OriginTable | None = None


class PollTable(Table):
    """``[polls.<slug>]``."""

    question: WordingTable
    options: tuple[WordingTable, ...] = Field(min_length=2, max_length=20)
    kind: PollKind = PollKind.SINGLE
    showing: Showing = Showing.AT_CLOSE
    public: bool = False
    retrospective: bool = False


class RepeatTable(Table):
    """``repeat``: on which days of which periods, at what time, and until when."""

    every: Period
    on: tuple[Day, ...] = Field(min_length=1)
    time: TimeOfDay
    first: LocalDate | None = Field(default=None, alias="from")
    until: LocalDate | None = None
    count: int | None = Field(default=None, ge=1)
    holidays: OnHoliday = OnHoliday.KEEP

    def rule(self) -> Recurrence:
        """The core's value."""
        every, unit = self.every
        return Recurrence(
            unit=unit,
            on=self.on,
            time=self.time,
            every=every,
            first=self.first,
            until=self.until,
            count=self.count,
            holidays=self.holidays,
        )


class OnlyIfTable(Table):
    """``only_if``: what must hold of a poll when the step is due."""

    poll: str | None = None
    closed: bool = False
    participation_below: int | None = Field(default=None, ge=1)
    quorum: int | None = Field(default=None, ge=1)


class StepTable(Table):
    """One ``[[steps]]``: what it does, about what, when, on what condition, and how late it may still be done."""

    do: StepKind
    name: str | None = None
    announcement: str | None = None
    poll: str | None = None
    at: LocalTime | None = None
    after: Pause | None = None
    before: Pause | None = None
    of: str | None = None
    repeat: RepeatTable | None = None
    only_if: OnlyIfTable | None = None
    grace: Length | None = None

    def whens(self) -> tuple[str, ...]:
        """The keys by which the file says when: exactly one is right."""
        return tuple(key for key in ("at", "after", "before", "repeat") if getattr(self, key) is not None)

    def when(self) -> At | After | Recurrence:
        """When it is due, where the file says it once."""
        if self.at is not None:
            return At(self.at)
        if self.repeat is not None:
            return self.repeat.rule()
        step = None if self.of is None else StepName(self.of)
        if self.before is not None:
            return After(-self.before.delay, -self.before.days, step)
        pause = self.after or After()
        return After(pause.delay, pause.days, step)


class File(Table):
    """The whole file."""

    campaign: HeadTable
    announcements: dict[str, AnnouncementTable] = Field(default_factory=dict)
    polls: dict[str, PollTable] = Field(default_factory=dict)
    steps: tuple[StepTable, ...] = Field(min_length=1)
