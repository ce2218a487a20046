"""The rows of a sheet become posts. What is wrong is named with its row, its column and the cure."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from campaigns.durations import length_of
from campaigns.imports import clocks
from campaigns.imports.posts import Heap, Post, Reading, flaw
from campaigns.imports.sheets import COLUMNS, NAMES, Row, Sheet, heading
from campaigns.pictures import unfit
from campaigns.rules import LONGEST_TITLE, SLUG
from core.errors import Finding, Misconfigured
from core.folding import clean, fold
from core.tomlfile import nearest

TEXTS = ("title.fr", "body.fr", "title.en", "body.en")
_YES = frozenset({"yes", "oui", "true", "vrai", "x", "1"})
_NO = frozenset({"no", "non", "false", "faux", "0", ""})
_BROKEN = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|VALEUR!|NOM\?|NOMBRE!)|(?:Err|Erreur ?):?\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is taken for granted where a source is silent. ``channels`` are the town's names of places."""

    zone: ZoneInfo
    known: Collection[str]
    campaign: str
    channels: tuple[str, ...] = ()
    at: time | None = None


@dataclass(slots=True)
class _Found:
    heaps: dict[str, list[Post]] = field(default_factory=lambda: defaultdict(list))
    channels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    flaws: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


def posts_of(sheet: Sheet, wanted: Wanted) -> Reading:
    """The posts of a sheet, campaign by campaign. Raises Misconfigured with everything that is wrong."""
    if not sheet.rows:
        raise Misconfigured(flaw(sheet.path, 0, "", "is empty: the first row names the columns"))
    found = _Found(notes=list(sheet.notes))
    columns = dict(_columns(sheet, found))
    found.flaws += _lacking(sheet, columns.values())
    if not found.flaws:
        for row in sheet.rows[1:]:
            _Reader(sheet, row, columns, wanted, found).read()
    if found.flaws:
        raise Misconfigured(*found.flaws)
    heaps = (Heap(campaign=name, channels=found.channels[name], posts=tuple(found.heaps[name])) for name in found.heaps)
    return Reading(heaps=tuple(heaps), notes=tuple(found.notes))


def _columns(sheet: Sheet, found: _Found) -> Iterator[tuple[int, str]]:
    """Which column is what. One that resembles a known one and is none is a mistake; others are not read."""
    first = sheet.rows[0]
    taken: set[str] = set()
    for place, text in enumerate(first.cells):
        name = heading(text)
        column = NAMES.get(name)
        if column is None and name:
            near = nearest(name, NAMES)
            told = flaw(sheet.path, first.line, text.strip(), "unknown column, not read", near)
            (found.notes if near is None else found.flaws).append(told)
        elif column in taken:
            found.flaws.append(flaw(sheet.path, first.line, text.strip(), "two columns say the same: keep one"))
        elif column is not None:
            taken.add(column)
            yield place, column


def _lacking(sheet: Sheet, columns: Collection[str]) -> Iterator[Finding]:
    line = sheet.rows[0].line
    if "id" not in columns:
        problem = "there is no column «id»: give each post a name that stays the same when the sheet is changed"
        yield flaw(sheet.path, line, "id", problem)
    if "when" not in columns and "date" not in columns:
        yield flaw(sheet.path, line, "when", "there is no column «when», or «date» and «time»")
    if not {"title.fr", "title.en"} & set(columns):
        yield flaw(sheet.path, line, "title_fr", "there is no column «title_fr», nor «title_en»")


