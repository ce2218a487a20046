"""Streams over HTTP and by WebSocket (``streaming/index.js``): what happens while one listens, and nothing else."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from sandbox.faults import Fault, Harm
from sandbox.mastodon.streams import Event, Stream
from sandbox.mastodon.values import Change, Token
from sandbox.mastodon.world import World

CHANNELS = frozenset({"user", "user:notification", "direct"})
SSE_CHANNELS = {"user": "user", "user/notification": "user:notification", "direct": "direct"}
PING = 30.0  # seconds between the server's pings on a WebSocket


@dataclass(slots=True)
class Lines:
    """Every line that is open, and how they misbehave: ``silent`` ones stay open and say nothing."""

    world: World
    heartbeat: float = 15.0
    silent: bool = False
    transports: set[asyncio.BaseTransport] = field(default_factory=set)

    def cut(self) -> int:
        """Break every connection; how many there were."""
        broken = len(self.transports)
        for transport in tuple(self.transports):
            if isinstance(transport, asyncio.Transport):
                transport.abort()
        for stream in tuple(self.world.streams.open):
            stream.close()
        self.world.note("streams_cut", count=broken)
        return broken

    def close(self) -> None:
        """Hang up everywhere."""
        for stream in tuple(self.world.streams.open):
            stream.close()

    async def sse(self, incoming: web.Request, token: Token, channel: str, fault: Fault | None) -> web.StreamResponse:
        """One line over HTTP, until somebody hangs up."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "private, no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(incoming)
        stream = Stream(token.account, {channel})
        self._opened(incoming, stream, token, "sse")
        try:
            await response.write(b":)\n")
            await _pause(fault)
            while (coming := await self._coming(stream)) is not None:
                text = b":thump\n" if isinstance(coming, str) else _frame(coming[1])
                if not self.silent:
                    await response.write(text if not _halved(fault, coming) else text[: len(text) // 2])
                if _cuts(fault, coming):
                    _abort(incoming)
        except ConnectionError:
            pass
        finally:
            self._closed(incoming, stream)
        return response

    async def websocket(self, incoming: web.Request, token: Token, fault: Fault | None) -> web.StreamResponse:
        """One line by WebSocket, on which several streams can be subscribed to."""
        offered = incoming.headers.get("Sec-WebSocket-Protocol", "")
        answer = web.WebSocketResponse(heartbeat=PING, protocols=[offered] if offered else [])
        await answer.prepare(incoming)
        asked = incoming.query.get("stream")
        stream = Stream(token.account, {asked} if asked in CHANNELS else set())
        self._opened(incoming, stream, token, "websocket")
        try:
            await _pause(fault)
            async with asyncio.TaskGroup() as both:
                telling = both.create_task(self._tell(incoming, answer, stream, fault))
                await self._hear(answer, stream)
                stream.close()
                telling.cancel()
        finally:
            self._closed(incoming, stream)
        return answer

    async def _tell(
        self, incoming: web.Request, answer: web.WebSocketResponse, stream: Stream, fault: Fault | None
    ) -> None:
        while (coming := await self._coming(stream)) is not None:
            if isinstance(coming, str) or self.silent:
                continue
            channel, event = coming
            frame = json.dumps({"stream": [channel], "event": event.name, "payload": event.payload})
            try:
                await answer.send_str(frame if not _halved(fault, coming) else frame[: len(frame) // 2])
            except ConnectionError:
                return
            if _cuts(fault, coming):
                _abort(incoming)
        await answer.close()

    async def _hear(self, answer: web.WebSocketResponse, stream: Stream) -> None:
        async for message in answer:
            if message.type is not WSMsgType.TEXT:
                continue
            reason = _obey(message.data, stream)
            if reason is not None:
                await answer.send_str(json.dumps({"error": reason, "status": 400}))

    async def _coming(self, stream: Stream) -> tuple[str, Event] | str | None:
        """The next event; a heartbeat when none came for so long; None at the end."""
        try:
            return await stream.next(self.heartbeat)
        except TimeoutError:
            return "heartbeat"

    def _opened(self, incoming: web.Request, stream: Stream, token: Token, over: str) -> None:
        self.world.streams.open.add(stream)
        self.world.announce(Change(kind="listening", user=token.account))
        self.world.note("listening", bot=token.account, over=over, channels=sorted(stream.channels))
        if incoming.transport is not None:
            self.transports.add(incoming.transport)

    def _closed(self, incoming: web.Request, stream: Stream) -> None:
        self.world.streams.open.discard(stream)
        self.world.activity += 1
        self.transports = {line for line in self.transports if not line.is_closing()}
        if incoming.transport is not None:
            self.transports.discard(incoming.transport)


def _obey(text: str, stream: Stream) -> str | None:
    """Subscribe or unsubscribe; what is wrong with what was asked for."""
    try:
        asked = json.loads(text)
    except ValueError:
        return "Invalid JSON"
    channel = asked.get("stream") if isinstance(asked, dict) else None
    if channel not in CHANNELS:
        return "Unknown stream type"
    if asked.get("type") == "subscribe":
        stream.channels.add(channel)
    else:
        stream.channels.discard(channel)
    return None


def _frame(event: Event) -> bytes:
    return f"event: {event.name}\ndata: {event.payload}\n\n".encode()


async def _pause(fault: Fault | None) -> None:
    if fault is not None and fault.harm is Harm.SLOW:
        await asyncio.sleep(fault.seconds)


def _halved(fault: Fault | None, coming: object) -> bool:
    return fault is not None and fault.harm is Harm.HALF and not isinstance(coming, str)


def _cuts(fault: Fault | None, coming: object) -> bool:
    """Whether the line breaks after this event."""
    return fault is not None and fault.harm in {Harm.HALF, Harm.CUT_AFTER} and not isinstance(coming, str)


def _abort(incoming: web.Request) -> None:
    if isinstance(incoming.transport, asyncio.Transport):
        incoming.transport.abort()
