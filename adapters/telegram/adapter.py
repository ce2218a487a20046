"""One Telegram bot account behind ``core.ports.platform.Platform``.

The hot path (hearing presses, answering them) goes to the request directly and builds no object of
python-telegram-bot; everything else is its ``Bot``.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from telegram import Bot, Message
from telegram.error import TelegramError

from adapters.pacing import Pace, Pacer
from adapters.telegram import aftercare, doctor, inbound, limits, outbound
from adapters.telegram.calls import Calls
from adapters.telegram.envelope import updates_in
from adapters.telegram.errors import as_ours, is_done_already
from adapters.telegram.identity import Identity, link_key
from adapters.telegram.introduction import introduce
from adapters.telegram.markup import shortened
from adapters.telegram.moderation import TelegramModerator
from adapters.telegram.officials import Officials
from adapters.telegram.request import AiohttpRequest
from core.capabilities import Capabilities
from core.changes import Change
from core.delivery import Urgency
from core.errors import PlatformError, Rejected, Rival, Unavailable, Uncertain
from core.events import Handle, Incoming, Received
from core.folding import clean
from core.identifiers import AccountName, Address, MessageId, NativePollId, PlatformName
from core.native import NativeTally
from core.ports.clock import Clock
from core.ports.platform import Cursor, Finding, Introduction, Update
from core.post import Part, Post, Receipt

log = logging.getLogger("parvis.adapters.telegram")

T = TypeVar("T")
_TRIES = 3  # of an answer that was told to slow down
_REMEMBERED = 512  # bubbles: few sentences, said many times


class TelegramAdapter:
    """A bot account. ``discussions`` are the groups whose officials must be known before anybody is judged there."""

    def __init__(
        self,
        *,
        account: AccountName,
        token: str,
        base_url: str,
        clock: Clock,
        discussions: Collection[Address] = (),
        ca_file: Path | None = None,
        pace: Pace = limits.PACE,
        long_poll: timedelta = limits.LONG_POLL,
        answer: timedelta = limits.ANSWER,
    ) -> None:
        """Nothing is connected before ``open``. Raises Misconfigured for a certificate authority that is none."""
        logging.getLogger("telegram").setLevel(logging.WARNING)  # below, it writes the token and people's words
        self._account = account
        self._clock = clock
        self._long_poll = long_poll
        self._url = f"{base_url.rstrip('/')}/bot{token}"
        self._request = AiohttpRequest(base_url, ca_file=ca_file, answer=answer)
        self._bot = Bot(
            token, base_url=f"{base_url.rstrip('/')}/bot", request=self._request, get_updates_request=self._request
        )
        self._me = Identity(key=link_key(token))
        self._numbers: dict[Address, Address] = {}  # of chats that the town calls by name
        self._pacer = Pacer(clock, pace, crowded=lambda address: address.startswith(limits.CROWDS))
        self._calls = Calls(self._bot, clock)
        self._officials = Officials(self._bot, clock, discussions)
        self.moderator = TelegramModerator(self._bot, self._repeatable, self._pacer, clock)
        self._bubble = lru_cache(_REMEMBERED)(_bubble)

    def __repr__(self) -> str:
        """The account, never its token."""
        return f"<TelegramAdapter {self._account}>"

    @property
    def name(self) -> PlatformName:
        """Telegram."""
        return inbound.TELEGRAM

    @property
    def account(self) -> AccountName:
        """The town's name for this account."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What Telegram can do."""
        return limits.CAPABILITIES

    @property
    def busy(self) -> bool:
        """Whether a call is under way or about to be made; a long poll is rest."""
        return self._request.pending > 0 or self._pacer.busy

    async def open(self, introduction: Introduction, *, known: str | None) -> str:
        """Ask who we are, and set the menus when they changed. Raises PlatformError."""
        await self._request.initialize()
        me = await self._asked(self._bot.get_me)
        self._me = replace(self._me, id=me.id, username=me.username or "")
        digest = await self._asked(lambda: introduce(self._bot, introduction, known=known))
        await self._officials.open()
        log.info("telegram_opened", extra={"account": self._account, "bot": me.username})
        return digest

    def recall(self, known: str | None) -> str:  # noqa: ARG002  limits are the same everywhere
        """Nothing to recall."""
        return ""

    async def resolve(self, address: Address) -> Address:
        """The chat's number; those who speak for it are asked about from now on. Raises PlatformError."""
        if address.startswith("@") and address not in self._numbers:
            chat = await self._asked(lambda: self._bot.get_chat(address))
            self._numbers[address] = Address(str(chat.id))
        number = self._number(address)
        self._officials.follow(number)
        return number

    async def keep(self) -> None:
        """Nothing is held: every request stands alone."""

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    # ── Publisher ──

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:
        """The calls this post takes; see ``outbound``."""
        return outbound.parts(post, address, topic=topic, me=self._me)

    def turn(self, address: Address, urgency: Urgency) -> AbstractAsyncContextManager[None]:
        """A turn in this chat."""
        return self._pacer.turn(self._number(address), urgency)

    async def send(
        self,
        part: Part,
        *,
        key: str,  # noqa: ARG002  Telegram takes no idempotency key
        before: Sequence[Receipt],
    ) -> tuple[Receipt, ...]:
        """Make one call. An album gives a receipt for each picture, a pin none."""
        address = Address(str(part.parameters["chat_id"]))
        messages = await self._made(part.call, address, lambda: self._calls.make(part, before=before)) or ()
        receipts = tuple(_receipt(sent, part) for sent in messages)
        if receipts:
            if receipts[0].address != address:
                self._numbers[address] = receipts[0].address
            self._pacer.spend(self._number(address), len(receipts) - 1)  # Telegram counts an album by its pictures
        return receipts

    async def find(self, part: Part, *, before: Sequence[Receipt], since: datetime) -> tuple[Receipt, ...]:  # noqa: ARG002  of the port
        """Nothing can be looked for. Raises Rejected."""
        raise Rejected("Telegram shows no bot what it wrote")

    # ── Editor ──

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Change text and buttons in place; nothing when Telegram finds nothing to change."""
        part = outbound.change(post, receipt, self._me)
        async with self.turn(receipt.address, Urgency.REFRESH):
            await self._repeatable(part.call, receipt.address, lambda: self._calls.make(part))

    async def remove(self, chat: Address, message: MessageId, *, reason: str = "") -> None:  # noqa: ARG002  no record
        """Delete a message; Telegram lets nobody delete what is older than 48 hours."""
        async with self._pacer.turn(self._number(chat), Urgency.MODERATION, counted=False):
            await self._repeatable("deleteMessage", chat, lambda: self._bot.delete_message(chat, int(message)))

    def plan_change(self, change: Change) -> tuple[Part, ...]:
        """The calls this change takes; see ``aftercare``."""
        return aftercare.calls(change, self._me)

    async def change(self, part: Part) -> None:
        """Make one of these calls; nothing when it is so already. Raises PlatformError."""
        address = Address(str(part.parameters["chat_id"]))
        await self._repeatable(part.call, address, lambda: self._calls.make(part))

    # ── Listener ──

    async def fetch(self, cursor: Cursor | None) -> Sequence[Update]:
        """Poll once. Who is official in the discussions that somebody writes in is asked before this returns."""
        await self._officials.refresh()
        fields = {
            "timeout": str(int(self._long_poll.total_seconds())),
            "limit": str(limits.MOST_UPDATES),
            "allowed_updates": limits.ALLOWED_UPDATES_JSON,
        }
        if cursor is not None:
            fields["offset"] = str(cursor.number)
        updates = updates_in(await self._polled(fields))
        await self._officials.prepare(updates)
        return updates

    def understand(self, body: bytes, received: Received) -> tuple[Incoming, ...]:
        """The events of an update; see ``inbound``."""
        return inbound.understand(body, received, me=self._me, officials=self._officials.by_chat)

    async def toast(self, handle: Handle, text: str, *, alert: bool) -> None:
        """Answer a press, without a turn: Telegram counts these apart. Raises PlatformError."""
        if handle.press is None:
            raise Rejected("nothing was pressed")
        fields = {"callback_query_id": handle.press, "text": self._bubble(text)}
        if alert:
            fields["show_alert"] = "true"
        try:
            await self._request.ask(f"{self._url}/answerCallbackQuery", fields)
        except TelegramError as error:
            if is_done_already("answerCallbackQuery", error):
                log.debug("press_too_old", extra={"account": self._account})
                return
            raise as_ours(error) from None

    async def say(self, handle: Handle, post: Post) -> None:
        """Answer in the chat, in groups as a reply. Slowed down, it waits and tries again.

        Raises PlatformError; Uncertain also when only a part is out, for then it must not be repeated.
        """
        if handle.chat is None:
            raise Rejected("there is no chat to answer in")
        said: list[Receipt] = []
        for part in self.plan(replace(post, pinned=False), handle.chat, topic=handle.topic):
            try:
                said += await self._said(_replying(part, handle, first=not said), handle.chat, said)
            except Unavailable as error:
                raise (Uncertain(f"said in part: {error.detail}") if said else error) from error

    # ── PollHost ──

    async def tally(self, receipt: Receipt) -> NativeTally | None:  # noqa: ARG002  of the port
        """Nothing: Telegram tells totals by itself, in updates, and nobody can ask for them while a poll is open."""
        return None

    async def end(self, receipt: Receipt) -> NativeTally:
        """Stop the poll. When it closed by itself, its totals come in an update."""
        async with self.turn(receipt.address, Urgency.CAMPAIGN):
            stopped = await self._repeatable(
                "stopPoll", receipt.address, lambda: self._bot.stop_poll(receipt.address, int(receipt.message))
            )
        if stopped is None:
            return NativeTally(counts=None)
        counts = tuple(option.voter_count for option in stopped.options)
        return NativeTally(counts=counts, voters=stopped.total_voter_count, final=True)

    # ── Doctor ──

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """Token, webhook, privacy mode and rights."""
        await self._request.initialize()
        return await doctor.examine(self._bot, addresses)

    async def _said(self, part: Part, chat: Address, before: Sequence[Receipt]) -> tuple[Receipt, ...]:
        tries = 0
        while True:
            tries += 1
            async with self.turn(chat, Urgency.ANSWER):
                try:
                    return await self.send(part, key="", before=before)
                except Unavailable as error:
                    if error.retry_after is None or tries == _TRIES:
                        raise

    async def _polled(self, fields: Mapping[str, str]) -> bytes:
        try:
            return await self._request.wait(f"{self._url}/getUpdates", fields, longest=self._long_poll)
        except TelegramError as error:
            ours = as_ours(error)
        if isinstance(ours, Rival) and "webhook" in ours.detail.lower():
            await self._asked(self._bot.delete_webhook)
            log.warning("webhook_removed", extra={"account": self._account})
            raise Unavailable("a webhook was set; it is removed now")
        raise Unavailable(ours.detail) if isinstance(ours, Uncertain) else ours

    async def _repeatable(self, call: str, address: Address, make: Callable[[], Awaitable[T]]) -> T | None:
        """A call that may be made again without harm, so that a lost answer means: later."""
        try:
            return await self._made(call, address, make)
        except Uncertain as error:
            raise Unavailable(error.detail) from error

    def _number(self, address: Address) -> Address:
        return self._numbers.get(address, address)

    async def _asked(self, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            return await ask()
        except (TelegramError, TypeError, KeyError, ValueError) as error:
            ours = as_ours(error)
        raise Unavailable(ours.detail) if isinstance(ours, Uncertain) else ours

    async def _made(self, call: str, address: Address, make: Callable[[], Awaitable[T]]) -> T | None:
        """The result of a call; None when what it asked for was so already. Raises PlatformError."""
        try:
            return await make()
        except PlatformError:
            raise
        except (TelegramError, TypeError, KeyError, ValueError, AttributeError) as error:
            if is_done_already(call, error):
                return None
            ours = as_ours(error)
        if isinstance(ours, Unavailable) and ours.retry_after is not None:
            self._pacer.pause(self._number(address), self._clock.now() + ours.retry_after)
        raise ours


def _receipt(sent: Message, part: Part) -> Receipt:
    return Receipt(
        address=Address(str(sent.chat_id)),
        message=MessageId(str(sent.message_id)),
        call=part.call,
        poll=None if sent.poll is None else NativePollId(sent.poll.id),
        link=sent.link or "",
    )


def _bubble(text: str) -> str:
    return shortened(clean(text), limits.LONGEST_TOAST)


def _replying(part: Part, handle: Handle, *, first: bool) -> Part:
    if not first or handle.private or handle.message is None:
        return part
    reply = {"message_id": int(handle.message), "allow_sending_without_reply": True}
    return replace(part, parameters={**part.parameters, "reply_parameters": reply})
