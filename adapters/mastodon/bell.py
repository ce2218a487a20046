"""The bell: rings when the server says that something happened. What happened is asked for; a stream loses things.

A WebSocket is what Mastodon and GoToSocial both have; a server without one is asked now and then instead.
"""

import asyncio
import logging
import random
import ssl
from contextlib import AsyncExitStack

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, ClientWSTimeout, TCPConnector, WSMsgType

from adapters.proxy import proxy_for

log = logging.getLogger("parvis.adapters.mastodon")

_LONGEST_PAUSE = 300.0  # seconds between two attempts to listen
_GREETING = 10.0  # seconds that a server has to open a stream
_FAREWELL = 1.0  # seconds that a server has to close one
_HEARTBEAT = 30.0  # seconds between our pings: a stream whose other end is gone does not stay open
_AT_ONCE = 1e-6  # seconds; to aiohttp, zero means for ever
_NEWS = frozenset({WSMsgType.TEXT, WSMsgType.BINARY})


class StreamBell:
    """Listens to the account's notifications, from one wait to the next."""

    def __init__(self, url: str, token: str, *, tls: ssl.SSLContext | None) -> None:
        """``url`` is where the server's streams are, without a path; empty when it has none."""
        self._url = f"{url.rstrip('/')}/api/v1/streaming?stream=user:notification" if url else ""
        self._headers = {"Authorization": f"Bearer {token}"}
        self._tls = tls
        self._open = AsyncExitStack()
        self._session: ClientSession | None = None
        self._stream: ClientWebSocketResponse | None = None
        self._failures = 0
        self._again_at = 0.0

    async def close(self) -> None:
        """Hang up."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.close()
        await self._open.aclose()

    async def wait(self, longest: float) -> None:
        """Return when it rings, when a stream begins (who knows what happened before), or after so many seconds."""
        if self._stream is not None:
            await self._listen(self._stream, longest)
            return
        now = asyncio.get_running_loop().time()
        if self._url and now >= self._again_at and await self._connected():
            return
        pause = self._again_at - now if self._url else longest
        await asyncio.sleep(min(max(pause, 0.1), longest))

    async def hush(self) -> None:
        """Forget how often it rang so far: what it rang for is in the page that is asked for next."""
        while self._stream is not None and await self._listen(self._stream, _AT_ONCE):
            pass

    async def _listen(self, stream: ClientWebSocketResponse, longest: float) -> bool:
        """Whether something was said in this time."""
        try:
            message = await stream.receive(timeout=longest)
        except TimeoutError:
            return False
        if message.type not in _NEWS:
            self._lost("it was closed")
            await stream.close()
            return False
        self._failures = 0  # only now: some servers open a stream and close it at once
        return True

    async def _connected(self) -> bool:
        try:
            async with asyncio.timeout(_GREETING):
                session = await self._ready()
                self._stream = await session.ws_connect(
                    self._url, headers=self._headers, heartbeat=_HEARTBEAT, timeout=ClientWSTimeout(ws_close=_FAREWELL)
                )
        except (ClientError, TimeoutError, OSError) as error:
            self._lost(type(error).__name__)
            return False
        return True

    async def _ready(self) -> ClientSession:
        if self._session is None:
            connector = TCPConnector(ssl=self._tls) if self._tls is not None else None
            session = ClientSession(connector=connector, proxy=proxy_for(self._url))
            self._session = await self._open.enter_async_context(session)
        return self._session

    def _lost(self, why: str) -> None:
        """Try again after a pause that grows, each instance at another moment."""
        self._stream = None
        self._failures += 1
        pause = min(2.0**self._failures, _LONGEST_PAUSE) * random.uniform(0.5, 1)
        self._again_at = asyncio.get_running_loop().time() + pause
        log.debug("stream_lost", extra={"why": why, "failures": self._failures})
