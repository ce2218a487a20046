"""The calendar file, read again by two libraries that know nothing of ours."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar, Timezone

from app.almanac import Keeper, export, ics
from app.clock_changes import told
from app.settings import Settings, load
from campaigns.almanac import Almanac, Entry
from core.campaign import StepKind
from core.errors import StorageError
from core.identifiers import Locale
from core.wording import Wording
from storage.memory import MemoryStore
from tests.campaigns.stage import Stage
from tests.cli.office import furnish
from tests.fakes import NOON

LONG = "L’été à Valmont ; fêtes, marchés, « nuits » \\ et 🎆 " * 4
PARIS = "Europe/Paris"
DAY = timedelta(days=1)


def entry(number: int = 0, *, at: datetime = NOON, zone: str = PARIS, called_off: bool = False) -> Entry:
    """An event."""
    return Entry(
        key=f"fetes/{at.isoformat()}",
        at=at,
        zone=zone,
        kind=StepKind.ANNOUNCE,
        subject=Wording(fr=LONG, en=LONG),
        campaign="fetes",
        step="annonce",
        channels=("place",),
        called_off=called_off,
        number=number,
        told_at=NOON,
    )


def written(*entries: Entry) -> bytes:
    """The file of these events."""
    return ics(Almanac(town=UUID(int=1), entries=entries), name="Valmont", language=Locale.FR)


def events(content: bytes) -> Sequence[Any]:
    """The events as another library reads them."""
    found: list[Any] = vobject.readOne(content.decode()).contents.get("vevent", [])
    return found


def test_another_library_reads_what_was_meant() -> None:
    """Words to the letter, instants to the second, the number of the change, and what is called off."""
    there = entry(3, at=NOON + timedelta(hours=1), zone="Pacific/Marquesas", called_off=True)

    first, second = events(written(entry(), there))

    assert first.summary.value == f"Annonce\u00a0: {LONG}".strip()
    assert [each.dtstart.value for each in (first, second)] == [NOON, there.at]
    assert [(each.sequence.value, each.status.value) for each in (first, second)] == [
        ("0", "CONFIRMED"),
        ("3", "CANCELLED"),
    ]
    assert first.uid.value != second.uid.value


@pytest.mark.parametrize("hour", [0, 1], ids=["before", "after"])
def test_an_hour_that_comes_twice_is_the_one_that_was_meant(hour: int) -> None:
    """By the standard, half past two of that night is the first of the two (RFC 5545, 3.3.5): the other needs UTC."""
    at = datetime(2027, 10, 31, hour, 30, tzinfo=UTC)

    (event,) = events(written(entry(at=at)))

    assert event.dtstart.value.astimezone(UTC) == at


def test_no_line_is_longer_than_the_standard_allows() -> None:
    """75 bytes, and no letter is torn (RFC 5545, 3.1)."""
    lines = written(entry()).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert [line.decode() for line in lines][-1] == ""


def test_an_empty_calendar_is_one() -> None:
    """Somebody follows it before anything is planned."""
    assert events(written()) == []
    assert Calendar.from_ical(written())["METHOD"] == "PUBLISH"


@pytest.mark.parametrize(
    "zone",
    [
        PARIS,
        *(pytest.param(each, marks=pytest.mark.slow) for each in ("America/Miquelon", "Indian/Reunion")),
        pytest.param("Pacific/Marquesas", marks=pytest.mark.slow),
        "Africa/Casablanca",
        "Australia/Lord_Howe",
    ],
)
def test_a_zone_is_told_as_it_is(zone: str) -> None:
    """To the hour of each change: of Ramadan in Morocco, of half an hour on Lord Howe."""
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
    component = told(ZoneInfo(zone), first, last)

    read = Timezone.from_ical(component.to_ical())
    assert isinstance(read, Timezone)
    theirs = read.to_tz(lookup_tzid=False)

    wrong = []
    for at in chain.from_iterable(_hours(day, ZoneInfo(zone), theirs) for day in _days(first, last)):
        local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        back = [
            local.replace(tzinfo=clock, fold=fold).utcoffset() for fold in (0, 1) for clock in (ZoneInfo(zone), theirs)
        ]
        if back[0] == back[2] and back[0] != back[1]:
            wrong.append(local)
    assert wrong == []


def _days(first: datetime, last: datetime) -> Iterator[datetime]:
    return (first + timedelta(days=rank) for rank in range((last - first).days))


def _hours(day: datetime, *clocks: tzinfo) -> Iterator[datetime]:
    """Those of a day in which one of the clocks changes; of another, that from which on it is all the same."""
    changes = any(
        (day + rank * DAY).astimezone(clock).utcoffset() != (day + (rank + 1) * DAY).astimezone(clock).utcoffset()
        for clock in clocks
        for rank in (-1, 0)
    )
    return (day + timedelta(hours=hour) for hour in range(24 if changes else 1))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of a town."""
    return load(furnish(tmp_path) / "config.toml")


async def test_a_file_is_written_when_something_changes_and_only_then(settings: Settings, tmp_path: Path) -> None:
    """Whoever serves it may tell by its time."""
    stage, target = await Stage().started(), tmp_path / "web" / "calendar.ics"

    first = await export(settings, stage.store, stage.clock, target)
    again = await export(settings, stage.store, stage.clock, target)
    await stage.planner.cancel(stage.campaign.id)
    cancelled = await export(settings, stage.store, stage.clock, target)

    assert (first, again, cancelled) == (True, False, True)
    assert {each.status.value for each in events(target.read_bytes())} == {"CANCELLED"}
    assert [path.name for path in target.parent.iterdir()] == ["calendar.ics"]


async def test_a_file_that_is_gone_comes_back(settings: Settings, tmp_path: Path) -> None:
    """Somebody tidied the folder of the web server."""
    stage, target = await Stage().started(), tmp_path / "calendar.ics"
    keeper = Keeper(settings, stage.store, stage.clock, target)
    await keeper.look()
    before = target.read_bytes()
    await keeper.look()
    target.unlink()

    await keeper.look()

    assert target.read_bytes() == before


async def test_a_place_that_cannot_be_written_is_said(settings: Settings, tmp_path: Path) -> None:
    """With the file."""
    with pytest.raises(StorageError, match="calendar cannot be written"):
        await export(settings, MemoryStore(), Stage().clock, tmp_path / "none" / "none" / "calendar.ics")
