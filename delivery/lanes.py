"""The engine of one machine: one task per lane, started again after a pause when it fails, none in another's way.

A lane whose account is refused, or used by another program, rests longer, for trying disturbs: a minute at first, an
hour at most. That it stands still is said once in the log for each account, whichever of its lanes finds it, and
remembered for each lane, so that people can be told.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from core.errors import PlatformError, Rival, StorageError, Unauthorised
from core.ports.clock import Clock
from core.ports.engine import Halt, LaneName, halt, set_halt, whose
from core.ports.store import Store

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=1)  # after a fault
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)  # after a refusal
_NEWS = LONGEST_REST + FIRST_REST  # since the last one: a refusal after that is a new one

log = logging.getLogger("parvis.delivery")


class LocalEngine:
    """See ``core.ports.engine.Engine``."""

    def __init__(self, *, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._refused: dict[str, tuple[type[Exception], datetime]] = {}  # the last refusal of each account

    async def run(self, lanes: Mapping[LaneName, Callable[[], Awaitable[None]]]) -> None:
        """Keep every lane running."""
        async with asyncio.TaskGroup() as group:
            for name, lane in lanes.items():
                group.create_task(self._keep(name, lane), name=name)

    async def _keep(self, name: LaneName, lane: Callable[[], Awaitable[None]]) -> None:
        pause, since = timedelta(), None
        told: type[Exception] | None = None
        while True:
            await self._remember(name, None)
            began = self._clock.now()
            try:
                await lane()
            except Exception as error:  # the supervisor of lanes
                refusal = last_word(error)
                first, longest = (FIRST_PAUSE, LONGEST_PAUSE) if refusal is None else (FIRST_REST, LONGEST_REST)
                now = self._clock.now()
                if now - began > longest:  # it ran well: its last trouble was another one
                    pause, since, told = timedelta(), None, None
                pause, since = min(max(2 * pause, first), longest), since or now
                if refusal is None:
                    log.exception("lane_failed", extra={"lane": name})
                else:
                    self._tell(name, refusal, pause, told)
                    told = type(refusal)
                    await self._remember(name, Halt(since, refusal.detail))
            else:
                return
            await self._clock.sleep_until(self._clock.now() + pause)

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


def last_word(error: BaseException) -> Unauthorised | Rival | None:
    """What makes it useless to run the lane again soon, also inside a group of errors."""
    if isinstance(error, Unauthorised | Rival):
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return next((found for each in inner if (found := last_word(each)) is not None), None)
