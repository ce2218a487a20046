"""The HTTP side: calls come in, faults strike, the world acts, the journal is written, the answer leaves."""

import asyncio
import json
import time
from datetime import datetime
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp import web

from sandbox.discord import request
from sandbox.discord.arguments import read
from sandbox.discord.control import DiscordControl
from sandbox.discord.errors import Cause, Refused, flooded, violated, wrong
from sandbox.discord.gateway import INTERVAL, Gateway
from sandbox.discord.limits import Limits, Pace, Stopwatch, headers_of
from sandbox.discord.methods.call import Call
from sandbox.discord.methods.catalogue import Endpoint, found
from sandbox.discord.parameters import BODIES
from sandbox.discord.places import Bot
from sandbox.discord.request import Sent
from sandbox.discord.texts import readable
from sandbox.discord.values import Json, Violation
from sandbox.discord.world import World
from sandbox.faults import Fault, Faults, Harm
from sandbox.loopback import Loopback, broken_off, struck

LARGEST_REQUEST = 25 << 20
LONGEST_REASON = 512


class DiscordServer(Loopback):
    """An imitation of ``discord.com/api`` and of the gateway on this machine, between ``async with`` and its end.

    ``pace=None`` lifts the rate limits by headers; those by the hour are in ``world.budgets``. ``interval`` is the
    time between two heartbeats, in real seconds; ``stopwatch`` tells the seconds by which requests are counted.
    """

    def __init__(
        self,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        pace: Pace | None = Pace(),  # noqa: B008 - frozen
        faults: Faults | None = None,
        interval: float = INTERVAL,
        stopwatch: Stopwatch = time.monotonic,
    ) -> None:
        super().__init__(world, host=host, port=port, faults=faults, largest=LARGEST_REQUEST)
        self.world = world
        self.gateway = Gateway(world, interval=interval)
        self.application.router.add_get("/gateway", self.gateway.handle)
        self.application.router.add_route("*", "/api/v10/{tail:.*}", self._call)
        DiscordControl(world, self.faults, self.gateway, self._state).attach(self.application)
        self._pace, self._stopwatch = pace, stopwatch
        self._limits: dict[int, Limits] = {}
        self._tasks = asyncio.TaskGroup()
        self._waking: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Listen, and keep the time for what happens by itself."""
        await super().__aenter__()
        self.world.gateway_url = self.gateway_url
        await self._tasks.__aenter__()
        self.world.on_due = self._wake_at
        for at in self.world.due:
            self._wake_at(at)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections and stop listening."""
        for task in self._waking:
            task.cancel()
        await self._tasks.__aexit__(None, None, None)
        await self.gateway.stop()
        await super().__aexit__(kind, error, trace)

    @property
    def api_url(self) -> str:
        """What ``discord.http.Route.BASE`` shall be."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What ``discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`` shall be."""
        return f"ws://{self._host}:{self._port}/gateway"

    @property
    def idle(self) -> bool:
        """Whether nothing is under way: no call, no event to send, nobody who waits for an answer still in time."""
        return self._in_flight == 0 and self.gateway.flushed and not self.world.waiting

    def _state(self) -> Json:
        return {"idle": self.idle, "activity": self.activity, "faults": len(self.faults)}

    def _wake_at(self, at: datetime) -> None:
        task = self._tasks.create_task(self._wake(at))
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    async def _wake(self, at: datetime) -> None:
        await self.world.clock.sleep_until(at)
        self.world.catch_up()

    # ── one call ──

    async def _answer(self, incoming: web.Request) -> web.StreamResponse:
        path = f"/{incoming.match_info['tail']}"
        endpoint, parts, known = found(incoming.method, path)
        name = f"{incoming.method} {path}" if endpoint is None else endpoint.name
        headers: dict[str, str] = {}
        sent = Sent()
        try:
            if endpoint is None:
                raise _nowhere(known=known)
            bot = self._bot(incoming, endpoint, parts)
            sent = await request.read(incoming)
            fault = self.faults.strike(name, _place(parts))
            if fault is not None:
                note = partial(self.world.record, "call", method=name, parameters=sent.journal())
                fault = await struck(fault, note, self._refusal)
            self._count(bot, endpoint, parts, headers)
            call = self._read(incoming, bot, endpoint, parts, sent)
            return await self._act(incoming, call, endpoint, sent, fault, headers)
        except Refused as reason:
            self._refuse(name, sent.journal(), reason)
            return _error(reason, headers)

    def _bot(self, incoming: web.Request, endpoint: Endpoint, parts: dict[str, str]) -> Bot:
        if endpoint.bearer:
            interaction = self.world.tokens.get(parts.get("interaction_token", parts.get("webhook_token", "")))
            return self.world.the_bot(None if interaction is None else interaction.bot)
        scheme, _, token = incoming.headers.get("Authorization", "").partition(" ")
        bot = self.world.bots.get(token) if scheme == "Bot" else None
        if bot is None:
            raise Refused(401, 0, "401: Unauthorized")
        return bot

    def _refusal(self, fault: Fault) -> Refused:
        if fault.harm is Harm.FLOOD:
            return flooded(fault.retry_after, fault.scope)
        return Refused(fault.status, 0, HTTPStatus(fault.status).phrase)

    def _count(self, bot: Bot, endpoint: Endpoint, parts: dict[str, str], headers: dict[str, str]) -> None:
        """Interactions and their later answers are outside what a bot may ask for in a second."""
        limits = self._limits.setdefault(bot.id, Limits(self._pace, self._stopwatch))
        try:
            if not endpoint.bearer:
                limits.take_overall()
            if endpoint.bucket is not None:
                limits.take(endpoint.bucket, f"{endpoint.name}:{endpoint.major(parts)}", headers)
        except Refused:
            self.world.flooded += 1
            raise

    def _read(self, incoming: web.Request, bot: Bot, endpoint: Endpoint, parts: dict[str, str], sent: Sent) -> Call:
        body: Json = {}
        strangers: list[str] = []
        if endpoint.is_list:
            body = {"": sent.body}
        elif endpoint.body is not None:
            if not isinstance(sent.body, dict | None):
                raise violated(50035, "Invalid Form Body")
            body, strangers = read(BODIES[endpoint.body], sent.body or {})
        reason = incoming.headers.get("X-Audit-Log-Reason")
        if reason is not None and len(reason := unquote(reason)) > LONGEST_REASON:
            raise wrong("reason", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {LONGEST_REASON} in length.")
        return Call(world=self.world, bot=bot, path=parts, query=dict(incoming.query), body=body, uploads=sent.uploads,
                    reason=reason, strangers=strangers)  # fmt: skip

    async def _act(  # noqa: PLR0917 - one call's way through the server
        self,
        incoming: web.Request,
        call: Call,
        endpoint: Endpoint,
        sent: Sent,
        fault: Fault | None,
        headers: dict[str, str],
    ) -> web.StreamResponse:
        self.world.catch_up()
        result = endpoint.act(call)
        outcome = "done" if fault is None else fault.harm.value
        self._note_strangers(call, endpoint, sent)
        self.world.record("call", method=endpoint.name, parameters=sent.journal(), outcome=outcome,
                          result=self._summary(result), **({"reason": call.reason} if call.reason else {}))  # fmt: skip
        await self.world.journal.settle()
        body = b"" if result is None else json.dumps(result).encode()
        if fault is not None:
            return await broken_off(incoming, body, fault)
        if result is None:
            return web.Response(status=204, headers=headers)
        return web.Response(status=endpoint.status, body=body, content_type="application/json", headers=headers)

    def _note_strangers(self, call: Call, endpoint: Endpoint, sent: Sent) -> None:
        """Discord ignores fields that it does not know; a correct program sends none."""
        for name in call.strangers:
            violation = Violation(method=endpoint.name, reason=f"unknown field {name}", parameters=sent.journal())
            self.world.violations.append(violation)

    def _refuse(self, method: str, parameters: Json, reason: Refused) -> None:
        if reason.cause is Cause.VIOLATION:
            self.world.violations.append(Violation(method=method, reason=reason.description, parameters=parameters))
        self.world.record("call", method=method, parameters=parameters, outcome="refused", error=reason.description,
                          code=reason.code, status=reason.status)  # fmt: skip

    def _summary(self, result: object) -> object:
        """A result as the journal keeps it: of messages, where they are and what people read."""
        if isinstance(result, list):
            return [self._summary(item) for item in result]
        if not isinstance(result, dict):
            return result
        if isinstance(result.get("message"), dict):
            return result | {"message": self._summary(result["message"])}
        if isinstance(result.get("resource"), dict):
            return result | {"resource": self._summary(result["resource"])}
        if "timestamp" not in result or "channel_id" not in result:
            return result
        channel, number = int(result["channel_id"]), int(result["id"])
        message = self.world.hidden.get(number) or self.world.channels[channel].messages[number]
        return {"chat": channel, "message": number, "text": readable(message)}


def _nowhere(*, known: bool) -> Refused:
    """There is no such address, or it is used in another way."""
    status, words = (405, "Method Not Allowed") if known else (404, "Not Found")
    return Refused(status, 0, f"{status}: {words}", cause=Cause.VIOLATION)


def _place(parts: dict[str, str]) -> int | None:
    """The channel of a call, for faults that are about one."""
    given = parts.get("channel_id", "")
    return int(given) if given.isdigit() else None


def _error(reason: Refused, headers: dict[str, str]) -> web.Response:
    body = json.dumps(reason.body()).encode()
    all_headers = headers | headers_of(reason)
    return web.Response(status=reason.status, body=body, content_type="application/json", headers=all_headers)
