"""Posts and a campaign file become the campaign file as it should be; what was written into it by hand stays.

Each imported announcement carries its ``origin``: the id at the source, and for each key that the source gave a short
sum of what it said. So three versions are compared key by key: what the source said last time, what it says now, what
stands in the file. Who changed something wins; where both did, nobody guesses.
"""

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item, Table

from campaigns.imports.posts import Heap, Post, flaw, sum_of
from core.errors import Finding, Misconfigured

_TEXTS = ("title.fr", "title.en", "body.fr", "body.en")
_WHEN = ("at", "after", "repeat", "grace")
_KEYS = (*_TEXTS, "images", "silent", "pinned", *_WHEN)

_Table = MutableMapping[str, object]


class Fate(StrEnum):
    """What became of a post in the file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "unchanged"
    GONE = "gone"  # from the source, and now from the file
    PASSED = "passed"  # its time has, before it was ever started: it is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One post and its fate. ``out``: its campaign has sent it already.

    ``behind``: the other language was written here, for what the source said before.
    """

    origin: str
    step: str
    fate: Fate
    title: str
    at: datetime | None = None
    out: bool = False
    behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the campaign of that name stands: ``out`` are the steps that took place.

    ``submitted``: it waits to be approved, or to be scheduled, as it was.
    """

    started: bool = False
    submitted: bool = False
    out: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The campaign file as it should be; ``text`` is None when it is so already."""

    path: Path
    text: str | None
    outcomes: tuple[Outcome, ...]


def merge(path: Path, text: str | None, heap: Heap, *, zone: str, standing: Standing, now: datetime) -> Draft:
    """The file, None for one that is not there yet, with these posts. ``now`` is on the clocks of the zone.

    Raises Misconfigured when the file is another one, or when it and the source were both changed.
    """
    work = _Work(path, text, heap, zone)
    work.refuse_others()
    outcomes = [outcome for post in heap.posts for outcome in [work.take(post, standing, now)] if outcome is not None]
    outcomes += work.drop({post.origin for post in heap.posts}, standing)
    if work.flaws:
        raise Misconfigured(*work.flaws)
    written = work.written()
    return Draft(path=path, text=None if written == text else written, outcomes=tuple(outcomes))


