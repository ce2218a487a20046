"""One Discord application behind ``core.ports.platform.Platform``.

Events come over a line that is kept open (``keep``) and wait here until they are fetched. What was not yet stored when
a process dies is read again from the history of the channels; a press without an answer has failed, as Discord then
says itself. Calls go through discord.py's HTTP client, which knows the limits of every route.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import discord
import yarl
from discord.http import Route

from adapters.discord import (
    aftercare,
    commands,
    doctor,
    elections,
    forms,
    grounds,
    ids,
    inbound,
    limits,
    outbound,
    standing,
)
from adapters.discord.calls import Calls
from adapters.discord.dialogues import Dialogues
from adapters.discord.ear import Ear
from adapters.discord.grounds import Ground
from adapters.discord.history import History
from adapters.discord.line import Line
from adapters.discord.memory import Memory
from adapters.discord.moderation import DiscordModerator
from adapters.pacing import Pacer
from adapters.tls import trusting
from core.capabilities import Capabilities
from core.changes import Change
from core.delivery import Urgency
from core.errors import PlatformError, Rejected, Unauthorised, Unavailable, Uncertain
from core.events import Handle, Incoming, Received
from core.identifiers import AccountName, Address, MessageId, PlatformName
from core.native import NativeTally
from core.ports.clock import Clock
from core.ports.platform import Cursor, Finding, Introduction, Update
from core.post import Part, Post, Receipt

log = logging.getLogger("parvis.adapters.discord")

_LONG_POLL = 50.0


class DiscordAdapter:
    """An application in one server. ``discussions`` are the channels in which people answer.

    ``channels`` are those in which it publishes, with the tags that its posts get where one is a forum. ``automod``:
    words of the charter are kept back by the server's own rules.
    """

    def __init__(
        self,
        *,
        account: AccountName,
        token: str,
        base_url: str,
        clock: Clock,
        discussions: Collection[Address] = (),
        channels: Mapping[Address, Sequence[str]] | None = None,
        automod: bool = False,
        ca_file: Path | None = None,
    ) -> None:
        """Nothing is connected before ``open``. The base URL is one for the whole process: discord.py holds it so."""
        for noisy in ("discord.http", "discord.gateway"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        logging.getLogger("discord.client").setLevel(logging.CRITICAL)  # the line says itself what it loses
        Route.BASE = base_url.rstrip("/")
        self._account = account
        self._token = token
        self._clock = clock
        self._discussions = frozenset(discussions)
        self._channels = channels or {}
        self._tls = trusting(ca_file) if ca_file is not None else None
        self._dialogues = Dialogues(Route.BASE, tls=self._tls)
        self._pacer = Pacer(clock, limits.PACE, crowded=lambda address: not ids.is_person(address))
        self._calls = Calls(account=account, token=token, tls=self._tls, clock=clock)
        self.moderator = DiscordModerator(self._calls, self._pacer, clock, lambda: self._me, filters=automod)
        self._line = Line(token, hear=self._hear, began=self._session_began, tls=self._tls)
        self._grounds: dict[Address, Ground] = {}
        self._me = ""
        self._ear = Ear()
        self._caught_up = False
        self._introduction = Introduction()
        self._holding: asyncio.TaskGroup | None = None

    def __repr__(self) -> str:
        """The account, never its token."""
        return f"<DiscordAdapter {self._account}>"

    @property
    def name(self) -> PlatformName:
        """Discord."""
        return inbound.DISCORD

    @property
    def account(self) -> AccountName:
        """The town's name for this account."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What Discord can do."""
        return limits.CAPABILITIES

    @property
    def busy(self) -> bool:
        """Whether a call is under way or about to be made."""
        return self._calls.under_way > 0 or self._dialogues.under_way > 0 or self._pacer.busy

    async def open(self, introduction: Introduction, *, known: str | None) -> str:
        """Ask who we are and where we may write; set the commands when they changed. Raises PlatformError."""
        await self._calls.log_in()
        self._line.refusal = ""  # it was accepted: what refused it earlier is over
        me = await self._calls.repeatable("GET", "/users/@me")
        application = await self._calls.repeatable("GET", "/applications/@me")
        gateway = await self._calls.repeatable("GET", "/gateway")
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway["url"])
        self._me = str(me["id"])
        self._line.meets_people = doctor.meets_people(application)
        self._dialogues.open(str(application["id"]))
        for channel in (*self._discussions, *self._channels):
            with suppress(Rejected):  # the doctor says what it is
                await self._look_at(channel)
        self._introduction = introduction
        menu = commands.menu(introduction)
        told = commands.digest(menu)
        if told != known:
            await self._calls.repeatable(
                "PUT", "/applications/{application_id}/commands", menu, application_id=application["id"]
            )
        log.info("discord_opened", extra={"account": self._account, "bot": me["username"]})
        return told

    def recall(self, known: str | None) -> str:  # noqa: ARG002  limits are the same everywhere
        """Nothing to recall."""
        return ""

    async def resolve(self, address: Address) -> Address:
        """The channel itself, once it is known to be there. Raises PlatformError."""
        await self._look_at(address)
        return address

    async def keep(self) -> None:
        """Hold the line to the gateway, and the hands of those who wait for an answer."""
        async with asyncio.TaskGroup() as self._holding:
            hands = self._holding.create_task(self._dialogues.hold())
            await self._line.keep()
            hands.cancel()
            self._ear.wake()

    async def close(self) -> None:
        """Close the connections."""
        await self._dialogues.close()
        await self._calls.close()

    # ── Publisher ──

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:
        """The calls this post takes; see ``outbound``."""
        return outbound.parts(post, Address(str(topic)) if topic is not None else address, self._ground(address))

    def turn(self, address: Address, urgency: Urgency) -> AbstractAsyncContextManager[None]:
        """A turn in this channel."""
        return self._pacer.turn(address, urgency)

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Make one call. Only messages give receipts."""
        address = Address(str(part.parameters["channel"]))
        if part.call == outbound.FORUM:
            return await self._begun(part, address)
        messages = [receipt for receipt in before if receipt.call in outbound.MESSAGES]
        if part.call == outbound.MESSAGE:
            thread, guild = self._thread(part, address, before), self._ground(address).guild
            return (await self._calls.message(part, address, key, thread=thread, guild=guild),)
        about = messages[int(str(part.parameters["about"]))].message
        channel, number = await self._place(address, about)
        where = {"channel_id": channel, "message_id": number}
        match part.call:
            case outbound.PIN:
                await self._calls.repeatable("PUT", "/channels/{channel_id}/messages/pins/{message_id}", **where)
            case outbound.CROSSPOST:
                await self._calls.repeatable("POST", "/channels/{channel_id}/messages/{message_id}/crosspost", **where)
            case _:
                body = {name: part.parameters[name] for name in ("name", "auto_archive_duration")}
                await self._calls.repeatable(
                    "POST", "/channels/{channel_id}/messages/{message_id}/threads", body, **where
                )
        return ()

    async def find(self, part: Part, *, before: Sequence[Receipt], since: datetime) -> tuple[Receipt, ...]:
        """Our messages that say and ask what this part does, as history shows them. Raises PlatformError."""
        address = Address(str(part.parameters["channel"]))
        memory, ground = Memory(self._calls, self._me), self._ground(address)
        begins = part.call == outbound.FORUM
        if not begins and part.call != outbound.MESSAGE:
            raise Rejected("what was done to a message cannot be looked for")
        place = (None if begins else self._thread(part, address, before)) or await self._calls.channel(address)
        if begins:
            found = await memory.conversations(part, address, ground.guild, since)
        else:
            found = await memory.messages(part, address, place, since)
        if not found:
            await memory.refuse_removed(place, since, forum=begins)
        return tuple(replace(each, link=ids.link(ground.guild, *self._stands(address, each.message))) for each in found)

    # ── Editor ──

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Change text and buttons in place; a poll shows its own count and stays as it is. Raises PlatformError."""
        if receipt.poll is not None:
            return
        channel, number = await self._place(receipt.address, receipt.message)
        async with self.turn(receipt.address, Urgency.REFRESH):
            path = "/channels/{channel_id}/messages/{message_id}"
            await self._calls.repeatable("PATCH", path, outbound.change(post), channel_id=channel, message_id=number)

    async def remove(self, chat: Address, message: MessageId, *, reason: str = "") -> None:
        """Delete a message; well when it is gone already. The reason stands in the audit log. Raises PlatformError."""
        channel, number = await self._place(chat, message)
        async with self._pacer.turn(chat, Urgency.MODERATION, counted=False):
            path = "/channels/{channel_id}/messages/{message_id}"
            why = reason[: limits.LONGEST_REASON]
            await self._calls.repeatable("DELETE", path, reason=why, channel_id=channel, message_id=number)

    def plan_change(self, change: Change) -> tuple[Part, ...]:
        """The calls this change takes; see ``aftercare``."""
        return aftercare.calls(change, self._ground(change.receipts[0].address))

    async def change(self, part: Part) -> None:
        """Make one of these calls. Raises PlatformError."""
        where, message = Address(str(part.parameters["channel"])), MessageId(str(part.parameters["message"]))
        await self._calls.about(part, *await self._place(where, message))

    # ── Listener ──

    async def fetch(self, cursor: Cursor | None) -> Sequence[Update]:
        """What was heard and is not confirmed yet. Raises Unauthorised when Discord refused the account."""
        self._ear.confirm(cursor)
        if not self._caught_up:
            await self._catch_up(int(cursor.mark) if cursor is not None and cursor.mark else None)
        await self._ear.wait(_LONG_POLL)
        if self._line.refusal:
            raise Unauthorised(self._line.refusal)
        return self._ear.updates(cursor)

    def understand(self, body: bytes, received: Received) -> tuple[Incoming, ...]:
        """What happened; see ``inbound``."""
        return inbound.understand(body, received, me=self._me, menus=commands.gives(self._introduction))

    async def toast(self, handle: Handle, text: str, *, alert: bool) -> None:  # noqa: ARG002  there is one kind of answer
        """Answer a press, seen by the presser alone. Raises PlatformError."""
        if handle.press is None:
            raise Rejected("nothing was pressed")
        if text:
            await self._dialogues.answer(handle.press, {"content": outbound.whole(text)})

    async def say(self, handle: Handle, post: Post) -> None:
        """Answer where the question was: to the presser alone, or in reply. Raises PlatformError."""
        if handle.press is not None:
            for part in outbound.parts(post, Address(""), Ground()):
                body = {name: part.parameters[name] for name in ("content", "components") if name in part.parameters}
                await self._dialogues.answer(handle.press, body)
            return
        if handle.chat is None:
            raise Rejected("there is no channel to answer in")
        for rank, part in enumerate(outbound.parts(post, handle.chat, Ground())):
            async with self.turn(handle.chat, Urgency.ANSWER):
                try:
                    await self._calls.message(part, handle.chat, "", answers=None if rank else handle.message)
                except Unavailable as error:
                    raise (Uncertain(f"said in part: {error.detail}") if rank else error) from error

    # ── PollHost ──

    async def tally(self, receipt: Receipt) -> NativeTally | None:
        """How one of our polls stands, by its voters or, once it is exact, by Discord's count. Raises PlatformError."""
        channel, number = await self._place(receipt.address, receipt.message)
        async with self._pacer.turn(receipt.address, Urgency.REFRESH, counted=False):
            return await elections.tally(self._calls, channel, number)

    async def end(self, receipt: Receipt) -> NativeTally:
        """End one of our polls; its count is final some time later. Raises PlatformError."""
        channel, number = await self._place(receipt.address, receipt.message)
        async with self._pacer.turn(receipt.address, Urgency.REFRESH, counted=False):
            await elections.end(self._calls, channel, number)
            return await elections.tally(self._calls, channel, number)

    # ── Doctor ──

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """Token, intents, scopes, channels, rights and tags."""
        await self._calls.log_in()
        filters = self.moderator.powers.filters
        found = await doctor.examine(
            self._calls.asked, addresses, self._channels, debated=self._discussions, filters=filters
        )
        self._line.unread_is_known = any(each.subject == doctor.MESSAGES and not each.ok for each in found)
        return found

    # ── hearing ──

    def _hear(self, event: str, data: dict[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            self._hear_interaction(data, f"{data.get('id', '')}:{data.get('token', '')}")
            return
        hint = inbound.hint_of(event, data, self._me)
        if hint is not None:
            self._ear.hear_once(hint)
            return
        official = standing.is_official(self._line.guild(data), data) if "guild_id" in data else None
        self._hear_words(event, data, self._line.parent(data), official)

    def _hear_interaction(self, data: dict[str, Any], press: str) -> None:
        form = forms.asked_by(data, self._introduction.forms, commands.gives(self._introduction))
        self._dialogues.heard(press)
        if form is not None and self._holding is not None:
            self._holding.create_task(self._dialogues.ask(press, form))
        if form is None or forms.is_about_a_message(data):
            self._ear.hear(inbound.written("INTERACTION_CREATE", data))

    def _hear_words(self, event: str, data: dict[str, Any], parent: str | None, official: bool | None) -> None:  # noqa: FBT001  the shape of history.Tell
        number = str(data.get("id", ""))
        said = event == "MESSAGE_CREATE"
        if (data.get("author") or {}).get("id") == self._me or (said and not self._ear.is_new(number)):
            return
        body = inbound.written(event, data, parent=parent, official=official)
        self._ear.hear(body, message=int(number) if said and number.isdecimal() else 0)

    def _session_began(self) -> None:
        """A new session: what happened since the last one is in the history only."""
        self._caught_up = False
        self._ear.wake()

    async def _catch_up(self, last: int | None) -> None:
        """Read what was written in the discussions since the last message that is stored."""
        self._caught_up = True
        if last is None:
            return
        after = ids.at(last, earlier=limits.GRACE.seconds * 1000)
        history = History(self._calls, self._account, partial(self._hear_words, "MESSAGE_CREATE"))
        try:
            await history.read({each: self._ground(each) for each in sorted(self._discussions)}, after)
        except PlatformError:
            self._caught_up = False
            raise

    # ── calls ──

    async def _begun(self, part: Part, address: Address) -> tuple[Receipt, ...]:
        """A conversation in a forum, begun once: no nonce guards it, so the one of a call just before is looked for."""
        found: tuple[Receipt, ...] = ()
        with suppress(Rejected):  # without the right to look it is begun all the same
            found = await self.find(part, before=(), since=self._clock.now() - limits.DEDUPES_FOR)
        return found[-1:] or (await self._calls.forum_post(part, address, guild=self._ground(address).guild),)

    async def _look_at(self, address: Address) -> None:
        if address in self._grounds or ids.is_person(address):
            return
        channel = await self._calls.repeatable("GET", "/channels/{channel_id}", channel_id=address)
        wanted = self._channels.get(address, ())
        self._grounds[address] = grounds.seen(channel, debated=address in self._discussions, wanted=wanted)

    def _ground(self, address: Address) -> Ground:
        known = self._grounds.get(address)
        return known or grounds.unseen(address, self._discussions, self._channels.get(address, ()))

    def _thread(self, part: Part, address: Address, before: Sequence[Receipt]) -> str | None:
        """The thread that a message goes into; the others of a conversation follow the first."""
        if "thread" in part.parameters:
            return str(part.parameters["thread"])
        return before[0].message if self._ground(address).forum else None

    async def _place(self, address: Address, message: MessageId) -> tuple[str, str]:
        """The channel or thread, and the number, of a message. A post of a forum has its thread's number."""
        return self._stands(address, message, await self._calls.channel(address))

    def _stands(self, address: Address, message: MessageId, channel: str = "") -> tuple[str, str]:
        place, number = ids.place_of(channel or address, message)
        return (number, number) if place == address and self._ground(address).forum else (place, number)
