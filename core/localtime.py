"""Wall-clock time of a town, with the two nights a year when it is ambiguous decided explicitly.

When clocks go forward an hour does not exist (the *gap*); when they go back an hour happens twice (the *fold*).
Gap: the instant that the same clock would have shown had it not been moved, which reads one hour later. Fold: the
first of the two. The offsets are those of the IANA zone database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


class Gap(StrEnum):
    """What a time that does not exist means."""

    SHIFT_FORWARD = "shift_forward"
    REFUSE = "refuse"


class Fold(StrEnum):
    """Which of two instants a time that exists twice means."""

    FIRST = "first"
    SECOND = "second"


class NoSuchLocalTime(ValueError):
    """The clock never shows this time in this zone, and the policy is to refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPolicy:
    """How a campaign reads wall-clock times."""

    gap: Gap = Gap.SHIFT_FORWARD
    fold: Fold = Fold.FIRST


def instant(local: datetime, zone: ZoneInfo, policy: ClockPolicy) -> datetime:
    """The UTC instant of a naive wall-clock time.

    Raises NoSuchLocalTime for a time in the gap when the policy refuses it.
    """
    if not exists(local, zone):
        if policy.gap is Gap.REFUSE:
            raise NoSuchLocalTime(f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}")
        return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return local.replace(tzinfo=zone, fold=0 if policy.fold is Fold.FIRST else 1).astimezone(UTC)


def days_later(at: datetime, days: int, zone: ZoneInfo, policy: ClockPolicy) -> datetime:
    """The UTC instant when the clocks of the zone show the same time of day so many days later; ``at`` itself for 0.

    Raises NoSuchLocalTime as ``instant`` does.
    """
    if not days:
        return at
    return instant(at.astimezone(zone).replace(tzinfo=None) + timedelta(days=days), zone, policy)


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of the zone ever show this naive time."""
    there = local.replace(tzinfo=zone).astimezone(UTC)
    return there.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(fold=0)


def clock_changes(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """The instants, to the minute, between these two at which the clocks of the zone are put forward or back."""
    at = since
    while at < until:
        following = min(at + _DAY, until)
        if at.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield _change(zone, at, following)
        at = following


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first minute of the new offset, between an instant of the old one and one of the new."""
    old = before.astimezone(zone).utcoffset()
    while after - before > _MINUTE:
        middle = before + (after - before) / 2
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    return after.replace(second=0, microsecond=0)
