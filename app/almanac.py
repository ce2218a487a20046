"""The town's calendar in a file that calendar programs follow (RFC 5545, RFC 7986), written anew when it changes."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration

from app.clock_changes import midnight, told
from app.files import write
from app.settings import Settings
from campaigns.almanac import Almanac, Entry, current, remember, remembered
from core.errors import StorageError
from core.identifiers import Locale
from core.ports.clock import Clock
from core.ports.store import Books, Store
from templates.calendar import about, title

LOOKING = timedelta(minutes=1)
_AGAIN = timedelta(minutes=15)  # when a program asks for it again
_LASTS = timedelta(minutes=15)  # a post has no length; an event without one is a hair that nobody sees
_AROUND = timedelta(days=366)  # of which clock changes are told


async def brought_up_to_date(store: Store, now: datetime) -> Almanac:
    """What is to be told now, remembered as told."""
    town = uuid4()

    def look(books: Books) -> tuple[Almanac, Almanac]:
        before = remembered(books, town)
        return before, current(books, before, now)

    def renew(books: Books) -> Almanac:
        almanac = current(books, remembered(books, town), now)
        remember(books, almanac)
        return almanac

    before, after = await store.read(look)
    return after if before == after and before.town != town else await store.write(renew)


async def export(settings: Settings, store: Store, clock: Clock, target: Path) -> bool:
    """Write the calendar where it is not so already; whether it was. Raises StorageError."""
    almanac = await brought_up_to_date(store, clock.now())
    return await asyncio.to_thread(_renewed, settings, almanac, target)


class Keeper:
    """Keeps the file of the calendar fresh."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, target: Path) -> None:
        """``target`` is the file."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._target = target
        self._written: Almanac | None = None

    async def look(self) -> None:
        """Write it anew if anything has changed, or the file is gone. Raises StorageError."""
        almanac = await brought_up_to_date(self._store, self._clock.now())
        if almanac != self._written or not await asyncio.to_thread(self._target.is_file):
            await asyncio.to_thread(_renewed, self._settings, almanac, self._target)
            self._written = almanac


def _renewed(settings: Settings, almanac: Almanac, target: Path) -> bool:
    text = ics(almanac, name=settings.town.name[settings.calendar_language], language=settings.calendar_language)
    try:
        if target.is_file() and target.read_bytes() == text:
            return False
        target.parent.mkdir(mode=0o755, exist_ok=True)
        write({target: text})
    except OSError as error:
        raise StorageError(f"{target}: the calendar cannot be written: {error.strerror}") from error
    return True


async def listed(store: Store, now: datetime, zone: str, language: Locale) -> list[tuple[object, ...]]:
    """What is still to come: when, on which campaign's behalf, what, and whether it is called off."""
    almanac = await store.read(lambda books: current(books, Almanac(town=uuid4()), now))
    to_come = [entry for entry in almanac.entries if entry.at >= now]
    return await asyncio.to_thread(lambda: [_row(entry, zone, language) for entry in to_come])


def _row(entry: Entry, zone: str, language: Locale) -> tuple[object, ...]:
    return (
        f"{entry.at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}",
        entry.campaign,
        entry.step,
        title(entry, language),
        "called off" if entry.called_off else "",
    )


def ics(almanac: Almanac, *, name: str, language: Locale) -> bytes:
    """The file: the same for the same events."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Parvis//Calendar//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", vDuration(_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(_AGAIN))
    for zone in sorted({entry.zone for entry in almanac.entries}):
        first, last = almanac.entries[0].at, almanac.entries[-1].at
        calendar.add_component(told(ZoneInfo(zone), midnight(first) - _AROUND, last + _AROUND))
    for entry in almanac.entries:
        calendar.add_component(_event(almanac, entry, language))
    return bytes(calendar.to_ical())


def _event(almanac: Almanac, entry: Entry, language: Locale) -> Event:
    event = Event()
    event.add("UID", almanac.uid(entry))
    event.add("DTSTAMP", entry.told_at)
    event.add("LAST-MODIFIED", entry.told_at)
    event.add("SEQUENCE", entry.number)
    here = entry.at.astimezone(ZoneInfo(entry.zone))
    event.add("DTSTART", entry.at if here.fold else here)  # of two equal clock times the first is read
    event.add("DURATION", _LASTS)
    event.add("STATUS", "CANCELLED" if entry.called_off else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("SUMMARY", title(entry, language), parameters={"LANGUAGE": language.value})
    event.add("DESCRIPTION", about(entry, language), parameters={"LANGUAGE": language.value})
    event.add("CATEGORIES", [entry.campaign])
    return event
