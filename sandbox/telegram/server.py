"""The HTTP side: calls come in, faults strike, the world acts, the journal is written, the answer leaves."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from http import HTTPStatus
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.faults import Fault, Faults, Harm
from sandbox.listening import TOO_SLOW, listening
from sandbox.telegram import arguments, control, request
from sandbox.telegram.errors import Cause, Refused, flooded
from sandbox.telegram.limits import EDITING, SENDING, Limits, Pace
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.catalogue import METHODS
from sandbox.telegram.parameters import METHODS as TABLES
from sandbox.telegram.places import Bot
from sandbox.telegram.polling import LongPolls
from sandbox.telegram.queue import Update
from sandbox.telegram.request import Sent
from sandbox.telegram.values import Json, Violation
from sandbox.telegram.world import World

NAMES: Mapping[str, str] = {name.lower(): name for name in TABLES}
PAGE = "<html><body><h1>Please log in to this network</h1></body></html>"
PACED = SENDING | EDITING
LARGEST_REQUEST = 50 << 20


class Gone(Exception):
    """The connection was cut on purpose."""


class TelegramServer:
    """An imitation of ``api.telegram.org`` on this machine, open between ``async with`` and its end.

    ``pace=None`` lifts the rate limits. More routes may be added to ``application`` before it opens.
    """

    def __init__(
        self,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        pace: Pace | None = Pace(),  # noqa: B008 - frozen
        faults: Faults | None = None,
    ) -> None:
        self.world = world
        self.faults = Faults() if faults is None else faults
        self.application = web.Application(client_max_size=LARGEST_REQUEST)
        self.application.router.add_route("*", r"/bot{token:[^/]+}/{method}", self._call)
        self.application.router.add_get(r"/file/bot{token:[^/]+}/photos/{file_id}", self._file)
        control.add_routes(self.application, world, self.faults, self._state)
        self._host, self._port = host, port
        self._pace = pace
        self._limits: dict[int, Limits] = {}
        self._polls: dict[int, LongPolls] = {}
        self._in_flight = 0
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Listen."""
        runner = web.AppRunner(self.application, access_log=None, shutdown_timeout=TOO_SLOW)
        self._port = await self._open.enter_async_context(listening(runner, self._host, self._port))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Send waiting polls away and stop listening."""
        for polls in self._polls.values():
            polls.close()
        await self._open.aclose()  # not told of an error, which is none of its own

    @property
    def url(self) -> str:
        """Where it listens; ``f"{url}/bot"`` is python-telegram-bot's ``base_url``."""
        return f"http://{self._host}:{self._port}"

    @property
    def activity(self) -> int:
        """A number that grows with everything that happens."""
        return self.world.activity

    @property
    def idle(self) -> bool:
        """Whether nothing is under way: only polls that wait with nothing to hand out, no unconfirmed update."""
        waiting = sum(1 for polls in self._polls.values() if polls.waiting)
        return self._in_flight == waiting and all(len(bot.queue) == 0 for bot in self.world.bots.values())

    def _state(self) -> Json:
        return {"idle": self.idle, "activity": self.activity, "faults": len(self.faults)}

    async def _call(self, incoming: web.Request) -> web.StreamResponse:
        self._in_flight += 1
        self.world.activity += 1
        try:
            return await self._answer(incoming)
        except Gone:
            if incoming.transport is not None:
                incoming.transport.abort()
            return web.Response(status=500)
        finally:
            self._in_flight -= 1
            self.world.activity += 1

    async def _answer(self, incoming: web.Request) -> web.StreamResponse:
        method = NAMES.get(incoming.match_info["method"].lower(), incoming.match_info["method"])
        try:
            bot = self._bot(incoming.match_info["token"])
            sent = await request.read(incoming)
        except Refused as reason:
            self._refuse(method, {}, reason)
            return _error(reason)
        fault = self.faults.strike(method, self._chat_id(sent))
        try:
            if fault is not None:
                fault = await self._before(method, sent, fault)
            return await self._act(incoming, bot, method, sent, fault)
        except Refused as reason:
            self._refuse(method, sent.journal(), reason)
            return _error(reason)
        except Spoilt as spoilt:
            return spoilt.response

    def _bot(self, token: str) -> Bot:
        bot = self.world.bots.get(token)
        if bot is None:
            raise Refused(401, "Unauthorized" if ":" in token else "Unauthorized: invalid token specified")
        return bot

    def _chat_id(self, sent: Sent) -> int | None:
        """The chat of a call, for faults that are about one chat."""
        given = str(sent.raw.get("chat_id", ""))
        for chat in self.world.chats.values():
            if chat.username is not None and given.lower() == f"@{chat.username}".lower():
                return chat.id
        return int(given) if given.lstrip("-").isdigit() else None

    async def _before(self, method: str, sent: Sent, fault: Fault) -> Fault | None:
        """What a fault does instead of the call; the fault itself when it strikes after it."""
        journal = self.world.journal
        match fault.harm:
            case Harm.FLOOD:
                raise flooded(fault.retry_after)
            case Harm.STATUS:
                journal.write("call", method=method, parameters=sent.journal(), outcome="status", error=fault.status)
                raise Spoilt(_page(fault.status, f"<html><h1>{fault.status}</h1></html>"))
            case Harm.REFUSED:
                raise Refused(fault.status, HTTPStatus(fault.status).phrase)
            case Harm.CAPTIVE:
                journal.write("call", method=method, parameters=sent.journal(), outcome="captive")
                raise Spoilt(_page(200, PAGE))
            case Harm.CUT_BEFORE:
                journal.write("call", method=method, parameters=sent.journal(), outcome="cut_before")
                raise Gone
            case Harm.SLOW:
                await asyncio.sleep(fault.seconds)
                return None
            case Harm.CUT_AFTER | Harm.HALF:
                return fault

    async def _act(
        self, incoming: web.Request, bot: Bot, method: str, sent: Sent, fault: Fault | None
    ) -> web.StreamResponse:
        if method not in TABLES:
            raise Refused(404, "Not Found: method not found", cause=Cause.VIOLATION)
        given = arguments.read(TABLES[method], sent.raw, sent.uploads)
        if method == "getUpdates":
            if incoming.transport is None:  # who asked has died meanwhile: nobody is there to be a rival
                raise Gone
            body = await self._updates(bot, given, fault)
        else:
            body = self._done(bot, method, sent, given, fault)
        await self.world.journal.settle()
        if fault is None:
            return web.Response(body=body, content_type="application/json")
        if fault.harm is Harm.HALF:
            return await _half(incoming, body)
        raise Gone

    def _done(self, bot: Bot, method: str, sent: Sent, given: arguments.Arguments, fault: Fault | None) -> bytes:
        call = Call(self.world, bot, given)
        result = self._paced(call, method) if method in PACED else METHODS[method](call)
        self.world.journal.write(
            "call",
            method=method,
            parameters=sent.journal(),
            outcome="done" if fault is None else fault.harm.value,
            result=_summary(result),
        )
        return json.dumps({"ok": True, "result": result}).encode()

    def _paced(self, call: Call, method: str) -> object:
        """Do it unless it comes too fast. What is refused for another reason does not count."""
        if self._pace is None or "chat_id" not in call.arguments.values:
            return METHODS[method](call)
        limits = self._limits.setdefault(call.bot.id, Limits(self._pace))
        chat, now = call.inside(), self.world.clock.now()
        count = max(len(call.arguments.items("media")), 1)
        try:
            limits.check(method, chat, count, now)
        except Refused:
            self.world.flooded += 1
            raise
        result = METHODS[method](call)
        limits.charge(method, chat, count, now)
        return result

    async def _updates(self, bot: Bot, given: arguments.Arguments, fault: Fault | None) -> bytes:
        if "allowed_updates" in given.values:
            bot.queue.allow([str(kind) for kind in given.items("allowed_updates")])
        polls = self._polls_of(bot)
        self.world.close_what_is_due()
        updates = await polls.fetch(given.integer("offset"), given.integer("limit", 100), given.integer("timeout"))
        if updates:
            outcome = "done" if fault is None else fault.harm.value
            numbers = [update.id for update in updates]
            self.world.journal.write("handed_out", bot=bot.id, updates=numbers, outcome=outcome)
        return _batch(updates)

    def _polls_of(self, bot: Bot) -> LongPolls:
        polls = self._polls.get(bot.id)
        if polls is None:
            journal = self.world.journal

            def confirmed(offset: int, count: int) -> None:
                journal.write("confirmed", bot=bot.id, offset=offset, count=count)

            polls = self._polls[bot.id] = LongPolls(bot.queue, confirmed)
        return polls

    def _refuse(self, method: str, parameters: Json, reason: Refused) -> None:
        if reason.cause is Cause.VIOLATION:
            self.world.violations.append(Violation(method=method, reason=reason.description, parameters=parameters))
        self.world.journal.write(
            "call", method=method, parameters=parameters, outcome="refused", error=reason.description, code=reason.code
        )

    async def _file(self, incoming: web.Request) -> web.Response:
        content = self.world.contents.get(incoming.match_info["file_id"])
        if incoming.match_info["token"] not in self.world.bots or content is None:
            return _error(Refused(404, "Not Found"))
        return web.Response(body=content, content_type="application/octet-stream")


