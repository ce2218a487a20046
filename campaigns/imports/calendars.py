"""The events of an iCalendar file (RFC 5545) become posts: the summary is the title, the description the text.

An event says what it says in one language. Its beginning is when the post goes out, on the clocks of the town: a time
with a zone is turned into them, one without (*floating*) is theirs. An event of a whole day has no such time: it needs
``at``. A rule of recurrence becomes a step that recurs. What a post cannot be is refused and named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from icalendar import Calendar, Event, vBroken

from campaigns.imports import clocks
from campaigns.imports.posts import MOST_POSTS, Heap, Post, Reading, flaw
from campaigns.imports.recurrences import repeat_of
from campaigns.imports.rows import Wanted
from campaigns.rules import LONGEST_TITLE
from core.errors import Finding, Misconfigured
from core.folding import clean
from core.identifiers import Locale

_UNTOLD = ("EXDATE", "RDATE", "RECURRENCE-ID", "EXRULE")
_HOW = "write its dates one by one, or leave dates out with «parvis campaign skip» once it runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Where an event stands in the file: the number of its first line, and its lines."""

    line: int
    lines: tuple[str, ...]

    def of(self, name: str) -> int:
        """The line of a property; that of the event where it has none."""
        for number, line in enumerate(self.lines):
            if line.upper().startswith((f"{name}:", f"{name};")):
                return self.line + number
        return self.line


