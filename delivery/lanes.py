"""The engine: each lane is taken over, run, and started again after a pause when it fails, none in another's way.

Which lanes run in this process is for the placement to say: on one machine all of them (``Here``). Taking a lane over
gives it a new token, so that a process that still believes to run it writes nothing any more; that one lets go of it.

A lane whose account is refused, or used by another program, rests longer, for trying disturbs: a minute at first, an
hour at most. That it stands still is said once in the log for each account, whichever of its lanes finds it, and
remembered for each lane, so that people can be told. Where lanes move between processes, the one that lost a lane may
listen for a moment longer: then the rival is that one, and is waited for.
"""

import asyncio
import logging
import os
import platform
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from core.errors import PlatformError, Rival, StorageError, Superseded, Unauthorised
from core.identifiers import LaneName
from core.ports.clock import Clock
from core.ports.engine import Halt, Keep, Lane, Placement, halt, set_halt, whose
from core.ports.store import Store

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=1)  # after a fault
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)  # after a refusal
LETTING_GO = timedelta(seconds=30)  # that a process has which lost a lane
_NEWS = LONGEST_REST + FIRST_REST  # since the last one: a refusal after that is a new one

log = logging.getLogger("parvis.delivery")


class Here:
    """Every lane runs in this process, and in no other: see ``core.ports.engine.Placement``."""

    shared = False

    async def run(self, lanes: Collection[LaneName], keep: Keep) -> None:
        """Keep them all."""
        async with asyncio.TaskGroup() as group:
            for name in lanes:
                group.create_task(_kept(keep, name), name=name)


class LaneEngine:
    """See ``core.ports.engine.Engine``."""

    def __init__(self, *, clock: Clock, store: Store, placement: Placement | None = None) -> None:
        self._clock = clock
        self._store = store
        self._placement = placement or Here()
        self._holder = f"{platform.node()}:{os.getpid()}"
        self._refused: dict[str, tuple[type[Exception], datetime]] = {}  # the last refusal of each account

    async def run(self, lanes: Iterable[Lane]) -> None:
        """Keep every lane running that is placed here."""
        known = {lane.name: lane for lane in lanes}
        await self._placement.run(tuple(known), lambda name: self._keep(known[name]))

    async def _keep(self, lane: Lane) -> None:
        pause, since = timedelta(), None
        told: type[Exception] | None = None
        placed_at = self._clock.now()
        while True:
            began = self._clock.now()
            try:
                await self._once(lane)
            except Superseded:
                raise
            except Exception as error:  # noqa: BLE001  the supervisor of lanes, who tells below
                refusal = self._refusal(error, placed_at)
                first, longest = (FIRST_PAUSE, LONGEST_PAUSE) if refusal is None else (FIRST_REST, LONGEST_REST)
                now = self._clock.now()
                if now - began > longest:  # it ran well: its last trouble was another one
                    pause, since, told = timedelta(), None, None
                pause, since = min(max(2 * pause, first), longest), since or now
                if refusal is None:
                    self._fault(lane.name, error)
                else:
                    self._tell(lane.name, refusal, pause, told)
                    told = type(refusal)
                    await self._remember(lane.name, Halt(since, refusal.detail))
            else:
                return
            await self._clock.sleep_until(self._clock.now() + pause)

    async def _once(self, lane: Lane) -> None:
        """Take the lane and run it. Raises Superseded, whatever came with it, when others run it now."""
        try:
            await self._take(lane)
            await lane.work()
        except Exception as error:
            if not is_superseded(error):
                raise
            log.warning("lane_let_go", extra={"lane": lane.name})
            raise Superseded(lane.name) from error

    async def _take(self, lane: Lane) -> None:
        """Take the lane over; that it stands still is over, until it does again."""
        name, at = lane.name, self._clock.now()
        lane.fence.hold(await self._store.write(lambda books: books.lanes.take(name, holder=self._holder, at=at)))
        await self._remember(name, None)

    def _refusal(self, error: Exception, placed_at: datetime) -> Unauthorised | Rival | None:
        """What makes it useless to run the lane again soon; a rival that is about to let go does not."""
        refusal = last_word(error)
        passing = self._placement.shared and self._clock.now() - placed_at < LETTING_GO
        return None if passing and isinstance(refusal, Rival) else refusal

    def _fault(self, name: LaneName, error: Exception) -> None:
        if last_word(error) is None:
            log.error("lane_failed", exc_info=error, extra={"lane": name})
        else:
            log.info("lane_contested", extra={"lane": name})

    def _tell(self, name: LaneName, refusal: PlatformError, pause: timedelta, told: type[Exception] | None) -> None:
        """Say it, unless this lane has, or another of its account lately: each of them finds it."""
        account, kind, now = whose(name), type(refusal), self._clock.now()
        known, at = self._refused.get(account, (None, now))
        self._refused[account] = (kind, now)
        is_known = kind is told or (kind is known and now - at <= _NEWS)
        fields = {"account": account, "lane": name, "error": kind.__name__, "detail": refusal.detail}
        log.log(logging.DEBUG if is_known else logging.ERROR, "lane_halted", extra=fields | {"again_in": str(pause)})

    async def _remember(self, name: LaneName, stands: Halt | None) -> None:
        with suppress(StorageError):  # the log has said it, and nobody could read it in a store that is away
            if await self._store.read(lambda books: halt(books, name)) != stands:
                await self._store.write(lambda books: set_halt(books, name, stands))


async def _kept(keep: Keep, name: LaneName) -> None:
    with suppress(Superseded):  # by an instance that took our lock: this one is about to be told
        await keep(name)


def last_word(error: BaseException) -> Unauthorised | Rival | None:
    """What makes it useless to run the lane again soon, also inside a group of errors."""
    if isinstance(error, Unauthorised | Rival):
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return next((found for each in inner if (found := last_word(each)) is not None), None)


def is_superseded(error: BaseException) -> bool:
    """Whether others run the lane now, also inside a group of errors."""
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return isinstance(error, Superseded) or any(map(is_superseded, inner))
