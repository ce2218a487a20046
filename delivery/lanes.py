"""The engine of one machine: one task per lane, started again after a pause when it fails, none in another's way."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from core.errors import Rival, Unauthorised
from core.ports.clock import Clock
from core.ports.engine import LaneName

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)

log = logging.getLogger("parvis.delivery")


class LocalEngine:
    """See ``core.ports.engine.Engine``."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    async def run(self, lanes: Mapping[LaneName, Callable[[], Awaitable[None]]]) -> None:
        """Keep every lane running. A lane whose account is refused, or used by another program, is over."""
        async with asyncio.TaskGroup() as group:
            for name, lane in lanes.items():
                group.create_task(self._keep(name, lane), name=name)

    async def _keep(self, name: LaneName, lane: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE / 2
        while True:
            began = self._clock.now()
            try:
                await lane()
            except Exception as error:  # the supervisor of lanes
                if (last := last_word(error)) is not None:
                    fields = {"lane": name, "error": type(last).__name__, "detail": last.detail}
                    log.error("lane_over", extra=fields)  # noqa: TRY400  expected, and the detail says all
                    return
                log.exception("lane_failed", extra={"lane": name})
            else:
                return
            pause = FIRST_PAUSE if self._clock.now() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            await self._clock.sleep_until(self._clock.now() + pause)


def last_word(error: BaseException) -> Unauthorised | Rival | None:
    """What makes it useless to run the lane again, also inside a group of errors."""
    if isinstance(error, Unauthorised | Rival):
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return next((found for each in inner if (found := last_word(each)) is not None), None)
