"""One websocket of a program: frames in and out, one zlib stream, and what the program may not do with it."""

import asyncio
import json
import time
import zlib
from collections import deque
from collections.abc import Mapping

from aiohttp import WSMsgType, web

from sandbox.discord.places import Bot
from sandbox.discord.sessions import Session
from sandbox.discord.values import Json

LARGEST_PAYLOAD = 4096
MOST_SENDS = 120
SENDS_SPAN = 60.0
CLOSING = 0.2  # seconds to wait for the other side's goodbye


class Closed(Exception):
    """The gateway ends a connection, with its code."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


class Connection:
    """One of them. While ``frozen`` nothing passes, while ``deaf`` no heartbeat is acknowledged.

    ``bell`` rings when there is something to send.
    """

    def __init__(
        self, socket: web.WebSocketResponse, query: Mapping[str, str], transport: asyncio.Transport | None
    ) -> None:
        self.socket = socket
        self.bot: Bot | None = None
        self.session: Session | None = None
        self.bell = asyncio.Event()
        self.frozen = False
        self.deaf = False
        self.closed_by_us = False
        self._query = query
        self._transport = transport
        self._packer = zlib.compressobj() if query.get("compress") == "zlib-stream" else None
        self._lock = asyncio.Lock()
        self._beaten_at = time.monotonic()
        self._sends: deque[float] = deque()

    @property
    def owes(self) -> bool:
        """Whether something waits to be sent that could be."""
        return self.session is not None and not self.frozen and bool(self.session.waiting)

    def check_address(self) -> None:
        """Raises ``Closed`` for a version or an encoding that is not spoken here."""
        if self._query.get("v") != "10":
            raise Closed(4012, "Invalid API version.")
        if self._query.get("encoding", "json") != "json":
            raise Closed(4002, "Only JSON is spoken here.")

    def beat(self) -> None:
        """A heartbeat was heard."""
        self._beaten_at = time.monotonic()

    async def send(self, payload: Json) -> bool:
        """Send a payload; whether the connection still stands."""
        return await self.send_text(json.dumps(payload))

    async def send_text(self, text: str) -> bool:
        """Send a payload that is JSON already; whether the connection still stands."""
        if self.frozen:
            return True
        async with self._lock:
            try:
                if self._packer is None:
                    await self.socket.send_str(text)
                else:
                    packed = self._packer.compress(text.encode()) + self._packer.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(packed)
            except ConnectionError:
                return False
        return True

    async def receive(self, patience: float) -> Json | None:
        """The next payload; None at the end. Raises ``Closed`` for what is wrong, silence included."""
        while True:
            try:
                async with asyncio.timeout(max(self._beaten_at + patience - time.monotonic(), 0)):
                    message = await self.socket.receive()
            except TimeoutError as error:
                raise Closed(4009, "Session timed out.") from error
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return None
            if not self.frozen:
                return self._read(message.data)

    async def close(self, code: int, why: str) -> None:
        """Say goodbye; a frozen connection just breaks."""
        self.closed_by_us = True
        if self.frozen:
            self.abort()
        await self.socket.close(code=code, message=why.encode())

    def abort(self) -> None:
        """Break the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    def _read(self, given: str | bytes) -> Json:
        now = time.monotonic()
        self._sends.append(now)
        while self._sends[0] < now - SENDS_SPAN:
            self._sends.popleft()
        if len(self._sends) > MOST_SENDS:
            raise Closed(4008, "You are being rate limited.")
        if len(given) > LARGEST_PAYLOAD:
            raise Closed(4002, "Payload too large.")
        try:
            payload = json.loads(given)
        except ValueError as error:
            raise Closed(4002, "Error while decoding payload.") from error
        if not isinstance(payload, dict):
            raise Closed(4002, "Error while decoding payload.")
        return payload


async def opened(incoming: web.Request) -> Connection:
    """The connection of a request that asks for a websocket."""
    socket = web.WebSocketResponse(timeout=CLOSING, compress=False)
    await socket.prepare(incoming)
    transport = incoming.transport if isinstance(incoming.transport, asyncio.Transport) else None
    return Connection(socket, dict(incoming.query), transport)
