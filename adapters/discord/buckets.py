"""What Discord says that each route still allows, and who waits for it.

discord.py 2.7.1 puts a call off when the window of its route lasts longer than ``max_ratelimit_timeout``, also when
calls are left in it; of such a window that is spent it forgets all; and it keeps the answer to the last call of a
shorter one until that is over. So the counting is ours; what the answers say, and when to ask again, stays the
library's. ``get_ratelimit``, ``_buckets`` and ``_global_over`` are its own: ``tests/adapters/discord`` holds them.
"""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Ratelimit, Route

from adapters.discord import limits
from adapters.proxy import proxy_for


class Bucket(Ratelimit):
    """The calls left to one route, in the window that its last answer told of. Nobody waits long in it."""

    def __init__(self) -> None:
        super().__init__(None)
        self._told = asyncio.Condition()

    async def acquire(self) -> None:
        """Take one call. Raises RateLimited, with nothing sent, when that would be too long to wait for."""
        self._last_request = self._loop.time()
        patience = self._last_request + limits.LONGEST_RATE_LIMIT
        async with self._told:
            while not self._is_free():
                until = self.expires or patience  # while nobody knows of a window, the next answer tells
                if until > patience or self._loop.time() >= patience:
                    raise discord.RateLimited(max(until - self._loop.time(), limits.SHORTEST_PAUSE))
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(until):
                        await self._told.wait()
        self.remaining -= 1
        self.outgoing += 1

    def update(self, response: aiohttp.ClientResponse, *, use_clock: bool = False) -> None:
        """Learn how much is left. Answers come in any order: within a window there is never more than before."""
        counted, before = self.dirty, self.remaining
        super().update(response, use_clock=use_clock)
        self.remaining = min(self.remaining, before if counted else self.limit - self.outgoing)

    def _is_free(self) -> bool:
        if self.is_expired() or (self.remaining <= 0 and self.expires is None):
            self.remaining, self.expires, self.dirty = self.limit - self.outgoing, None, False
        return self.remaining > 0

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """One call is over: those who wait look again."""
        self.outgoing -= 1
        async with self._told:
            self._told.notify_all()


class Http(HTTPClient):
    """discord.py's own, with these buckets. A pause that Discord tells in a refusal is waited for as long."""

    def __init__(self, connector: aiohttp.BaseConnector) -> None:
        super().__init__(asyncio.get_running_loop(), connector, proxy=proxy_for(Route.BASE))
        self.max_ratelimit_timeout = limits.LONGEST_RATE_LIMIT  # the constructor takes none below thirty

    async def request(self, route: Route, **given: Any) -> Any:
        """Make a call. When it is ended in a pause of all calls, that pause ends too: discord.py would forget it."""
        try:
            return await super().request(route, **given)
        except asyncio.CancelledError:
            self._global_over.set()
            raise

    def get_ratelimit(self, key: str) -> Bucket:
        """The bucket of a route and its place."""
        bucket = self._buckets.get(key)
        if not isinstance(bucket, Bucket):
            bucket = self._buckets[key] = Bucket()
            self._try_clear_expired_ratelimits()
        return bucket