class Spoilt(Exception):
    """Something else is answered than Telegram would."""

    def __init__(self, response: web.Response) -> None:
        super().__init__()
        self.response = response


def _batch(updates: list[Update]) -> bytes:
    return f'{{"ok":true,"result":[{",".join(update.body for update in updates)}]}}'.encode()


def _error(reason: Refused) -> web.Response:
    headers = {}
    if "retry_after" in reason.parameters:  # HttpConnection.cpp send_response
        headers["Retry-After"] = str(reason.parameters["retry_after"])
    return web.json_response(reason.body(), status=reason.code, headers=headers)


def _page(status: int, html: str) -> web.Response:
    return web.Response(status=status, text=html, content_type="text/html")


async def _half(incoming: web.Request, body: bytes) -> web.StreamResponse:
    """Promise the whole answer and send half of it."""
    response = web.StreamResponse(headers={"Content-Length": str(len(body)), "Content-Type": "application/json"})
    await response.prepare(incoming)
    await response.write(body[: len(body) // 2])
    raise Gone


def _summary(result: object) -> object:
    """A result as the journal keeps it: of messages, where they are and what people read."""
    if isinstance(result, list):
        return [_summary(item) for item in result]
    if not isinstance(result, dict) or "message_id" not in result:
        return result
    return {
        "chat": result["chat"]["id"],
        "message": result["message_id"],
        "text": result.get("text", result.get("caption", "")),
    }
