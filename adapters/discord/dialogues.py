"""Answering presses and commands: within three seconds always, seen by one person, and never twice.

Discord gives up on an interaction after three seconds. Whoever has no answer by then gets «thinking …» first, and the
answer when it is there. Interactions stand outside the limits of other calls, so they are answered over a connection of
their own, without queues.
"""

import asyncio
import json
import logging
import ssl
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from adapters.discord import limits
from adapters.discord.errors import ANSWERED_ALREADY, UNKNOWN_INTERACTION, as_ours, refused
from adapters.discord.outbound import NOBODY
from adapters.proxy import proxy_for
from core.errors import PlatformError, Rejected

log = logging.getLogger("parvis.adapters.discord")

_EPHEMERAL = 1 << 6
_SAY, _THINK, _ASK = 4, 5, 9
_OVER = frozenset({ANSWERED_ALREADY, UNKNOWN_INTERACTION, 10015, 50027})  # unknown webhook, expired token
_CONNECTIONS = 64
_JSON = {"Content-Type": "application/json"}
_REMEMBERED = 4096


@dataclass(slots=True)
class _Dialogue:
    """``turn`` is held while something is said: an answer never overtakes the word that it is being thought of."""

    deferred: bool = False
    answered: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Dialogues:
    """The interactions of one application that wait for an answer."""

    def __init__(self, base_url: str, *, tls: ssl.SSLContext | None) -> None:
        self._base_url = base_url
        self._tls = tls
        self._session: ClientSession | None = None
        self._known: dict[str, _Dialogue] = {}
        self._waiting: asyncio.Queue[tuple[str, float]] = asyncio.Queue()  # in the order in which they were heard
        self._application = ""
        self.under_way = 0

    def open(self, application: str) -> None:
        """Begin; ``application`` is our number."""
        self._application = application
        if self._session is None:
            connector = TCPConnector(limit=_CONNECTIONS, ssl=self._tls if self._tls is not None else True)
            timeout = ClientTimeout(total=limits.ANSWER_WITHIN.total_seconds() * 3)
            self._session = ClientSession(
                connector=connector,
                cookie_jar=DummyCookieJar(),
                headers=_JSON,
                skip_auto_headers=("Accept", "Accept-Encoding"),
                timeout=timeout,
                proxy=proxy_for(self._base_url),
            )

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def heard(self, press: str) -> None:
        """Somebody waits."""
        self._known[press] = _Dialogue()
        self._waiting.put_nowait((press, asyncio.get_running_loop().time() + limits.DEFER_AFTER.total_seconds()))
        while len(self._known) > _REMEMBERED:
            self._known.pop(next(iter(self._known)))

    async def hold(self) -> None:
        """For ever: tell whoever has no answer after a moment that one is being thought of."""
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            while True:
                press, until = await self._waiting.get()
                dialogue = self._known.get(press)
                if dialogue is None or dialogue.answered:
                    continue
                await asyncio.sleep(until - loop.time())
                if not dialogue.answered:
                    tasks.create_task(self._defer(press, dialogue))

    async def _defer(self, press: str, dialogue: _Dialogue) -> None:
        async with dialogue.turn:
            if dialogue.answered:
                return
            try:
                await self._call("POST", _callback(press), {"type": _THINK, "data": {"flags": _EPHEMERAL}})
            except PlatformError as error:
                log.debug("not_deferred", extra={"detail": error.detail})
            else:
                dialogue.deferred = True

    async def ask(self, press: str, form: dict[str, Any]) -> None:
        """Open a form before whoever gave a command; the command can be given again when that fails."""
        dialogue = self._known.setdefault(press, _Dialogue())
        async with dialogue.turn:
            dialogue.answered = True
            try:
                await self._call("POST", _callback(press), {"type": _ASK, "data": form})
            except PlatformError as error:
                log.warning("form_not_shown", extra={"detail": error.detail})

    async def answer(self, press: str, message: dict[str, Any]) -> None:
        """Say it to whoever pressed: the first answer, or one more. Raises PlatformError."""
        body = {**message, "flags": _EPHEMERAL, "allowed_mentions": NOBODY}
        dialogue = self._known.setdefault(press, _Dialogue())
        _, _, token = press.partition(":")
        hook = f"/webhooks/{self._application}/{token}"
        async with dialogue.turn:
            if dialogue.answered:
                await self._call("POST", hook, body)
            elif dialogue.deferred or not await self._call("POST", _callback(press), {"type": _SAY, "data": body}):
                del body["flags"]  # it was said when the answer was put off
                await self._call("PATCH", f"{hook}/messages/@original", body)
            dialogue.answered = True

    async def _call(self, verb: str, path: str, body: dict[str, Any]) -> bool:
        """Whether it came first: not where the interaction has an answer, or a word that it is put off, already."""
        if self._session is None:
            raise Rejected("the account is not open")
        self.under_way += 1
        try:
            async with self._session.request(verb, f"{self._base_url}{path}", data=json.dumps(body).encode()) as answer:
                if answer.ok:
                    return True
                told = await answer.json(content_type=None)
                code = told.get("code", 0) if isinstance(told, dict) else 0
                if code in _OVER:
                    log.debug("interaction_over", extra={"code": code})
                    return code != ANSWERED_ALREADY
                raise refused(answer.status, code, str(told.get("message", "")) if isinstance(told, dict) else "")
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            raise as_ours(error) from None
        finally:
            self.under_way -= 1


def _callback(press: str) -> str:
    number, _, token = press.partition(":")
    return f"/interactions/{number}/{token}/callback"