def read(path: Path, content: bytes, wanted: Wanted, language: Locale) -> Reading:
    """The posts of a calendar. Raises Misconfigured with everything that is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misconfigured(flaw(path, 0, "", "is not UTF-8, which every calendar is: export it anew")) from error
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except ValueError as error:
        raise Misconfigured(flaw(path, 0, "", f"is no whole calendar: {_first_line(error)}")) from error
    except OSError as error:  # the library opens a file of this name in the folder of the zones, and it is none
        problem = "names a zone that nobody knows: write an IANA name, Europe/Paris"
        raise Misconfigured(flaw(path, 0, "", problem)) from error
    events = [event for calendar in calendars for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    if not events or len(events) > MOST_POSTS:
        problem = f"holds {len(events)} events: 1 to {MOST_POSTS} are read at a time"
        raise Misconfigured(flaw(path, 0, "", problem))
    reader = _Reader(path, wanted, language)
    stretches = _stretches(text)
    if len(stretches) != len(events):  # lines folded where nobody folds them: no line can be named
        stretches = [_Stretch(line=0, lines=())] * len(events)
    for event, stretch in zip(events, stretches, strict=True):
        reader.read(event, stretch)
    if reader.flaws:
        raise Misconfigured(*reader.flaws)
    heap = Heap(campaign=wanted.campaign, channels=wanted.channels, posts=tuple(reader.posts))
    return Reading(heaps=(heap,), notes=tuple(reader.notes))


def _stretches(text: str) -> list[_Stretch]:
    """Where each event stands, in the order in which they begin."""
    lines = text.split("\n")
    begun = [number for number, line in enumerate(lines) if line.strip().upper() == "BEGIN:VEVENT"]
    return [_Stretch(line=first + 1, lines=tuple(lines[first:end])) for first, end in pairwise([*begun, len(lines)])]


class _Reader:
    """Reads events; mistakes are noted, and a post is kept only without any."""

    def __init__(self, path: Path, wanted: Wanted, language: Locale) -> None:
        self.posts: list[Post] = []
        self.flaws: list[Finding] = []
        self.notes: list[Finding] = []
        self._path = path
        self._wanted = wanted
        self._language = language
        self._lines: dict[str, int] = {}

    def read(self, event: Event, stretch: _Stretch) -> None:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            self.notes.append(flaw(self._path, stretch.line, "STATUS", "is cancelled: left out"))
            return
        before = len(self.flaws)
        self._look_at(event, stretch)
        origin = self._origin(event, stretch)
        says = dict(self._says(event, stretch))
        when = self._when(event, stretch) if len(self.flaws) == before else {}
        if len(self.flaws) == before:
            self.posts.append(Post(origin=origin, line=stretch.line, says=says, when=when))

    def _look_at(self, event: Event, stretch: _Stretch) -> None:
        for name, problem in event.errors:
            told = _first_line(problem)
            self._wrong(stretch, str(name or "event"), f"{told}; correct it in the calendar, and export it anew")
        for name in _UNTOLD:
            if name in event:
                self._wrong(stretch, name, f"an exception to a recurrence has no words in a campaign file: {_HOW}")

    def _origin(self, event: Event, stretch: _Stretch) -> str:
        origin = str(event.get("UID", "")).strip()
        first = self._lines.setdefault(origin, stretch.line)
        if not origin:
            self._wrong(stretch, "UID", "is missing: the event cannot be known again; export it anew")
        elif first != stretch.line:
            self._wrong(stretch, "UID", f"«{origin}» is that of the event in line {first}: each has its own")
        return origin

    def _says(self, event: Event, stretch: _Stretch) -> Iterator[tuple[str, object]]:
        other = next(each for each in Locale if each is not self._language)
        for name, key in (("SUMMARY", "title"), ("DESCRIPTION", "body")):
            text = str(event.get(name, "")).replace("\r\n", "\n").strip()
            if clean(text) != text:
                self._wrong(stretch, name, "holds a control character, which no network can show: type the text anew")
            elif text:
                yield f"{key}.{self._language}", text
                self._noted(stretch, name, f"there is no {key}.{other}: write it into the campaign file")
            elif name == "SUMMARY":
                self._wrong(stretch, name, "is missing: it is the title of the post")
            else:
                self._noted(stretch, name, "is empty: write the text, in both languages")
            if name == "SUMMARY" and len(text) > LONGEST_TITLE:
                self._wrong(stretch, name, f"{len(text)} characters; at most {LONGEST_TITLE}")

    def _when(self, event: Event, stretch: _Stretch) -> dict[str, object]:
        local = self._local(event, stretch)
        if local is None:
            return {}
        problem = clocks.missing(local, self._wanted.zone)
        if problem is not None:
            self._wrong(stretch, "DTSTART", problem)
        told = clocks.doubled(local, self._wanted.zone)
        if told is not None and local.fold:
            self._wrong(
                stretch, "DTSTART", f"is the second {local:%H:%M} of a night when clocks go back: choose another"
            )
        elif told is not None:
            self._noted(stretch, "DTSTART", told)
        rule = event.get("RRULE")
        if rule is None:
            return {"at": local.replace(fold=0)}
        if isinstance(rule, list):
            self._wrong(stretch, "RRULE", "is there twice: keep one rule")
            return {}
        try:
            return {"repeat": repeat_of(rule, local, self._wanted.zone)}
        except ValueError as error:
            self._wrong(stretch, "RRULE", str(error))
            return {}

    def _local(self, event: Event, stretch: _Stretch) -> datetime | None:
        start: Any = event.get("DTSTART")
        if start is None or isinstance(start, list | vBroken):
            self._wrong(stretch, "DTSTART", "does not say once when the event begins")
            return None
        at, zone = start.dt, start.params.get("TZID")
        match at:
            case date() if at.year not in clocks.YEARS:
                self._wrong(stretch, "DTSTART", "is far from our time")
            case datetime() if at.tzinfo is not None:
                local = at.astimezone(self._wanted.zone)
                if "RRULE" in event and not _same_clocks(at, local):
                    problem = f"recurs by other clocks than those of {self._wanted.zone.key}: write it by these"
                    self._wrong(stretch, "DTSTART", problem)
                    return None
                return local.replace(tzinfo=None)
            case datetime() if zone is not None:
                self._wrong(stretch, "DTSTART", f"nobody knows the zone «{zone}»: write an IANA name, Europe/Paris")
            case datetime():
                return at
            case date() if self._wanted.at is not None:
                return datetime.combine(at, self._wanted.at)
            case _:
                problem = "is a whole day, and no time: say with --at when such posts go out"
                self._wrong(stretch, "DTSTART", problem)
        return None

    def _wrong(self, stretch: _Stretch, name: str, problem: str) -> None:
        self.flaws.append(flaw(self._path, stretch.of(name), name, problem))

    def _noted(self, stretch: _Stretch, name: str, problem: str) -> None:
        self.notes.append(flaw(self._path, stretch.of(name), name, problem))


def _same_clocks(one: datetime, other: datetime) -> bool:
    """Whether both clocks show the same, now and in the other half of the year."""
    dates = (timedelta(), timedelta(days=182))
    return [(one + later).utcoffset() for later in dates] == [(other + later).utcoffset() for later in dates]


def _first_line(problem: object) -> str:
    return str(problem).splitlines()[0]
