"""Long polls of one bot: at most one waits, a second sends the first away (``Client.cpp do_get_updates``)."""

import asyncio
from collections.abc import Callable

from sandbox.telegram.errors import Refused
from sandbox.telegram.queue import Update, UpdateQueue

WAIT_AFTER = 0.001  # Client.h LONG_POLL_WAIT_AFTER: seconds in which further updates join the answer
PATIENCE = 3.0  # seconds; an idle question repeated sooner is stretched, a conflict repeated sooner is told later
HASTE = 0.5  # seconds; the same offset asked again sooner gets one update only
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class LongPolls:
    """Answers ``getUpdates`` of one bot. Waiting takes real seconds."""

    def __init__(self, queue: UpdateQueue, confirmed: Callable[[int, int], None]) -> None:
        self._queue = queue
        self._confirmed = confirmed
        self._waiter: asyncio.Future[None] | None = None
        self._previous_offset = 0
        self._started = float("-inf")
        self._next_conflict = float("-inf")
        self._waking = False
        queue.on_push = self._wake_soon

    @property
    def waiting(self) -> bool:
        """Whether a poll waits with nothing to hand out."""
        return self._waiter is not None and not self._waiter.done()

    async def fetch(self, offset: int, limit: int, timeout: int) -> list[Update]:  # noqa: ASYNC109 - Telegram's name
        """Updates from ``offset`` on, at once or as soon as there are some. Raises ``Refused`` (409)."""
        limit, timeout = self._slowed(offset, limit, timeout)
        dropped = self._queue.confirm(offset)
        if dropped:
            self._confirmed(offset, dropped)
        updates = self._queue.first(limit)
        if updates or timeout == 0:
            return updates
        self._send_away(CONFLICT)
        await self._wait(timeout)
        return self._queue.first(limit)

    def close(self) -> None:
        """Send the waiting poll away: the server stops."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(Refused(500, "Internal Server Error: restart"))

    def _slowed(self, offset: int, limit: int, timeout: int) -> tuple[int, int]:
        """``Client.cpp process_get_updates_query``: who asks the same again at once is slowed down."""
        now = asyncio.get_running_loop().time()
        if offset == self._previous_offset:
            if timeout < PATIENCE and now < self._started + PATIENCE:
                timeout = int(PATIENCE)
            if now < self._started + HASTE:
                limit = 1
        self._previous_offset, self._started = offset, now
        return limit, timeout

    async def _wait(self, timeout: int) -> None:  # noqa: ASYNC109 - Telegram's name
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiter = waiter
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            return
        except Refused as reason:
            if reason.code == 409:
                await self._tell_conflict_later()
            raise
        finally:
            if self._waiter is waiter:
                self._waiter = None

    def _send_away(self, reason: str) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(Refused(409, reason))

    async def _tell_conflict_later(self) -> None:
        """``Client.cpp fail_query_conflict``: the first conflict is told at once, others 3 s later."""
        now = asyncio.get_running_loop().time()
        if now < self._next_conflict:
            await asyncio.sleep(PATIENCE)
            return
        self._next_conflict = now + PATIENCE

    def _wake_soon(self) -> None:
        if self.waiting and not self._waking:
            self._waking = True
            asyncio.get_running_loop().call_later(WAIT_AFTER, self._wake)

    def _wake(self) -> None:
        self._waking = False
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
