"""What a zone's clocks do, told to a calendar program in its own terms (VTIMEZONE: RFC 5545, 3.6.5)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def told(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """The zone between two instants: what its clocks show at the first, and each change after it."""
    component = Timezone()
    component.add("TZID", zone.key)
    component.add_component(_observance(zone, first, first))
    for at in _changes(zone, first, last):
        component.add_component(_observance(zone, at, at - _MINUTE))
    return component


def midnight(at: datetime) -> datetime:
    """The beginning of its day in UTC: a file that begins there is the same all day."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _observance(zone: ZoneInfo, at: datetime, before: datetime) -> TimezoneDaylight | TimezoneStandard:
    """What clocks show from an instant on. It is told as the clocks of before show it."""
    was, now = before.astimezone(zone), at.astimezone(zone)
    observance = TimezoneDaylight() if now.dst() else TimezoneStandard()
    offset = was.utcoffset() or timedelta()
    observance.add("DTSTART", (at.astimezone(UTC) + offset).replace(tzinfo=None))
    observance.add("TZOFFSETFROM", offset)
    observance.add("TZOFFSETTO", now.utcoffset() or timedelta())
    observance.add("TZNAME", now.tzname() or zone.key)
    return observance


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants at which the clocks change, to the minute."""
    day = first
    while day < last:
        earlier, later = day, day + _DAY
        if _offset(zone, earlier) != _offset(zone, later):
            while later - earlier > _MINUTE:
                middle = earlier + (later - earlier) // 2
                middle = middle.replace(second=0, microsecond=0)
                earlier, later = (middle, later) if _offset(zone, middle) == _offset(zone, day) else (earlier, middle)
            yield later
        day += _DAY


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
