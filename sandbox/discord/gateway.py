"""The gateway: websockets that carry events, each session with its numbers, its heart and its memory.

docs.discord.com/developers/events/gateway, read 2026-11: opcodes, close codes, resuming. Time here is real time.
"""

import asyncio
import time
from dataclasses import dataclass

from aiohttp import web

from sandbox.discord.connection import Closed, Connection, opened
from sandbox.discord.opening import introduce
from sandbox.discord.sessions import Session
from sandbox.discord.values import Change, Intent, Json
from sandbox.discord.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 1, 2, 3, 4, 6, 7, 8, 9, 10, 11
GRACE = 1.5  # heartbeats may be this many intervals apart
INTERVAL = 41.25
GOODBYES = frozenset({1000, 1001})  # whoever leaves with these ends the session


@dataclass(slots=True)
class Trouble:
    """What shall go wrong with connections that are yet to come: so many of them are refused."""

    refusals: int = 0


class Gateway:
    """All connections of programs. ``interval`` is the time between two heartbeats, in seconds."""

    def __init__(self, world: World, *, interval: float = INTERVAL) -> None:
        self.world = world
        self.interval = interval
        self.trouble = Trouble()
        self.connections: set[Connection] = set()
        self._holders: dict[str, Connection] = {}

    @property
    def flushed(self) -> bool:
        """Whether everything that happened has been sent to whoever is connected."""
        return all(not one.owes for one in self.connections)

    async def handle(self, incoming: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if self.trouble.refusals > 0:
            self.trouble.refusals -= 1
            if incoming.transport is not None:
                incoming.transport.abort()
            return web.Response(status=503)
        connection = await opened(incoming)
        self.connections.add(connection)
        try:
            async with asyncio.TaskGroup() as tasks:
                writer = tasks.create_task(self._write(connection))
                await self._serve(connection)
                writer.cancel()
        finally:
            self.connections.discard(connection)
            self._lost(connection)
        return connection.socket

    # ── what goes wrong on demand ──

    def refuse(self, count: int) -> None:
        """Break the next connections before they begin; aiohttp's client silently tries each one twice."""
        self.trouble.refusals = count

    async def reconnect(self) -> None:
        """Ask everybody to connect again and resume (op 7)."""
        for connection in tuple(self.connections):
            await connection.send({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell everybody that their session is invalid (op 9); what happens until the next one is lost."""
        for connection in tuple(self.connections):
            if not resumable:
                self._forget(connection)
            await connection.send({"op": INVALID, "d": resumable})

    async def close(self, code: int) -> None:
        """Close every connection with this code."""
        for connection in tuple(self.connections):
            await connection.close(code, "closed on demand")

    def freeze(self) -> None:
        """Let every connection go dead: it stays open, and nothing passes any more."""
        for connection in self.connections:
            connection.frozen = True

    def deafen(self) -> None:
        """Acknowledge no heartbeats any more."""
        for connection in self.connections:
            connection.deaf = True

    async def ask_for_heartbeat(self) -> None:
        """Ask everybody for a heartbeat now (op 1)."""
        for connection in tuple(self.connections):
            await connection.send({"op": HEARTBEAT, "d": None})

    async def stop(self) -> None:
        """Close everything: the server stops."""
        for connection in tuple(self.connections):
            await connection.close(1001, "the server stops")

    # ── one connection ──

    async def _write(self, connection: Connection) -> None:
        while True:
            await connection.bell.wait()
            connection.bell.clear()
            session = connection.session
            if session is None or connection.frozen:
                continue
            while session.waiting and not connection.frozen:
                event = session.waiting[0]
                if not await connection.send_text(event.body):
                    return
                if session.waiting and session.waiting[0] is event:
                    session.waiting.popleft()
                bot = 0 if connection.bot is None else connection.bot.id
                self.world.record("handed_out", bot=bot, session=session.id, updates=[event.seq], event=event.name,
                                  outcome="done")  # fmt: skip
                self.world.activity += 1

    async def _serve(self, connection: Connection) -> None:
        await connection.send({"op": HELLO, "d": {"heartbeat_interval": int(self.interval * 1000), "_trace": []}})
        try:
            connection.check_address()
            while (payload := await connection.receive(self.interval * GRACE)) is not None:
                await self._act(connection, payload)
        except Closed as reason:
            await connection.close(reason.code, reason.why)

    async def _act(self, connection: Connection, payload: Json) -> None:
        operation, content = payload.get("op"), payload.get("d")
        if operation == HEARTBEAT:
            connection.beat()
            if not connection.deaf:
                await connection.send({"op": ACK})
        elif operation in {IDENTIFY, RESUME}:
            await self._begin(connection, content, anew=operation == IDENTIFY)
        elif operation not in {PRESENCE, VOICE, MEMBERS}:
            raise Closed(4001, "Unknown opcode.")
        elif connection.session is None:
            raise Closed(4003, "Not authenticated.")
        elif operation == MEMBERS and isinstance(content, dict):
            self._send_members(connection, connection.session, content)

    async def _begin(self, connection: Connection, content: object, *, anew: bool) -> None:
        if connection.session is not None:
            raise Closed(4005, "Already authenticated.")
        if not isinstance(content, dict):
            raise Closed(4002, "Error while decoding payload.")
        if anew:
            self._identify(connection, content)
        else:
            await self._resume(connection, content)

    def _identify(self, connection: Connection, content: Json) -> None:
        bot = self.world.bots.get(str(content.get("token", "")).removeprefix("Bot "))
        if bot is None:
            raise Closed(4004, "Authentication failed.")
        intents, properties = content.get("intents"), content.get("properties")
        if not isinstance(properties, dict):
            raise Closed(4002, "Error while decoding payload.")
        if not isinstance(intents, int) or intents & ~Intent.KNOWN or intents < 0:
            raise Closed(4013, "Invalid intent(s).")
        if intents & Intent.PRIVILEGED & ~bot.granted:
            raise Closed(4014, "Disallowed intent(s).")
        bot.identified += 1
        session = Session(f"{self.world.ids.next():x}", intents)
        bot.sessions[session.id] = session
        connection.bot = bot
        self._take(connection, session)
        self.world.record("identified", bot=bot.id, session=session.id, intents=intents)
        self.world.announce(Change(kind="listening", user=bot.id))
        introduce(self.world, bot, session)

    async def _resume(self, connection: Connection, content: Json) -> None:
        bot = self.world.bots.get(str(content.get("token", "")).removeprefix("Bot "))
        if bot is None:
            raise Closed(4004, "Authentication failed.")
        self.world.live(bot)
        session, seq = bot.sessions.get(str(content.get("session_id"))), content.get("seq")
        if session is None or not isinstance(seq, int):
            await connection.send({"op": INVALID, "d": False})
            return
        if seq > session.seq:
            raise Closed(4007, "Invalid seq.")
        if not session.resume(seq):
            await connection.send({"op": INVALID, "d": False})
            return
        connection.bot = bot
        self.world.record("resumed", bot=bot.id, session=session.id, seq=seq, again=len(session.waiting))
        self._take(connection, session)
        session.push("RESUMED", {"_trace": []})

    def _take(self, connection: Connection, session: Session) -> None:
        connection.session = session
        self._holders[session.id] = connection
        session.on_push = connection.bell.set
        connection.bell.set()

    def _send_members(self, connection: Connection, session: Session, content: Json) -> None:
        """Everybody who was asked for, in one piece (op 8)."""
        guild = self.world.guilds.get(int(str(content.get("guild_id") or 0)))
        if guild is None or connection.bot is None:
            return
        asked = content.get("user_ids")
        numbers = {int(str(number)) for number in (asked if isinstance(asked, list) else [asked] if asked else [])}
        members = [self.world.member_shape(one) for one in guild.members.values() if not numbers or one.user in numbers]
        chunk: Json = {"guild_id": str(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1,
                       "not_found": [], "nonce": content.get("nonce")}  # fmt: skip
        session.push("GUILD_MEMBERS_CHUNK", chunk)

    def _lost(self, connection: Connection) -> None:
        session = connection.session
        if session is None or self._holders.get(session.id) is not connection:
            return
        del self._holders[session.id]
        if connection.socket.close_code in GOODBYES and not connection.closed_by_us:
            self._forget(connection)
        else:
            session.leave(time.monotonic())

    def _forget(self, connection: Connection) -> None:
        session, bot = connection.session, connection.bot
        connection.session = None
        if session is not None and bot is not None:
            bot.sessions.pop(session.id, None)
            session.leave(time.monotonic())