class _Work:
    """The file while it is changed."""

    def __init__(self, path: Path, text: str | None, heap: Heap, zone: str) -> None:
        self.path = path
        self.flaws: list[Finding] = []
        self._heap = heap
        self._zone = zone
        try:
            self.document = _begun(heap, zone) if text is None else tomlkit.parse(text)
        except TOMLKitError as error:
            raise Misconfigured(flaw(path, 0, "", f"not valid TOML: {error}")) from error
        self._announcements = cast("MutableMapping[str, _Table]", self.document.setdefault("announcements", {}))
        self._steps = [cast("_Table", step) for step in self.document.setdefault("steps", tomlkit.aot())]
        self._times = [_at(step) for step in self._steps]
        self._named = {str(step.get("name", "")): step for step in reversed(self._steps)}
        self._moved = False

    def written(self) -> str:
        """The text of the file as it is now."""
        if self._moved:
            steps = tomlkit.aot()
            for step in self._steps:
                steps.append(step)
            self.document["steps"] = steps
        return tomlkit.dumps(self.document)

    def refuse_others(self) -> None:
        """Raise Misconfigured for a file that no import made, or that is another campaign, or goes by other clocks."""
        head = cast("_Table", self.document.get("campaign", {}))
        if self._announcements and not any("origin" in each for each in self._announcements.values()):
            raise Misconfigured(flaw(self.path, 0, "", "was not made by an import: give the source another name"))
        if head.get("id", self._heap.campaign) != self._heap.campaign:
            problem = f"imports go into the campaign «{self._heap.campaign}»: write this id, or rename the file"
            raise Misconfigured(flaw(self.path, 0, "campaign.id", problem))
        if head.get("zone", self._zone) != self._zone:
            problem = f"the times that are imported are those of {self._zone}: write this zone, or import into another"
            raise Misconfigured(flaw(self.path, 0, "campaign.zone", problem))
        if self._heap.channels:
            head["channels"] = list(self._heap.channels)

    def take(self, post: Post, standing: Standing, now: datetime) -> Outcome | None:
        """Let the file say what the source says, where that has changed."""
        said = self._announcements.get(post.slug)
        out = post.slug in standing.out
        passed = post.at is not None and post.at < now and not out
        if passed and not (standing.started and said is not None):
            self._remove(post.slug)
            return self._outcome(post, Fate.PASSED)
        if said is not None and _origin(said).get("id") != post.origin:
            self._clash(post, f"announcements.{post.slug}", "was written by hand under this name: give it another one")
            return None
        fate = Fate.NEW if said is None else Fate.SAME
        if said is None:
            said = self._announcements[post.slug] = tomlkit.table()
        changed = self._settle(post, said)
        if changed and fate is Fate.SAME:
            fate = Fate.CHANGED
            if passed:
                self._clash(post, f"steps.{post.slug}.at", "this time has passed")
        return self._outcome(post, fate, out=out, behind=fate is Fate.CHANGED and _behind(post, said))

    def drop(self, origins: Collection[str], standing: Standing) -> Sequence[Outcome]:
        """Take out what came from the source, and is not there any more; what is out already stays."""
        found = {slug: _origin(said).get("id") for slug, said in self._announcements.items()}
        gone = {slug: str(origin) for slug, origin in found.items() if origin is not None and origin not in origins}
        told = []
        for slug, origin in gone.items():
            out = slug in standing.out
            title = _words(self._announcements[slug])
            told.append(Outcome(origin=origin, step=slug, fate=Fate.GONE, title=title, out=out))
            if not out:
                self._remove(slug)
        return told

    def _settle(self, post: Post, said: _Table) -> bool:
        """Key by key; whether anything was changed."""
        before = cast("Mapping[str, str]", _origin(said).get("sums", {}))
        wanted = {**post.says, **post.when}
        sums = {key: sum_of({"": value}) for key, value in wanted.items()}
        changed = [key for key in _KEYS if sums.get(key) != before.get(key)]
        for key in changed:
            there = self._value(post.slug, said, key)
            stands = None if there in (None, "") else sum_of({"": there})
            if stands not in {sums.get(key), before.get(key)}:
                table = "steps" if key in _WHEN else "announcements"
                problem = "was changed here and at the source: write here what is there, or undo it"
                self._clash(post, f"{table}.{post.slug}.{key}", problem)
        if changed:
            self._write(post, said, wanted, changed)
            said["origin"] = _inline({"id": post.origin, "sums": _inline(sums)})
        return bool(changed)

    def _write(self, post: Post, said: _Table, wanted: Mapping[str, object], changed: Sequence[str]) -> None:
        for key in changed:
            if key not in _WHEN:
                _put(said, key, wanted.get(key))
        for key in _TEXTS:
            if _get(said, key) is None:
                _put(said, key, "")
        self._time(post, [key for key in changed if key in _WHEN])

    def _value(self, slug: str, said: _Table, key: str) -> object:
        if key not in _WHEN:
            return _get(said, key)
        step = self._named.get(slug)
        return None if step is None else step.get(key)

    def _time(self, post: Post, keys: Sequence[str]) -> None:
        """Let the step say when; the steps stand in the order of their times."""
        if not keys:
            return
        step = self._taken(post.slug)
        if step is None:
            step = tomlkit.table()
            step.update({"do": "announce", "name": post.slug, "announcement": post.slug})
        for key in keys:
            if key in post.when:
                step[key] = _item(post.when[key])
            else:
                step.pop(key, None)
        at = post.at
        later = (rank for rank, other in enumerate(self._times) if at is not None and other is not None and other > at)
        rank = next(later, len(self._steps))
        self._steps.insert(rank, step)
        self._times.insert(rank, at)
        self._named[post.slug] = step
        self._moved = True

    def _remove(self, slug: str) -> None:
        self._announcements.pop(slug, None)
        self._taken(slug)

    def _taken(self, slug: str) -> _Table | None:
        """The step of this name, taken out of the file."""
        step = self._named.pop(slug, None)
        if step is not None:
            rank = next(rank for rank, each in enumerate(self._steps) if each is step)
            del self._steps[rank], self._times[rank]
            self._moved = True
        return step

    def _clash(self, post: Post, key: str, problem: str) -> None:
        self.flaws.append(flaw(self.path, 0, key, f"{problem} (row or event «{post.origin}»)"))

    def _outcome(self, post: Post, fate: Fate, *, out: bool = False, behind: bool = False) -> Outcome:
        title = str(post.says.get("title.fr") or post.says.get("title.en") or "")
        return Outcome(origin=post.origin, step=post.slug, fate=fate, title=title, at=post.at, out=out, behind=behind)


def _begun(heap: Heap, zone: str) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment("Made by an import. What you write here stays; what came from the source follows it."))
    head = tomlkit.table()
    head.update({"id": heap.campaign, "zone": zone, "channels": list(heap.channels)})
    for key in ("title.fr", "title.en"):
        _put(head, key, heap.campaign)
    document["campaign"] = head
    document["announcements"] = tomlkit.table(is_super_table=True)
    document["steps"] = tomlkit.aot()
    return document


def _origin(said: object) -> Mapping[str, object]:
    found = said.get("origin", {}) if isinstance(said, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _behind(post: Post, said: _Table) -> bool:
    return any(key not in post.says and _get(said, key) for key in _TEXTS)


def _words(said: _Table) -> str:
    return str(_get(said, "title.fr") or _get(said, "title.en") or "")


def _get(table: _Table, key: str) -> object:
    first, _, second = key.partition(".")
    found = table.get(first)
    return found.get(second) if second and isinstance(found, Mapping) else found


def _put(table: _Table, key: str, value: object) -> None:
    first, _, second = key.partition(".")
    if value is None and not second:
        table.pop(first, None)
        return
    item = _item("" if value is None else value)
    inner = table.get(first)
    if not second:
        table[first] = item
    elif isinstance(inner, MutableMapping) and (second in inner or not isinstance(table, Table)):
        inner[second] = item
    else:
        cast("Table", table).append(tomlkit.key([first, second]), item)


def _item(value: object) -> Item:
    if isinstance(value, str):
        return tomlkit.string(value, multiline="\n" in value and "\r" not in value)
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(map(_item, value))
        return array
    return tomlkit.item(value)


def _inline(values: Mapping[str, object]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table[key] = _item(value)
    return table


def _at(step: _Table) -> datetime | None:
    found = step.get("at")
    return found if isinstance(found, datetime) and found.tzinfo is None else None
