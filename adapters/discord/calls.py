"""Calls to Discord through discord.py's HTTP client, which knows the limits of every route."""

import asyncio
import uuid
from collections.abc import Awaitable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import Route

from adapters.discord import aftercare, ids, limits, outbound, polls
from adapters.discord.buckets import Http
from adapters.discord.errors import BROKEN, DONE_ALREADY, as_ours, code_of
from core.errors import Gone, PlatformError, Rejected, Unavailable, Uncertain
from core.identifiers import AccountName, Address, MessageId, NativePollId
from core.ports.clock import Clock
from core.post import Part, Receipt

T = TypeVar("T")
_KEYS = uuid.UUID("c2b1c8f4-3d0b-4f7e-8f59-0d9a1f5d2c11")  # ours: turns a delivery's key into a nonce
_CALLED = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


class Calls:
    """Of one application."""

    def __init__(
        self,
        *,
        account: AccountName,
        token: str,
        tls: Any,
        clock: Clock,
        longest: timedelta = limits.LONGEST_CALL,
    ) -> None:
        """``longest`` is what a call may last: after that nobody knows whether it was made."""
        self._clock = clock
        self._longest = longest.total_seconds()
        self._account = account
        self._token = token
        self._tls = tls
        self._rest: Http | None = None
        self._private: dict[Address, str] = {}  # the channel of a person's private chat
        self.under_way = 0

    async def close(self) -> None:
        """Let go of the connections."""
        if self._rest is not None:
            await self._rest.close()
            self._rest = None

    async def log_in(self) -> None:
        """Show the token, once. Raises PlatformError."""
        if self._rest is not None:
            return
        connector = aiohttp.TCPConnector(limit=64, ssl=self._tls if self._tls is not None else True)
        http = Http(connector)
        try:
            await self._made(http.static_login(self._token))
        except PlatformError:
            await http.close()
            await connector.close()
            raise
        self._rest = http

    async def message(
        self,
        part: Part,
        address: Address,
        key: str,
        *,
        answers: MessageId | None = None,
        thread: str | None = None,
        guild: str = "",
    ) -> Receipt:
        """Put a message into a channel, or a ``thread`` of it, once for each key. Raises PlatformError."""
        body = self._body(part, without={"channel", "files", "thread"})
        channel = thread or await self.channel(address)
        if answers is not None:
            channel, number = ids.place_of(channel, answers)
            body |= outbound.reply_to(number)
        body |= {"nonce": self._nonce(key), "enforce_nonce": True}
        sent = await self._posted("/channels/{channel_id}/messages", body, part, channel)
        number = str(sent["id"])
        link = ids.link(guild, channel, number)
        apart = thread is not None or (answers is not None and channel != address)
        message = ids.in_thread(channel, number) if apart else MessageId(number)
        poll = NativePollId(number) if "poll" in body else None
        return Receipt(address=address, message=message, call=outbound.MESSAGE, poll=poll, link=link)

    async def forum_post(self, part: Part, address: Address, *, guild: str) -> Receipt:
        """Begin a conversation in a forum. Its first message has the number of its thread. Raises PlatformError."""
        known = {"channel", "files", "name", "applied_tags", "auto_archive_duration"}
        message = self._body(part, without=known)
        body = {name: part.parameters[name] for name in sorted(known - {"channel", "files"})}
        sent = await self._posted("/channels/{channel_id}/threads", {**body, "message": message}, part, address)
        number = str(sent["id"])
        poll = NativePollId(number) if "poll" in message else None
        link = ids.link(guild, number, number)
        return Receipt(address=address, message=MessageId(number), call=outbound.FORUM, poll=poll, link=link)

    def _body(self, part: Part, *, without: Collection[str]) -> dict[str, Any]:
        """The parameters; a poll is made to last from now on."""
        said = part.parameters.items()
        body: dict[str, Any] = {name: value for name, value in said if name not in {*without, "closes_at"}}
        if "poll" in body:
            closes_at = datetime.fromisoformat(str(part.parameters["closes_at"]))
            body["poll"] = {**body["poll"], "duration": polls.hours(closes_at, self._clock.now())}
        return body

    async def _posted(self, path: str, body: dict[str, Any], part: Part, channel: str) -> Any:
        files: Any = part.parameters.get("files", ())
        route, answers = Route("POST", path, channel_id=channel), _Answers(recognised="nonce" in body)
        try:
            if files:
                return await self._uploaded(route, body, files, answers)
            return await self._made(self._http.request(route, json=body, raise_for_status=answers))
        except PlatformError as error:
            if answers.doubtful:
                raise Uncertain(error.detail) from error
            raise

    def _nonce(self, key: str) -> str:
        """The same for the same key: Discord then gives back the message that it has already."""
        number = uuid.uuid5(_KEYS, f"{self._account}:{key}") if key else uuid.uuid4()
        return str(number.int >> 64)

    async def _uploaded(self, route: Route, body: dict[str, Any], files: Any, answers: "_Answers") -> Any:
        try:
            opened = await asyncio.to_thread(_opened, files)
        except OSError as error:
            raise Rejected(f"a picture cannot be read: {error.strerror}") from error
        message = body.get("message", body)
        message["attachments"] = [{"id": rank, "description": each["description"]} for rank, each in enumerate(files)]
        form: list[dict[str, Any]] = [{"name": "payload_json", "value": discord.utils._to_json(body)}]  # noqa: SLF001  as the library writes it
        form += [
            {"name": f"files[{rank}]", "value": file.fp, "filename": file.filename} for rank, file in enumerate(opened)
        ]
        try:
            return await self._made(self._http.request(route, files=opened, form=form, raise_for_status=answers))
        finally:
            for file in opened:
                file.close()

    async def channel(self, address: Address) -> str:
        """The channel to write in; for a person the one of their private chat."""
        if not ids.is_person(address):
            return address
        if address not in self._private:
            body = {"recipient_id": address.removeprefix("@")}
            self._private[address] = str((await self.repeatable("POST", "/users/@me/channels", body))["id"])
        return self._private[address]

    async def repeatable(
        self, verb: str, path: str, body: Any = None, *, query: Any = None, reason: str = "", **where: Any
    ) -> Any:
        """A call that may be made again without harm: a lost answer means later, what is so already is well."""
        try:
            return await self.asked(verb, path, body, query=query, reason=reason, **where)
        except _Already:
            return {}
        except Uncertain as error:
            raise Unavailable(error.detail) from error

    async def about(self, part: Part, channel: str, number: str) -> None:
        """One of the calls of ``aftercare``. Raises PlatformError, but not Uncertain; Gone for a message that is."""
        verb, path = aftercare.CALLS[part.call]
        said = part.parameters.items()
        body = {name: value for name, value in said if name not in {"channel", "message", "files"}}
        route, files = Route(verb, path, channel_id=channel, message_id=number), part.parameters.get("files", ())
        try:
            if files:
                await self._uploaded(route, body, files, _Answers(recognised=True))
            else:
                await self._made(self._http.request(route, **({"json": body} if body else {})))
        except _Already as error:
            if part.call == aftercare.EDIT:
                raise Gone("the message is no longer there") from error
        except Uncertain as error:
            raise Unavailable(error.detail) from error

    async def looked_up(self, path: str, *, query: Any = None, **where: Any) -> Any:
        """What stands there. Raises PlatformError; Rejected when it is gone."""
        try:
            found = await self.asked("GET", path, query=query, **where)
        except Uncertain as error:
            raise Unavailable(error.detail) from error
        if not isinstance(found, dict | list):
            raise Unavailable("an answer that says nothing")
        return found

    async def asked(
        self, verb: str, path: str, body: Any = None, *, query: Any = None, reason: str = "", **where: Any
    ) -> Any:
        """The answer to a call; its ``reason`` is for the audit log. Raises PlatformError."""
        given: tuple[tuple[str, Any], ...] = (("json", body), ("params", query), ("reason", reason or None))
        more: dict[str, Any] = {name: value for name, value in given if value is not None}
        return await self._made(self._http.request(Route(verb, path, **where), **more))

    @property
    def _http(self) -> Http:
        if self._rest is None:
            raise Unavailable("the account is not open yet")
        return self._rest

    async def _made(self, call: Awaitable[T]) -> T:
        self.under_way += 1
        try:
            async with asyncio.timeout(self._longest):
                return _readable(await call)
        except _CALLED as error:
            if code_of(error) in DONE_ALREADY:
                raise _Already(f"{code_of(error)}") from None
            raise as_ours(error) from None
        finally:
            self.under_way -= 1


class _Answers:
    """The answers to a call that posts. discord.py asks again after one that leaves open whether it was done.

    That is well where Discord would recognise the call, and shows the answer to the last one only.
    """

    def __init__(self, *, recognised: bool) -> None:
        self._recognised = recognised
        self.doubtful = False

    async def __call__(self, answer: aiohttp.ClientResponse) -> None:
        """Look at one. Raises Uncertain when the call must not be made again."""
        if answer.status < BROKEN:
            return
        self.doubtful = True
        if not self._recognised:
            raise Uncertain(f"{answer.reason} ({answer.status})")


class _Already(Rejected):
    """What the call asked for is so already, or what it is about is gone."""


def _readable(answer: T) -> T:
    """The answer, unless it is a page of somebody on the way. Raises Uncertain."""
    if isinstance(answer, str) and answer:  # discord.py 2.7.1 gives text as it came; what has no content is empty
        raise Uncertain("an answer that nobody can read")
    return answer


def _opened(files: Sequence[dict[str, str]]) -> list[discord.File]:
    return [discord.File(each["path"], description=each["description"]) for each in files]
