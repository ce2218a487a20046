"""A file of posts becomes campaign files beside it: what an officer is told, and what is written, whole or not."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from app.campaigns import check, mistakes
from app.files import write
from app.settings import Settings
from app.upkeep import is_ready
from campaigns.imports import calendars, csv_sheets, ods_sheets
from campaigns.imports.drafts import Draft, Fate, Outcome, Standing, merge
from campaigns.imports.posts import LARGEST, Heap, Reading, flaw
from campaigns.imports.rows import Wanted, posts_of
from campaigns.imports.sheets import NAMES, heading
from core import tomlfile
from core.campaign import OccurrenceState
from core.errors import Finding, Misconfigured
from core.folding import fold
from core.identifiers import CampaignId, Locale
from core.ports.store import Books
from storage.store import SqlStore

_SHEETS = {".csv", ".tsv", ".txt"}
_LONGEST_NAME = 24
_OUT = "is out already and stays as people read it"
_FOLLOWS = "once the campaign follows its file, «parvis correct {} {}» edits what is out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an officer asks for: a file, and what is meant where it is silent."""

    file: Path
    channels: tuple[str, ...] = ()
    at: time | None = None
    language: Locale = Locale.FR


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of it: each post in a row, and what is to be said after them, line by line."""

    rows: tuple[tuple[object, ...], ...]
    lines: tuple[str, ...]


async def bring(settings: Settings, order: Order, now: datetime, *, dry_run: bool) -> Told:
    """Read a file of posts into campaign files beside it; with ``dry_run`` nothing is written.

    Raises Misconfigured with everything that is wrong; then nothing was written either.
    """
    reading = await asyncio.to_thread(_read, settings, order)
    names = tuple(CampaignId(heap.campaign) for heap in reading.heaps)
    standings = await _standings(settings, names)
    drafts = await asyncio.to_thread(_merged, settings, order, reading.heaps, standings, now)
    told = [str(note) for note in reading.notes]
    told += [line for draft in drafts for line in _about(draft.path.stem, draft.outcomes)]
    if not dry_run:
        await asyncio.to_thread(write, {draft.path: draft.text for draft in drafts if draft.text is not None})
    for draft in drafts:
        told += await _next(settings, draft, standings[draft.path.stem], dry_run=dry_run)
    rows = [_row(draft.path, outcome) for draft in drafts for outcome in draft.outcomes]
    return Told(rows=tuple(rows), lines=tuple(told))


def _read(settings: Settings, order: Order) -> Reading:
    wanted = Wanted(
        zone=ZoneInfo(settings.town.zone),
        known=tuple(channel.name for channel in settings.town.channels),
        campaign=_slug(order.file),
        channels=order.channels,
        at=order.at,
    )
    unknown = [name for name in order.channels if name not in wanted.known]
    if unknown:
        raise Misconfigured(flaw(settings.file, 0, "channels", f"there is no channel «{unknown[0]}»"))
    content = _content(order.file)
    match order.file.suffix.lower():
        case ".ics":
            return calendars.read(order.file, content, wanted, order.language)
        case ".ods":
            return posts_of(ods_sheets.read(order.file, content), wanted)
        case ending if ending in _SHEETS:
            return posts_of(csv_sheets.read(order.file, content, lambda word: heading(word) in NAMES), wanted)
        case _:
            problem = "is of a kind that is not read here: save it as .ods, .csv or .ics"
            raise Misconfigured(flaw(order.file, 0, "", problem))


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise Misconfigured(flaw(file, 0, "", f"more than {LARGEST // 1_000_000} MB: divide it"))
        return file.read_bytes()
    except OSError as error:
        raise Misconfigured(flaw(file, 0, "", error.strerror or str(error))) from error


def _slug(file: Path) -> str:
    """The name of the campaign: that of the file, as a short name. Raises Misconfigured when nothing is left of it."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(file.stem)).strip("-")[:_LONGEST_NAME].strip("-")
    if not name:
        raise Misconfigured(flaw(file, 0, "", "has no letter in its name, by which to call the campaign: rename it"))
    return name


