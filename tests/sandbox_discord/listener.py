"""A program that speaks to the gateway by hand."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Intent, Json
from tests.sandbox_discord.conftest import TOKEN

ALL = Intent.KNOWN


class Listener:
    """One connection; ``code`` is that of its end."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self._unpacker = zlib.decompressobj()
        self.session = ""
        self.seq = 0

    @property
    def code(self) -> int | None:
        """Why it was closed."""
        return self.socket.close_code

    async def next(self) -> Json | None:
        """The next payload; None when the connection has ended."""
        async with asyncio.timeout(5):
            message = await self.socket.receive()
        if message.type is not WSMsgType.BINARY:
            return None
        payload: Json = json.loads(self._unpacker.decompress(message.data))
        if isinstance(payload.get("s"), int):
            self.seq = int(str(payload["s"]))
        return payload

    async def event(self, name: str) -> Json:
        """The content of the next event of this name; others are passed over."""
        while True:
            payload = await self.next()
            assert payload is not None, f"closed with {self.code}"
            if payload.get("t") == name:
                content = payload["d"]
                assert isinstance(content, dict)
                return content

    async def names(self, count: int) -> list[object]:
        """The names of so many events."""
        payloads = [await self.next() for _ in range(count)]
        return [payload and payload["t"] for payload in payloads]

    async def says(self, operation: int, content: object = None) -> None:
        """Send a payload."""
        await self.socket.send_json({"op": operation, "d": content})

    async def identifies(self, intents: int = ALL, token: str = TOKEN) -> Json:
        """Begin a session, up to READY."""
        await self.says(2, {"token": token, "intents": intents, "properties": {"os": "linux"}})
        ready = await self.event("READY")
        self.session = str(ready["session_id"])
        return ready

    async def resumes(self, session: str, seq: int) -> None:
        """Go on with a session."""
        await self.says(6, {"token": TOKEN, "session_id": session, "seq": seq})

    async def ended(self) -> int | None:
        """The code with which the connection ends; what comes before is passed over."""
        while await self.next() is not None:
            continue
        return self.code


@asynccontextmanager
async def listening(server: DiscordServer) -> AsyncIterator[Listener]:
    """A connection that has been greeted."""
    address = f"{server.gateway_url}?v=10&encoding=json&compress=zlib-stream"
    async with ClientSession() as session, session.ws_connect(address) as socket:
        listener = Listener(socket)
        hello = await listener.next()
        assert hello is not None
        assert hello["op"] == 10
        yield listener


async def settled(server: DiscordServer, connections: int = 0) -> None:
    """Return when the server has sent everything and knows of so many connections only."""
    for _ in range(1000):
        if server.gateway.flushed and len(server.gateway.connections) == connections:
            return
        await asyncio.sleep(0.005)
