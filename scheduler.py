"""The metronome: a handful of fixed ticks that say «look now», and an alarm for the next step of a campaign.

The database knows what is due; nothing here remembers anything. APScheduler keeps the ticks in memory, on real time:
its stores lose jobs when they are interrupted and its cron triggers skip or double days when clocks change (measured
with 3.11.3), so it gets neither data nor calendars. A missed tick is made up for once, and none runs twice at a time.

Ticks beat on real time; what they look at is judged by the ``Clock``. The machine's wall clock is compared with the
time that has really passed. When it leaps, nothing is judged by the clock (no step, no expiry, no forgetting) until it
is right again, or has stood by its new time for ``CONFIRMED_AFTER``: one wrong reading must not miss or destroy
anything for ever, and a clock that was put right must not stop the town.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from campaigns.planner import Planner
from core.errors import StorageError
from core.ports.clock import Clock
from delivery.bells import Bell, Hands

STEP_BACK, STEP_AHEAD = timedelta(minutes=5), timedelta(hours=1)  # larger ones are doubted
CONFIRMED_AFTER = timedelta(minutes=10)  # time servers are asked every few minutes
PLANNING = timedelta(seconds=1)
WATCH = timedelta(seconds=5)
_LATE = 3  # periods
_A_MOMENT = 3  # seconds

log = logging.getLogger("parvis.scheduler")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Something to look at again and again. A look that fails is logged, and made again a period later.

    One that judges ``by_the_clock``, that something is due or over, is not made while the clock is in doubt.
    One that is not ``vital`` may fail, or take long, for ever: nobody is restarted for it.
    """

    name: str
    period: timedelta
    look: Callable[[], Awaitable[object]]
    by_the_clock: bool = False
    vital: bool = True


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


class ClockGuard:
    """Whether the machine's wall clock can be believed: it may drift, but not leap, against the time that passes."""

    def __init__(self, real: RealTime) -> None:
        self._real = real
        self._believed = self._began()
        self._doubted: datetime | None = None
        self._since = 0.0

    @property
    def doubts(self) -> bool:
        """Whether the clock was in doubt at the last look."""
        return self._doubted is not None

    def look(self) -> bool:
        """Whether the clock can be believed now."""
        began = self._began()
        if not _leapt(self._believed, began):
            self._believe(began)
        elif self._doubted is None or _leapt(self._doubted, began):
            self._doubt(began)
        elif self._real.reading() - self._since >= CONFIRMED_AFTER.total_seconds():
            self._believe(began)
        return not self.doubts

    def _began(self) -> datetime:
        """What the wall clock showed when ``reading`` was 0, if both run alike."""
        return self._real.wall() - timedelta(seconds=self._real.reading())

    def _doubt(self, began: datetime) -> None:
        leap = (began - self._believed).total_seconds()
        log.error("clock_in_doubt", extra={"leapt_by_seconds": round(leap)})
        self._doubted, self._since = began, self._real.reading()

    def _believe(self, began: datetime) -> None:
        if self.doubts:
            log.warning("clock_believed_again", extra={"at": self._real.wall().isoformat(timespec="seconds")})
        self._believed, self._doubted = began, None


def _leapt(before: datetime, after: datetime) -> bool:
    return not -STEP_BACK <= after - before <= STEP_AHEAD