async def _standings(settings: Settings, names: Iterable[CampaignId]) -> Mapping[str, Standing]:
    """How the campaigns of these names stand; as not started where the town has no memory yet."""
    if not await asyncio.to_thread(is_ready, settings):
        return {name: Standing() for name in names}
    store = await SqlStore.open(settings.store_url)
    try:
        return await store.read(lambda books: {name: standing_of(name, books) for name in names})
    finally:
        await store.close()


def standing_of(name: CampaignId, books: Books) -> Standing:
    """Whether the campaign was submitted or started, and which of its steps took place and do not any more."""
    submitted = any(review.is_live for review in books.reviews.of(name))
    if books.campaigns.get(name) is None:
        return Standing(submitted=submitted)
    known = books.campaigns.occurrences(name)
    planned = {each.step for each in known if each.state is OccurrenceState.PLANNED}
    done = {each.step for each in known if each.state is OccurrenceState.DONE}
    return Standing(started=True, submitted=submitted, out=frozenset(done - planned))


def _merged(
    settings: Settings, order: Order, heaps: Iterable[Heap], standings: Mapping[str, Standing], now: datetime
) -> list[Draft]:
    """Each campaign file as it should be. Raises Misconfigured with what is wrong in all of them."""
    local = now.astimezone(ZoneInfo(settings.town.zone)).replace(tzinfo=None)
    drafts: list[Draft] = []
    wrong: list[Finding] = []
    for heap in heaps:
        path = order.file.parent / f"{heap.campaign}.toml"
        try:
            text = _text(path, order.file, heap)
            standing = standings[heap.campaign]
            drafts.append(merge(path, text, heap, zone=settings.town.zone, standing=standing, now=local))
        except Misconfigured as error:
            wrong += error.findings
    if wrong:
        raise Misconfigured(*wrong)
    return drafts


def _text(path: Path, source: Path, heap: Heap) -> str | None:
    """The campaign file that is there. Raises Misconfigured where it cannot be one, or cannot be begun."""
    if path.exists():
        return tomlfile.read(path).text
    if not heap.channels:
        raise Misconfigured(flaw(source, 0, "channels", "say where these posts go: --channels"))
    return None


def _row(path: Path, outcome: Outcome) -> tuple[object, ...]:
    when = f"{outcome.at:%Y-%m-%d %H:%M}" if outcome.at else ""
    return path.name, outcome.origin, when, outcome.fate.value, outcome.title


def _about(campaign: str, outcomes: Iterable[Outcome]) -> Iterable[str]:
    for each in outcomes:
        if each.out and each.fate is not Fate.SAME:
            then = f"; {_FOLLOWS.format(campaign, each.step)}" if each.fate is Fate.CHANGED else ""
            yield f"«{each.origin}» {_OUT}{then}."
        if each.behind:
            yield f"«{each.origin}»: what you wrote for it by hand was written for its earlier text: look at it."


async def _next(settings: Settings, draft: Draft, standing: Standing, *, dry_run: bool) -> list[str]:
    """What is to be done about one campaign file now."""
    counts = Counter(each.fate for each in draft.outcomes)
    figures = ", ".join(f"{counts[fate]} {fate.value}" for fate in Fate if counts[fate])
    if draft.text is None:
        return [f"{draft.path}: {figures}; the file says this already."]
    if dry_run:
        return [f"{draft.path}: {figures}; nothing was written (--dry-run)."]
    wrong = await asyncio.to_thread(mistakes, settings, draft.path)
    lines = [f"{draft.path}: {figures}; written. Nothing goes out of itself.", *map(str, wrong)]
    if not wrong:
        doubts, _ = await check(settings, draft.path, offline=True, locale=Locale.EN)
        lines += doubts.splitlines()
    verb = "update" if standing.started else "start"
    verb = "submit" if settings.staff.is_named else verb
    return [*lines, f"Then: parvis campaign check {draft.path}, parvis campaign {verb} {draft.path}"]
