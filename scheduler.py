"""The metronome: a handful of fixed ticks that say «look now», and an alarm for the next step of a campaign.

The database knows what is due; nothing here remembers anything. APScheduler keeps the ticks in memory, on real time:
its stores lose jobs when they are interrupted and its cron triggers skip or double days when clocks change (measured
with 3.11.3), so it gets neither data nor calendars. A missed tick is made up for once, and none runs twice at a time.

Ticks beat on real time; what they look at is judged by the ``Clock``. When that goes back by more than ``STEP_BACK``
no campaign is planned until it is where it was: a dead battery must not make yesterday's campaigns due again.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from campaigns.planner import Planner
from core.errors import StorageError
from core.ports.clock import Clock
from delivery.bells import Bell, Hands

STEP_BACK = timedelta(minutes=5)
PLANNING = timedelta(seconds=1)
WATCH = timedelta(seconds=5)
_LATE = 3  # periods
_A_MOMENT = 3  # seconds

log = logging.getLogger("parvis.scheduler")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Something to look at again and again. A look that fails is logged, and made again a period later."""

    name: str
    period: timedelta
    look: Callable[[], Awaitable[object]]


class _Beat(IntervalTrigger):  # type: ignore[misc]  # APScheduler has no types
    """An interval that forgets what it missed: after ten years of sleep it does not count every second of them."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next beat; never one that has passed."""
        if previous_fire_time is None:
            return now
        interval: timedelta = self.interval
        following = previous_fire_time + interval
        return following if following > now else now + interval


@dataclass(frozen=True, slots=True, kw_only=True)
class RealTime:
    """The machine's own time: a ``wall`` clock that may be set, and a ``reading`` in seconds that never goes back."""

    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    reading: Callable[[], float] = time.monotonic


class Metronome:
    """Beats the ticks, and wakes the planner at the instant of the next step.

    ``bell`` is to be rung when that instant may have changed. ``planning`` is the period of the planner's own tick,
    ``watch`` of the look whether all ticks beat.
    """

    def __init__(
        self,
        *,
        planner: Planner,
        ticks: Sequence[Tick],
        clock: Clock,
        bell: Bell,
        planning: timedelta = PLANNING,
        watch: timedelta = WATCH,
        real: RealTime | None = None,
    ) -> None:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # below, it tells of every beat
        self._planner = planner
        self._ticks = (Tick(name="plan", period=planning, look=self._plan_and_arm), *ticks)
        self._clock = clock
        self._bell = bell
        self._watch_period = watch
        self._real = real or RealTime()
        self._hands = Hands()
        self._last_ok: dict[str, float] = {}
        self._failing: set[str] = set()
        self._latest = clock.now()
        self._paused = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    @property
    def busy(self) -> bool:
        """Whether the alarm was rung and is not set again. What a tick looks at says itself whether it is busy."""
        return self._bell.rung

    @property
    def paused(self) -> bool:
        """Whether planning waits for a clock that went back."""
        return self._paused

    def stale(self) -> tuple[str, ...]:
        """The ticks without success for three of their periods: something is wrong that a restart may cure.

        A database that takes nothing is no such thing: the service goes on refusing with a sentence until it is back.
        """
        now = self._real.reading()
        periods = {tick.name: tick.period.total_seconds() for tick in self._ticks}
        return tuple(name for name, at in self._last_ok.items() if now - at > _LATE * periods[name])

    async def run(self) -> None:
        """Beat until cancelled; looks under way then have a moment to end."""
        for tick in self._ticks:
            self._last_ok[tick.name] = self._real.reading()
            every = _Beat(seconds=tick.period.total_seconds(), timezone=UTC)
            self._scheduler.add_job(self._beat, every, args=[tick], id=tick.name)
        self._scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._alarm())
                group.create_task(self._watch())
        finally:
            self._scheduler.pause()
            with suppress(TimeoutError):
                async with asyncio.timeout(_A_MOMENT):
                    await self._hands.empty()
            self._scheduler.shutdown(wait=False)

    async def _beat(self, tick: Tick) -> None:
        with self._hands.at_work():
            failure = await self._guarded(tick.name, tick.look)
            if failure is None or isinstance(failure, StorageError):
                self._last_ok[tick.name] = self._real.reading()

    async def _guarded(self, name: str, look: Callable[[], Awaitable[object]]) -> Exception | None:
        """Look; why it failed, if it did. One line when it begins to fail, one when it succeeds again."""
        try:
            await look()
        except Exception as error:  # the supervisor of ticks
            if name not in self._failing:
                log.exception("tick_failing", extra={"tick": name})
            self._failing.add(name)
            return error
        if name in self._failing:
            log.warning("tick_succeeds_again", extra={"tick": name})
        self._failing.discard(name)
        return None

    # ── planning ──

    async def _plan_and_arm(self) -> None:
        await self._plan()
        self._bell.ring()  # another process may have started a campaign

    async def _plan(self) -> None:
        if self._is_steady():
            await self._planner.look()

    async def _alarm(self) -> None:
        while True:
            if await self._guarded("alarm", self._wait_and_plan) is not None:
                await self._bell.rest(self._clock)

    async def _wait_and_plan(self) -> None:
        due = await self._planner.next_due()
        until = due if due is not None and due > self._clock.now() else None  # what is due already: the tick insists
        await self._bell.rest(self._clock, until)
        if until is not None and until <= self._clock.now():
            await self._plan()

    def _is_steady(self) -> bool:
        back = self._latest - self._clock.now()
        self._latest = max(self._latest, self._clock.now())
        went_back = back > STEP_BACK
        if went_back and not self._paused:
            log.error("clock_went_back", extra={"seconds": back.total_seconds()})
        if self._paused and not went_back:
            log.warning("clock_is_right_again")
        self._paused = went_back
        return not went_back

    # ── watching ──

    async def _watch(self) -> None:
        """Real sleep: it goes on when the wall clock is set back, while APScheduler would wait for the old time."""
        known: set[str] = set()
        while True:
            await asyncio.sleep(self._watch_period.total_seconds())
            self._wake_sleepers()
            stale = set(self.stale())
            for name in stale - known:
                log.error("tick_stale", extra={"tick": name})
            known = stale

    def _wake_sleepers(self) -> None:
        now = self._real.wall()
        for tick in self._ticks:
            job = self._scheduler.get_job(tick.name)
            if job.next_run_time - now > 2 * tick.period:
                job.modify(next_run_time=now)
