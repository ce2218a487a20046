"""The HTTP side: calls come in, faults strike, the world acts, the journal is written, the answer leaves."""

import json
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from types import TracebackType

from aiohttp import web

from sandbox.faults import Fault, Faults, Harm
from sandbox.loopback import Gone, Loopback, broken_off, struck
from sandbox.telegram import arguments, request
from sandbox.telegram.control import TelegramControl
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
PACED = SENDING | EDITING
LARGEST_REQUEST = 50 << 20


class TelegramServer(Loopback):
    """An imitation of ``api.telegram.org`` on this machine, open between ``async with`` and its end.

    ``pace=None`` lifts the rate limits.
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
        super().__init__(world, host=host, port=port, faults=faults, largest=LARGEST_REQUEST)
        self.world = world
        self.application.router.add_route("*", r"/bot{token:[^/]+}/{method}", self._call)
        self.application.router.add_get(r"/file/bot{token:[^/]+}/photos/{file_id}", self._file)
        TelegramControl(world, self.faults, self._state).attach(self.application)
        self._pace = pace
        self._limits: dict[int, Limits] = {}
        self._polls: dict[int, LongPolls] = {}

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Send waiting polls away and stop listening."""
        for polls in self._polls.values():
            polls.close()
        await super().__aexit__(kind, error, trace)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way: only polls that wait with nothing to hand out, no unconfirmed update."""
        waiting = sum(1 for polls in self._polls.values() if polls.waiting)
        return self._in_flight == waiting and all(len(bot.queue) == 0 for bot in self.world.bots.values())

    def _state(self) -> Json:
        return {"idle": self.idle, "activity": self.activity, "faults": len(self.faults)}

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
                note = partial(self.world.journal.write, "call", method=method, parameters=sent.journal())
                fault = await struck(fault, note, self._refusal)
            return await self._act(incoming, bot, method, sent, fault)
        except Refused as reason:
            self._refuse(method, sent.journal(), reason)
            return _error(reason)

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

    def _refusal(self, fault: Fault) -> Refused:
        if fault.harm is Harm.FLOOD:
            return flooded(fault.retry_after)
        return Refused(fault.status, HTTPStatus(fault.status).phrase)

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
        return await broken_off(incoming, body, fault)

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


def _batch(updates: list[Update]) -> bytes:
    return f'{{"ok":true,"result":[{",".join(update.body for update in updates)}]}}'.encode()


def _error(reason: Refused) -> web.Response:
    headers = {}
    if "retry_after" in reason.parameters:  # HttpConnection.cpp send_response
        headers["Retry-After"] = str(reason.parameters["retry_after"])
    return web.json_response(reason.body(), status=reason.code, headers=headers)


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