class Metronome:
    """Beats the ticks, and wakes the planner at the instant of the next step.

    Without a ``planner`` nothing is planned here: another process does that.
    ``bell`` is to be rung when that instant may have changed. ``planning`` is the period of the planner's own tick,
    ``watch`` of the look whether all ticks beat.
    """

    def __init__(
        self,
        *,
        planner: Planner | None,
        ticks: Sequence[Tick],
        clock: Clock,
        bell: Bell,
        planning: timedelta = PLANNING,
        watch: timedelta = WATCH,
        real: RealTime | None = None,
    ) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # below, it tells of every beat and of every slow look
        self._planner = planner
        plans = () if planner is None else (self._planning(planner, planning),)
        self._ticks = (*plans, *ticks)
        self._clock = clock
        self._bell = bell
        self._watch_period = watch
        self._real = real or RealTime()
        self._guard = ClockGuard(self._real)
        self._hands = Hands()
        self._looked = datetime.min.replace(tzinfo=UTC)  # when the planner last did
        self._last_ok: dict[str, float] = {}
        self._failing: set[str] = set()
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
        """Whether nothing is judged by a clock that is in doubt."""
        return self._guard.doubts

    def stale(self) -> tuple[str, ...]:
        """The vital ticks without success for three of their periods: something is wrong that a restart may cure.

        A database that takes nothing is no such thing: the service goes on refusing with a sentence until it is back.
        """
        return tuple(tick.name for tick in self._late() if tick.vital)

    def _late(self) -> list[Tick]:
        now = self._real.reading()
        begun = [(tick, self._last_ok[tick.name]) for tick in self._ticks if tick.name in self._last_ok]
        return [tick for tick, at in begun if now - at > _LATE * tick.period.total_seconds()]

    async def run(self) -> None:
        """Beat until cancelled; looks under way then have a moment to end."""
        for tick in self._ticks:
            self._last_ok[tick.name] = self._real.reading()
            every = _Beat(seconds=tick.period.total_seconds(), timezone=UTC)
            self._scheduler.add_job(self._beat, every, args=[tick], id=tick.name)
        self._scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                if self._planner is not None:
                    group.create_task(self._alarm(self._planner))
                group.create_task(self._watch())
        finally:
            self._scheduler.pause()
            with suppress(TimeoutError):
                async with asyncio.timeout(_A_MOMENT):
                    await self._hands.empty()
            self._scheduler.shutdown(wait=False)

    async def _beat(self, tick: Tick) -> None:
        with self._hands.at_work():
            steady = self._guard.look()
            failure = await self._guarded(tick.name, tick.look) if steady or not tick.by_the_clock else None
            if failure is None or isinstance(failure, StorageError):
                self._last_ok[tick.name] = self._real.reading()

    async def _guarded(self, name: str, look: Callable[[], Awaitable[object]]) -> Exception | None:
        """Look; why it failed, if it did. One line when it begins to fail, one when it succeeds again."""
        try:
            await look()
        except Exception as error:  # the supervisor of ticks
            if name not in self._failing:
                away = isinstance(error, StorageError)  # no fault of ours: where it happened explains nothing
                problem = {"tick": name, "error": type(error).__name__, "detail": str(error)}
                log.error("tick_failing", extra=problem, exc_info=None if away else error)  # noqa: TRY400  not for these
            self._failing.add(name)
            return error
        if name in self._failing:
            log.warning("tick_succeeds_again", extra={"tick": name})
        self._failing.discard(name)
        return None

    # ── planning ──

    def _planning(self, planner: Planner, period: timedelta) -> Tick:
        async def plan_and_arm() -> None:
            self._looked = self._clock.now()
            await planner.look()
            self._bell.ring()  # another process may have started a campaign

        return Tick(name="plan", period=period, look=plan_and_arm, by_the_clock=True)

    async def _alarm(self, planner: Planner) -> None:
        while True:
            if await self._guarded("alarm", partial(self._wait_and_plan, planner)) is not None:
                await self._bell.rest(self._clock)

    async def _wait_and_plan(self, planner: Planner) -> None:
        due = await planner.next_due()
        until = due if due is not None and due > self._looked else None  # what was looked at: the tick insists
        await self._bell.rest(self._clock, until)
        if until is not None and until <= (now := self._clock.now()):
            self._looked = now
            if self._guard.look():
                await planner.look()

    # ── watching ──

    async def _watch(self) -> None:
        """Real sleep: it goes on when the wall clock is set back, while APScheduler would wait for the old time."""
        known: set[str] = set()
        while True:
            await asyncio.sleep(self._watch_period.total_seconds())
            self._wake_sleepers()
            late = {tick.name for tick in self._late()}
            for name in late - known:
                log.error("tick_stale", extra={"tick": name})
            known = late

    def _wake_sleepers(self) -> None:
        now = self._real.wall()
        for tick in self._ticks:
            job = self._scheduler.get_job(tick.name)
            if job.next_run_time - now > 2 * tick.period:
                job.modify(next_run_time=now)