class _Reader:
    """Reads one row; mistakes are noted, and the post is kept only without any."""

    def __init__(self, sheet: Sheet, row: Row, columns: Mapping[int, str], wanted: Wanted, found: _Found) -> None:
        self._path = sheet.path
        self._row = row
        self._wanted = wanted
        self._found = found
        self._before = len(found.flaws)
        self._cells = {
            column: row.cells[place].replace("\r\n", "\n").strip()
            for place, column in columns.items()
            if place < len(row.cells)
        }
        self._covered = {column for place, column in columns.items() if place in row.covered}

    def read(self) -> None:
        for column, text in self._cells.items():
            self._look_at(column, text)
        origin = self._origin()
        campaign = self._campaign()
        channels = self._channels()
        when = self._when()
        says = dict(self._says())
        if len(self._found.flaws) > self._before or when is None:
            return
        post = Post(origin=origin, line=self._row.line, says=says, when=when)
        self._found.heaps[campaign].append(post)
        if self._found.channels.setdefault(campaign, channels) != channels:
            others = ", ".join(self._found.channels[campaign]) or "none"
            self._wrong("channels", f"other posts of the campaign «{campaign}» go to {others}: name another campaign")

    def _look_at(self, column: str, text: str) -> None:
        """What no cell may hold."""
        if text.startswith("="):
            self._wrong(column, "is a formula, not its result: copy the column and paste its values only")
        elif _BROKEN.fullmatch(text):
            self._wrong(column, f"«{text}» is a formula that failed: write the value")
        elif clean(text) != text:
            self._wrong(column, "holds a control character, which no network can show: type the text anew")
        elif column in self._covered:
            self._wrong(column, "lies under a merged cell: separate the cells, and fill in each row")

    def _origin(self) -> str:
        origin = self._cells.get("id", "")
        first = self._found.lines.setdefault(origin, self._row.line)
        if not origin:
            self._wrong("id", "is empty: give this post a name that stays the same")
        elif first != self._row.line:
            self._wrong("id", f"«{origin}» stands in row {first} already: each post has its own")
        return origin

    def _campaign(self) -> str:
        name = self._cells.get("campaign", "") or self._wanted.campaign
        if not SLUG.fullmatch(name):
            self._wrong("campaign", f"«{name}» is no short name: 1 to 24 of a-z, 0-9 and -")
        return name

    def _channels(self) -> tuple[str, ...]:
        named = tuple(dict.fromkeys(re.split(r"[\s,;]+", self._cells.get("channels", ""))))
        channels = tuple(each for each in named if each) or self._wanted.channels
        for name in channels:
            if name not in self._wanted.known:
                problem = f"the configuration knows no channel «{name}»"
                self._wrong("channels", problem, nearest(name, self._wanted.known))
        return channels

    def _when(self) -> Mapping[str, object] | None:
        local = self._local()
        if local is None:
            return None
        column = "when" if self._cells.get("when") else "date"
        problem = clocks.missing(local, self._wanted.zone)
        if problem is not None:
            self._wrong(column, problem)
            return None
        told = clocks.doubled(local, self._wanted.zone)
        if told is not None:
            self._found.notes.append(flaw(self._path, self._row.line, _name(column), told))
        grace = self._grace()
        return {"at": local} | grace

    def _local(self) -> datetime | None:
        column = "when" if self._cells.get("when") else "date"
        try:
            day, at = clocks.date_and_time(self._cells.get(column, ""))
            if self._cells.get("time"):
                column = "time"
                at = clocks.time_of_day(self._cells["time"])
        except ValueError as error:
            self._wrong(column, str(error))
            return None
        at = self._wanted.at if at is None else at
        if at is None:
            self._wrong(column, "says no time of day: write it, or say --at for all that have none")
            return None
        return datetime.combine(day, at)

    def _grace(self) -> dict[str, object]:
        said = self._cells.get("grace", "")
        try:
            if said and not length_of(said):
                self._wrong("grace", "nothing is ever on time to the second: at least 1 min")
        except ValueError as error:
            self._wrong("grace", str(error))
        return {"grace": said} if said else {}

    def _says(self) -> Iterator[tuple[str, object]]:
        for column in TEXTS:
            text = self._cells.get(column, "")
            if text:
                yield column, text
            elif column.startswith("title") and not self._cells.get(f"title.{'en' if column[-2:] == 'fr' else 'fr'}"):
                self._wrong(column, "there is no title, in no language")
            else:
                self._noted(column, "is empty: the post does not go out before both languages are there")
        for column in ("title.fr", "title.en"):
            if len(self._cells.get(column, "")) > LONGEST_TITLE:
                self._wrong(column, f"{len(self._cells[column])} characters; at most {LONGEST_TITLE}")
        yield from self._pictures()
        yield from self._switches()

    def _pictures(self) -> Iterator[tuple[str, object]]:
        name = self._cells.get("image", "")
        alts = {each: self._cells.get(f"alt.{each}", "") for each in ("fr", "en")}
        if not name:
            if any(alts.values()):
                self._wrong("image", "is empty, but described: name the picture, or describe none")
            return
        problem = self._elsewhere(name) or unfit(self._path.parent / name)
        if problem is not None:
            self._wrong("image", problem)
        for language, alt in alts.items():
            if not alt:
                self._noted(f"alt.{language}", "is empty: the post does not go out before the picture is described")
        yield "images", [{"file": name, "alt": alts}]

    def _elsewhere(self, name: str) -> str | None:
        """A sentence about a picture that is not below the folder of the sheet: whose sheet it is, nobody knows."""
        folder = self._path.parent.resolve()
        if (folder / name).resolve().is_relative_to(folder):
            return None
        return f"{name} does not lie beside the sheet: copy the picture there"

    def _switches(self) -> Iterator[tuple[str, object]]:
        for column in ("silent", "pinned"):
            said = fold(self._cells.get(column, ""))
            if said in _YES:
                yield column, True
            elif said not in _NO:
                self._wrong(column, f"«{said}» is neither yes nor no")

    def _wrong(self, column: str, problem: str, near: str | None = None) -> None:
        self._found.flaws.append(flaw(self._path, self._row.line, _name(column), problem, near))

    def _noted(self, column: str, problem: str) -> None:
        self._found.notes.append(flaw(self._path, self._row.line, _name(column), problem))


def _name(column: str) -> str:
    return COLUMNS[column][0]
