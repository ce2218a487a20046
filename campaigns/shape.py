"""The shape of a campaign file: its tables and what each key may hold. ``campaigns.rules`` reads them together."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from campaigns.durations import days_and_rest, length_of
from campaigns.tables import Table, Text, WordingTable, Zone
from core.campaign import After, At, StepKind
from core.localtime import Fold, Gap
from core.poll import PollKind, Showing

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
        raise PydanticCustomError("length", "is not a length of time in quotes, such as «2 h»")
    try:
        return read(value)
    except ValueError as error:
        raise PydanticCustomError("length", "{sentence}", {"sentence": str(error)}) from error


Length = Annotated[timedelta, BeforeValidator(_length)]
Pause = Annotated[After, BeforeValidator(_pause)]
LocalTime = Annotated[datetime, BeforeValidator(_local)]


class HeadTable(Table):
    """``[campaign]``: its name, where it speaks, and on whose clocks. ``channels`` are names of the configuration."""

    id: str
    title: WordingTable
    zone: Zone = "Europe/Paris"
    gap: Gap = Gap.SHIFT_FORWARD
    fold: Fold = Fold.FIRST
    channels: tuple[str, ...] = ()
    subscribers: bool = False


class ImageTable(Table):
    """A picture: a file beside the campaign file, and what it shows, for those who cannot see it."""

    file: Text
    alt: WordingTable


class AnnouncementTable(Table):
    """``[announcements.<slug>]``."""

    title: WordingTable
    body: WordingTable
    images: tuple[ImageTable, ...] = Field(default=(), max_length=10)
    silent: bool = False
    pinned: bool = False
    retrospective: bool = False


class PollTable(Table):
    """``[polls.<slug>]``."""

    question: WordingTable
    options: tuple[WordingTable, ...] = Field(min_length=2, max_length=20)
    kind: PollKind = PollKind.SINGLE
    showing: Showing = Showing.AT_CLOSE
    public: bool = False


class StepTable(Table):
    """One ``[[steps]]``: what it does, about what, when, and how late it may still be done."""

    do: StepKind
    announcement: str | None = None
    poll: str | None = None
    at: LocalTime | None = None
    after: Pause | None = None
    grace: Length | None = None

    def when(self) -> At | After | None:
        """When it is due; None when the file says both, or neither."""
        if self.at is not None:
            return At(self.at) if self.after is None else None
        return self.after


class File(Table):
    """The whole file."""

    campaign: HeadTable
    announcements: dict[str, AnnouncementTable] = Field(default_factory=dict)
    polls: dict[str, PollTable] = Field(default_factory=dict)
    steps: tuple[StepTable, ...] = Field(min_length=1)
