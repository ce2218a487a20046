"""Time on stage, which leaps over the hours in which nothing happens.

A stage clock is shared by the sandbox and the bots it is host to. It knows who sleeps until when, and it jumps to the
next sleeper's instant once nobody has anything left to do: every idle predicate holds and every activity counter
stands still through two real quiet windows in a row. Only sleeping is virtual; network time-outs stay real.
A sleep of less than a blink, such as the pause between two posts, is part of somebody's work: it asks for quiet only.

For somebody who looks on, jumps can be paced. The sleepers of the clock itself are the story (what the bots wait
for) and wait their turn; those of ``clock.aside`` are the crowd and pass more quickly.
"""

import asyncio
import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_CONFIRMATIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How slowly jumps follow one another, in real time; all zero: as fast as everybody is idle.

    ``story`` and ``aside`` are the least time between two jumps, ``attention`` the time the story holds its breath
    after each act of a visitor. A jump over less than ``blink`` of virtual time is never slowed, also not by a pause.
    ``speed`` is a ceiling for time in which something is at work: so many times as fast as real time; 0 for none.
    """

    story: timedelta = timedelta()
    aside: timedelta = timedelta()
    attention: timedelta = timedelta()
    blink: timedelta = timedelta(seconds=2)
    speed: float = 0


LIVE = Pace(
    story=timedelta(seconds=3),
    aside=timedelta(milliseconds=120),
    attention=timedelta(seconds=20),
    blink=timedelta(seconds=4),  # a network that is asked every few seconds is no event
)
AT_ONCE = Pace()


@dataclass(order=True, slots=True)
class _Sleeper:
    at: datetime
    rank: int
    story: bool = field(compare=False)
    wake: "asyncio.Future[None]" = field(compare=False)


class StageClock:
    """A clock that stands still, or with ``flowing`` runs at real speed, between two jumps. It never goes back.

    ``quiet`` is the real length of one window without activity. Nothing moves unless ``run`` is running.
    """

    def __init__(
        self,
        start: datetime,
        *,
        quiet: timedelta = timedelta(milliseconds=30),
        pace: Pace = AT_ONCE,
        flowing: bool = False,
    ) -> None:
        self._base = start.astimezone(UTC)
        self._since = time.monotonic()
        self._quiet = quiet.total_seconds()
        self._flowing = flowing
        self._sleepers: list[_Sleeper] = []
        self._ranks = 0
        self._idle: list[Callable[[], bool]] = []
        self._at_work: list[Callable[[], bool]] = []
        self._counters: list[Callable[[], int]] = []
        self._watchers: list[Callable[[], None]] = []
        self._bell = asyncio.Event()
        self._jumped_at = self._since
        self._touched_at = float("-inf")
        self._hurried = False
        self._paused = False
        self._pace = pace
        self.horizon: datetime | None = None
        self.aside = Aside(self)

    # ── what everybody asks ──

    def now(self) -> datetime:
        """The instant on stage, in UTC."""
        if not self._flowing or self._paused:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    async def sleep_until(self, at: datetime) -> None:
        """Return once the clock has come to this instant; at once when it has passed."""
        await self._sleep(at, story=True)

    # ── what the stage says ──

    def idle_when(self, predicate: Callable[[], bool]) -> None:
        """Never jump while this is false."""
        self._idle.append(predicate)

    def at_work_when(self, predicate: Callable[[], bool]) -> None:
        """While this is true, jump no faster than the speed of the pace."""
        self._at_work.append(predicate)

    def watch(self, counter: Callable[[], int]) -> None:
        """Never jump while this number moves."""
        self._counters.append(counter)

    def subscribe(self, watcher: Callable[[], None]) -> None:
        """Call this after each jump, pause and resumption."""
        self._watchers.append(watcher)

    # ── what a visitor does ──

    @property
    def paused(self) -> bool:
        """Whether no jump is made until ``resume`` or ``skip``."""
        return self._paused

    @property
    def next_event(self) -> datetime | None:
        """When the story goes on, if it does: the instant of its next sleeper within the horizon."""
        ahead = min((sleeper.at for sleeper in self._sleepers if sleeper.story), default=None)
        return None if ahead is None or self._beyond(ahead) else ahead

    def pause(self) -> None:
        """Make no jump until told otherwise."""
        self._base = self.now()
        self._paused = True
        self._tell()

    def resume(self) -> None:
        """Go on after a pause."""
        self._since = time.monotonic()
        self._paused = False
        self._tell()

    def skip(self) -> None:
        """Go to the story's next event without waiting, also from a pause, which is kept."""
        self._hurried = True

    def touch(self) -> None:
        """The visitor did something: leave time to look at it."""
        self._touched_at = time.monotonic()

    # ── what moves it ──

    async def run(self) -> None:
        """Jump whenever everybody is idle, until cancelled."""
        while True:
            await self._calm()
            if self._due():
                self._jump()

    async def _sleep(self, at: datetime, *, story: bool) -> None:
        if at <= self.now():
            await asyncio.sleep(0)
            return
        self._ranks += 1
        sleeper = _Sleeper(at.astimezone(UTC), self._ranks, story, asyncio.get_running_loop().create_future())
        heapq.heappush(self._sleepers, sleeper)
        self._bell.set()
        try:
            await sleeper.wake
        finally:
            self._forget(sleeper)

    def _forget(self, sleeper: _Sleeper) -> None:
        self._ranks += 1
        if sleeper in self._sleepers:
            self._sleepers.remove(sleeper)
            heapq.heapify(self._sleepers)

    async def _calm(self) -> None:
        """Return when there is somebody to wake and two quiet windows in a row saw nothing move."""
        confirmed, seen = 0, self._activity()
        while confirmed < _CONFIRMATIONS:
            await self._window()
            activity = self._activity()
            idle = self._blinks() or all(predicate() for predicate in self._idle)
            calm = activity == seen and idle
            confirmed, seen = (confirmed + 1 if calm else 0), activity

    async def _window(self) -> None:
        if not self._sleepers:
            self._bell.clear()
            await self._bell.wait()
        await asyncio.sleep(self._quiet)
        if self._flowing and self._sleepers and self._sleepers[0].at <= self.now():
            self._wake()

    def _activity(self) -> tuple[int, ...]:
        return (self._ranks, *(counter() for counter in self._counters))

    def _beyond(self, at: datetime) -> bool:
        return self.horizon is not None and at > self.horizon

    def _due(self) -> bool:
        """Whether the next jump may be made now."""
        if not self._sleepers or self._beyond(self._sleepers[0].at):
            return False
        if time.monotonic() < self._not_before():
            return False
        if self._hurried or self._blinks():
            return True
        return not self._paused and time.monotonic() >= self._earliest()

    def _blinks(self) -> bool:
        """Whether the next sleeper sleeps so shortly that nobody would notice."""
        return bool(self._sleepers) and self._sleepers[0].at - self.now() < self._pace.blink

    def _not_before(self) -> float:
        """The monotonic second before which the next jump would be faster than the ceiling."""
        if not self._pace.speed or not (self._blinks() or any(predicate() for predicate in self._at_work)):
            return float("-inf")
        return self._jumped_at + (self._sleepers[0].at - self.now()).total_seconds() / self._pace.speed

    def _earliest(self) -> float:
        """The monotonic second before which a visitor should not see the next jump."""
        if not self._tells_story(self._sleepers[0].at):
            return self._jumped_at + self._pace.aside.total_seconds()
        breath = self._touched_at + self._pace.attention.total_seconds()
        return max(self._jumped_at + self._pace.story.total_seconds(), breath)

    def _tells_story(self, at: datetime) -> bool:
        return any(sleeper.story for sleeper in self._sleepers if sleeper.at == at)

    def _jump(self) -> None:
        at = self._sleepers[0].at
        if self._tells_story(at):
            self._hurried = False
        self._base = max(at, self.now())
        self._since = self._jumped_at = time.monotonic()
        self._wake()

    def _wake(self) -> None:
        now = self.now()
        while self._sleepers and self._sleepers[0].at <= now:
            sleeper = heapq.heappop(self._sleepers)
            if not sleeper.wake.done():
                sleeper.wake.set_result(None)
        self._tell()

    def _tell(self) -> None:
        for watcher in self._watchers:
            watcher()


class Aside:
    """The same time for those who are not the story: the crowd. Waiting here does not hold the visitor up."""

    def __init__(self, clock: StageClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """The instant on stage, in UTC."""
        return self._clock.now()

    async def sleep_until(self, at: datetime) -> None:
        """Return once the clock has come to this instant; at once when it has passed."""
        await self._clock._sleep(at, story=False)  # noqa: SLF001  two doors of one clock
