"""The HTTP side: calls come in, faults strike, the world acts, the journal is written, the answer leaves."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.faults import Fault, Faults, Harm
from sandbox.loopback import Gone, Loopback, Spoilt, broken_off, hung_up, struck
from sandbox.mastodon import arguments, request
from sandbox.mastodon.control import MastodonControl
from sandbox.mastodon.errors import Cause, Invalid, Refused
from sandbox.mastodon.limits import Limits, Pace, TooMany, families, flooded
from sandbox.mastodon.methods import statuses
from sandbox.mastodon.methods.call import Answer, Call
from sandbox.mastodon.methods.catalogue import PUBLISH, WIDER, Endpoint, found
from sandbox.mastodon.request import Sent
from sandbox.mastodon.streaming import SSE_CHANNELS, Lines
from sandbox.mastodon.values import Json, Token, Violation
from sandbox.mastodon.world import World

LARGEST_REQUEST = 120 << 20
STREAM = "GET /api/v1/streaming"
# A fault that names no method is about doing something: listening and looking must be named to be harmed
ONLY_BY_NAME = frozenset({STREAM, "GET /api/v1/notifications"})


class MastodonServer(Loopback):
    """An imitation of a server on this machine, open between ``async with`` and its end.

    ``pace=None`` lifts the rate limits; ``heartbeat`` is the time between two of a stream, in real seconds.
    """

    def __init__(
        self,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        pace: Pace | None = Pace(),  # noqa: B008  frozen
        faults: Faults | None = None,
        heartbeat: float = 15.0,
    ) -> None:
        super().__init__(world, host=host, port=port, faults=faults, largest=LARGEST_REQUEST)
        self.world = world
        self.lines = Lines(world, heartbeat=heartbeat)
        self.application.on_response_prepare.append(self._date)
        self.application.router.add_get("/api/v1/streaming/health", _health)
        self.application.router.add_get("/api/v1/streaming{channel:.*}", self._stream)
        self.application.router.add_route("*", "/api/{tail:.*}", self._call)
        self.application.router.add_get("/system/media/{id}", self._file)
        MastodonControl(world, self.faults, self.lines, self._state).attach(self.application)
        self._limits = None if pace is None else Limits(pace, world.profile.too_many)
        self._keys = statuses.Keys()
        self._tasks: asyncio.TaskGroup | None = None
        self._waiting: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Listen."""
        self._tasks = await self._open.enter_async_context(asyncio.TaskGroup())
        await super().__aenter__()
        self.world.shape.address = self.url
        self.world.on_plan = self._expect
        for at in list(self.world.planned()):
            self._expect(at)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up and stop listening."""
        self.lines.close()
        self.world.on_plan = _unwatched
        for task in self._waiting:
            task.cancel()
        await super().__aexit__(kind, error, trace)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way: no call, and no event that has not been written to those who listen."""
        return self._in_flight == 0 and self.world.streams.quiet

    def _state(self) -> Json:
        return {
            "idle": self.idle,
            "activity": self.activity,
            "faults": len(self.faults),
            "streams": len(self.world.streams.open),
        }

    def _expect(self, at: datetime) -> None:
        """Look at the world again at this instant."""
        if self._tasks is not None:
            task = self._tasks.create_task(self._at(at))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _at(self, at: datetime) -> None:
        await self.world.clock.sleep_until(at)
        self.world.catch_up()

    async def _date(self, _request: web.Request, response: web.StreamResponse) -> None:
        """The server's clock is the sandbox's."""
        response.headers["Date"] = format_datetime(self.world.clock.now(), usegmt=True)

    # ── calls ──

    async def _answer(self, incoming: web.Request) -> web.StreamResponse:
        self.world.catch_up()
        known = found(incoming.method, incoming.path)
        method = known[0].name if known else f"{incoming.method} {incoming.path}"
        sent = Sent({}, {})
        try:
            sent = await request.read(incoming)
            token = self._token(incoming, sent)
            fault = self._strike(method, known[1] if known else "")
            if fault is not None:
                fault = await self._struck(method, sent, fault)
            return await self._act(incoming, token, known, sent, fault)
        except Refused as reason:
            self._refuse(method, sent.journal(), reason)
            return self._error(reason)

    def _token(self, incoming: web.Request, sent: Sent) -> Token | None:
        """Whose call it is. Raises ``Refused`` (401) for a token that opens nothing."""
        named = sent.raw.pop("access_token", "")
        given = incoming.headers.get("Authorization", "").removeprefix("Bearer ") or str(named)
        token = self.world.tokens.get(given)
        if given and (token is None or token.revoked):
            raise Refused(401, "The access token was revoked" if token else "The access token is invalid")
        return token

    def _strike(self, method: str, target: str) -> Fault | None:
        return self.faults.strike(method, target or None, only_by_name=method in ONLY_BY_NAME)

    async def _struck(self, method: str, sent: Sent, fault: Fault) -> Fault | None:
        return await struck(fault, partial(self._note, method, sent), self._refusal)

    def _refusal(self, fault: Fault) -> Refused:
        if fault.harm is Harm.FLOOD:
            return flooded(self.world.profile.too_many, self.world.clock.now(), fault.retry_after)
        return Refused(fault.status, HTTPStatus(fault.status).phrase)

    async def _act(
        self,
        incoming: web.Request,
        token: Token | None,
        known: tuple[Endpoint, str] | None,
        sent: Sent,
        fault: Fault | None,
    ) -> web.StreamResponse:
        if known is None:
            raise Refused(404, "Record not found", cause=Cause.VIOLATION)
        endpoint, target = known
        headers, counted = self._paced(incoming, endpoint, token, sent)
        self._may(endpoint, token)
        call = Call(
            world=self.world,
            token=token,
            arguments=self._arguments(endpoint, sent),
            target=target,
            key=incoming.headers.get("Idempotency-Key"),
            url=f"{self.url}{incoming.path}",
        )
        answer = self._done(endpoint, call, sent, fault)
        if self._limits is not None and answer.outcome != "repeated":
            self._limits.done(counted, self.world.clock.now())
            headers = self._limits.headers(counted, self.world.clock.now())
        await self.world.journal.settle()
        if fault is None:
            return web.json_response(answer.body, status=answer.status, headers={**headers, **answer.headers})
        return await broken_off(incoming, json.dumps(answer.body).encode(), fault)

    def _done(self, endpoint: Endpoint, call: Call, sent: Sent, fault: Fault | None) -> Answer:
        answer = statuses.create(call, self._keys) if endpoint is PUBLISH else endpoint.act(call)
        outcome = answer.outcome if fault is None or answer.outcome != "done" else fault.harm.value
        key = {} if call.key is None else {"idempotency": call.key}
        self._note(
            endpoint.name, sent, outcome=outcome, result=answer.summary, bot=call.viewer, target=call.target, **key
        )
        return answer

    def _paced(
        self, incoming: web.Request, endpoint: Endpoint, token: Token | None, sent: Sent
    ) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Count the call, by whatever counts it. Raises ``Refused`` (429)."""
        if self._limits is None:
            return {}, []
        address = incoming.remote or ""
        if token is None or self.world.profile.by_address:
            counted = [("address", address)]
        else:
            own = families(endpoint.verb, endpoint.path, sent.raw)
            counted = [("token", token.value), ("account", token.account), *((name, token.account) for name in own)]
        return self._limits.ask(counted, self.world.clock.now()), counted

    def _may(self, endpoint: Endpoint, token: Token | None) -> None:
        """Raises ``Refused``: no such address here, nobody in particular, or not this one."""
        if not endpoint.exists(self.world.profile):
            raise Refused(endpoint.code, "Not Found" if endpoint.code == 404 else "Method Not Allowed")
        if token is None:
            if endpoint.public:
                return
            raise Refused(401, "The access token is invalid")
        scope = endpoint.scope
        if scope is None or token.allows(scope) or (scope in WIDER and token.allows(WIDER[scope])):
            return
        raise Refused(403, "This action is outside the authorized scopes", cause=Cause.VIOLATION)

    def _arguments(self, endpoint: Endpoint, sent: Sent) -> arguments.Arguments:
        """What was given; what should not have been is remembered, and refused by a strict reader of JSON."""
        given, findings = arguments.read(endpoint.table, sent)
        if endpoint.uses_instead is not None:
            findings.append(arguments.Finding(f"deprecated, use {endpoint.uses_instead}"))
        mistyped = [finding.reason for finding in findings if finding.mistyped]
        if mistyped and sent.is_json and self.world.profile.strict_json:
            raise Refused(400, f"Bad Request: json: cannot unmarshal: {mistyped[0]}", cause=Cause.VIOLATION)
        for finding in findings:
            self._violated(endpoint.name, finding.reason, sent.journal())
        return given

    def _refuse(self, method: str, parameters: Json, reason: Refused) -> None:
        if isinstance(reason, TooMany):
            self.world.flooded += 1
        if reason.cause is Cause.VIOLATION:
            self._violated(method, reason.error, parameters)
        self.world.note(
            "call", method=method, parameters=parameters, outcome="refused", error=reason.error, code=self._code(reason)
        )

    def _violated(self, method: str, reason: str, parameters: Json) -> None:
        self.world.violations.append(Violation(method=method, reason=reason, parameters=parameters))

    def _code(self, reason: Refused) -> int:
        return self.world.profile.invalid if isinstance(reason, Invalid) else reason.code

    def _error(self, reason: Refused) -> web.Response:
        headers = reason.headers if isinstance(reason, TooMany) else {}
        return web.json_response(reason.body(), status=self._code(reason), headers=headers)

    def _note(self, method: str, sent: Sent, *, outcome: str, **more: object) -> None:
        self.world.note("call", method=method, parameters=sent.journal(), outcome=outcome, **more)

    # ── streams and files ──

    async def _stream(self, incoming: web.Request) -> web.StreamResponse:
        """One who listens; not counted as under way."""
        try:
            return await self._listen(incoming)
        except Refused as reason:
            self._refuse(STREAM, {}, reason)
            return self._error(reason)
        except Spoilt as spoilt:
            return spoilt.response
        except Gone:
            return hung_up(incoming)

    async def _listen(self, incoming: web.Request) -> web.StreamResponse:
        upgrades = "websocket" in incoming.headers.get("Upgrade", "").lower()
        channel = SSE_CHANNELS.get(incoming.match_info["channel"].strip("/"))
        sent = Sent(dict(incoming.query), {})
        if not upgrades and not self.world.profile.sse:
            raise Refused(404, "Not found")
        token = self._listener(incoming, sent)
        fault = self._strike(STREAM, "")
        if fault is not None and fault.harm not in {Harm.SLOW, Harm.CUT_AFTER, Harm.HALF}:
            await self._struck(STREAM, sent, fault)
        if upgrades:
            return await self.lines.websocket(incoming, token, fault)
        if channel is None:
            raise Refused(404, "Not found", cause=Cause.VIOLATION)
        return await self.lines.sse(incoming, token, channel, fault)

    def _listener(self, incoming: web.Request, sent: Sent) -> Token:
        offered = incoming.headers.get("Sec-WebSocket-Protocol")
        if offered and "access_token" not in sent.raw:
            sent = replace(sent, raw={**sent.raw, "access_token": offered})
        token = self._token(incoming, sent)
        if token is None:
            raise Refused(401, "Missing access token")
        if not (token.allows("read:statuses") or token.allows("read:notifications")):
            raise Refused(401, "Access token does not have the required scopes", cause=Cause.VIOLATION)
        return token

    async def _file(self, incoming: web.Request) -> web.Response:
        content = self.world.contents.get(incoming.match_info["id"])
        if content is None:
            return self._error(Refused(404, "Record not found"))
        return web.Response(body=content, content_type="application/octet-stream")


async def _health(_request: web.Request) -> web.Response:
    return web.Response(text="OK")


def _unwatched(_at: datetime) -> None:
    """Nobody looks any more."""
