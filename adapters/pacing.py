"""Whose turn it is: calls wait here until the platform's pace allows them, the more urgent first.

One call at a time to one address, so that what is sent in order arrives in order. Limits are sliding windows, counted
so that the platform's own windows, which see a call a little later than we start it, are never overrun:

* the gap between two calls to one address counts from start to start, as does the pace of the whole account;
* the window of a crowded address (20 a minute) counts from the *end* of the earlier calls.

Nobody polls: one of those who wait sleeps until the next instant at which a turn can be given, and whoever changes
that instant (a newcomer, the end of a turn, a pause) ends that sleep.

A machine's clock may be set back. What is remembered goes back with it: nobody waits for an hour to come again.
"""

import asyncio
from bisect import insort
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.delivery import Urgency
from core.identifiers import Address
from core.ports.clock import Clock

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_LATE = timedelta(milliseconds=20)  # waking later than this is a stall, not to be made up for
_TIDY_ABOVE = 1024  # addresses remembered before those at rest are forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most ``calls`` within any ``period``."""

    calls: int
    period: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one account may call.

    ``gap`` is between two calls to one address; ``crowd`` is for addresses that many read. ``kept`` calls of a crowd's
    window are never spent on refreshing what is already out. When ``several`` addresses are told to pause within
    ``together``, the whole account pauses.
    """

    overall: Window
    gap: timedelta
    crowd: Window
    kept: int = 5
    several: int = 3
    together: timedelta = timedelta(seconds=5)


@dataclass(slots=True)
class _Place:
    """What is remembered of one address."""

    crowded: bool
    started_at: datetime = _LONG_AGO
    paused_until: datetime = _LONG_AGO
    busy: bool = False
    ended_at: deque[datetime] = field(default_factory=deque)

    def set_back(self, by: timedelta) -> None:
        """Move all instants."""
        self.started_at, self.paused_until = _earlier(self.started_at, by), _earlier(self.paused_until, by)
        _set_back(self.ended_at, by)


@dataclass(order=True, slots=True)
class _Waiter:
    urgency: Urgency
    rank: int
    address: Address = field(compare=False)
    counted: bool = field(compare=False)
    bell: asyncio.Event = field(compare=False, default_factory=asyncio.Event)
    granted: bool = field(compare=False, default=False)


class Pacer:
    """Gives turns. ``crowded`` says of an address whether many read it."""

    def __init__(self, clock: Clock, pace: Pace, *, crowded: Callable[[Address], bool]) -> None:
        self._clock = clock
        self._pace = pace
        self._crowded = crowded
        self._places: dict[Address, _Place] = {}
        self._waiting: list[_Waiter] = []
        self._overall: deque[datetime] = deque(maxlen=pace.overall.calls)
        self._pauses: deque[tuple[datetime, Address]] = deque(maxlen=pace.several)
        self._paused_until = _LONG_AGO
        self._nap: asyncio.Task[None] | None = None
        self._rank = 0
        self._turns = 0
        self._latest = clock.now()

    @property
    def busy(self) -> bool:
        """Whether a turn is given and not yet over; waiting for a turn is no work."""
        return self._turns > 0

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return len(self._waiting)

    @property
    def remembered(self) -> int:
        """Of how many addresses something is remembered."""
        return len(self._places)

    @asynccontextmanager
    async def turn(self, address: Address, urgency: Urgency, *, counted: bool = True) -> AsyncIterator[None]:
        """Wait for a turn and hold it. An uncounted call (a removal) spends nothing of the address's own pace."""
        waiter = self._join(address, urgency, counted=counted)
        try:
            await self._until_granted(waiter)
            yield
        finally:
            self._leave(waiter)

    def pause(self, address: Address, until: datetime) -> None:
        """No turn for this address before ``until``; for none at all when several addresses were told so together."""
        now = self._now()
        place = self._place(address)
        place.paused_until = max(place.paused_until, until)
        self._pauses.append((now, address))
        recent = {where for at, where in self._pauses if now - at <= self._pace.together}
        if len(recent) >= self._pace.several:
            self._paused_until = max(self._paused_until, until)
        self._give()

    def spend(self, address: Address, calls: int) -> None:
        """Inside a turn: the call counts for so many more."""
        now = self._now()
        place = self._place(address)
        place.started_at += self._pace.gap * calls
        for window in (place.ended_at, self._overall):
            window.extend([now] * calls)

    def _join(self, address: Address, urgency: Urgency, *, counted: bool) -> _Waiter:
        self._rank += 1
        waiter = _Waiter(urgency, self._rank, address, counted)
        insort(self._waiting, waiter)
        self._give()
        return waiter

    async def _until_granted(self, waiter: _Waiter) -> None:
        while not waiter.granted:
            if self._nap is None:
                await self._watch()
            else:
                await waiter.bell.wait()
                waiter.bell.clear()

    async def _watch(self) -> None:
        """Sleep until the next turn can be given, or somebody ends this sleep; then give turns."""
        try:
            async with asyncio.TaskGroup() as group:
                self._nap = group.create_task(self._doze(self._next_instant()))
        finally:
            self._nap = None
            self._give()

    async def _doze(self, until: datetime | None) -> None:
        if until is None:  # everybody waits for the end of somebody's turn
            await asyncio.Event().wait()
        else:
            await self._clock.sleep_until(until)

    def _leave(self, waiter: _Waiter) -> None:
        if waiter.granted:
            self._turns -= 1
            place = self._places[waiter.address]
            place.busy = False
            if waiter.counted:
                place.ended_at.append(self._now())
        else:
            self._waiting.remove(waiter)
        self._tidy()
        self._give()

    def _give(self) -> None:
        """Give every turn that can be given now, and see to it that one of the others watches the clock."""
        now = self._now()
        for waiter in tuple(self._waiting):
            ready_at = self._ready_at(waiter)
            if ready_at is not None and ready_at <= now:
                self._grant(waiter, ready_at if now - ready_at <= _LATE else now)
        if self._nap is not None:
            self._nap.cancel()
        elif self._waiting:
            self._waiting[0].bell.set()

    def _grant(self, waiter: _Waiter, due_at: datetime) -> None:
        self._waiting.remove(waiter)
        place = self._place(waiter.address)
        place.busy = True
        if waiter.counted:
            place.started_at = due_at  # not ``now``: waking a little late each time must not add up
        self._overall.append(due_at)
        self._turns += 1
        waiter.granted = True
        waiter.bell.set()

    def _ready_at(self, waiter: _Waiter) -> datetime | None:
        """From when on the turn can be given; None while the address is in somebody's turn."""
        place = self._place(waiter.address)
        if place.busy:
            return None
        ready_at = max(place.paused_until, self._paused_until, _freed(self._overall, self._pace.overall))
        if not waiter.counted:
            return ready_at
        ready_at = max(ready_at, place.started_at + self._pace.gap)
        if not place.crowded:
            return ready_at
        kept = self._pace.kept if waiter.urgency is Urgency.REFRESH else 0
        return max(ready_at, _freed(place.ended_at, self._pace.crowd, kept=kept))

    def _now(self) -> datetime:
        """The present; when the clock was set back, what is remembered follows."""
        now = self._clock.now()
        if now < self._latest:
            self._set_back(self._latest - now)
        self._latest = now
        return now

    def _set_back(self, by: timedelta) -> None:
        self._paused_until = _earlier(self._paused_until, by)
        _set_back(self._overall, by)
        self._pauses.clear()
        for place in self._places.values():
            place.set_back(by)

    def _next_instant(self) -> datetime | None:
        return min((at for waiter in self._waiting if (at := self._ready_at(waiter)) is not None), default=None)

    def _place(self, address: Address) -> _Place:
        place = self._places.get(address)
        if place is None:
            place = _Place(crowded=self._crowded(address), ended_at=deque(maxlen=self._pace.crowd.calls))
            self._places[address] = place
        return place

    def _tidy(self) -> None:
        if len(self._places) > _TIDY_ABOVE:
            now = self._now()
            awaited = {waiter.address for waiter in self._waiting}
            self._places = {
                address: place
                for address, place in self._places.items()
                if address in awaited or not _at_rest(place, now - self._pace.crowd.period)
            }


def _freed(calls: deque[datetime], window: Window, *, kept: int = 0) -> datetime:
    """When the window has room for one more call."""
    most = window.calls - kept
    return _LONG_AGO if len(calls) < most else calls[-most] + window.period


def _at_rest(place: _Place, since: datetime) -> bool:
    last = place.ended_at[-1] if place.ended_at else _LONG_AGO
    return not place.busy and max(last, place.started_at, place.paused_until) < since


def _earlier(at: datetime, by: timedelta) -> datetime:
    return max(at, _LONG_AGO + by) - by


def _set_back(instants: deque[datetime], by: timedelta) -> None:
    for _ in range(len(instants)):
        instants.append(_earlier(instants.popleft(), by))
