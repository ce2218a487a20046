"""One Mastodon account behind ``core.ports.platform.Platform``.

What happens is read from the notifications, oldest first, from the last one that is stored; a stream only says when to
look. People have no buttons here: a message to the account is answered as a press is, to its author alone, by a direct
message, or by a favourite while posts are scarce.
"""

import json
import logging
import uuid
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.mastodon import aftercare, doctor, inbound, limits, memory, outbound, polls
from adapters.mastodon.bell import StreamBell
from adapters.mastodon.client import Client
from adapters.mastodon.editing import Eraser
from adapters.mastodon.errors import Missing
from adapters.mastodon.learnt import Learnt
from adapters.mastodon.limits import Limits
from adapters.mastodon.moderation import REPORTS, MastodonModerator
from adapters.mastodon.outbound import EVERYBODY, PUBLIC
from adapters.mastodon.pen import STATUSES, Pen
from adapters.mastodon.polls import Urns
from adapters.mastodon.text import split, written
from adapters.pacing import Pacer
from adapters.tls import trusting
from core.capabilities import Capabilities
from core.changes import Change
from core.delivery import Urgency
from core.errors import Rejected, Unavailable, Uncertain
from core.events import Handle, Incoming, Received
from core.identifiers import AccountName, Address, MessageId, NativePollId, PlatformName
from core.native import NativeTally
from core.ports.clock import Clock
from core.ports.platform import Cursor, Finding, Introduction, Update
from core.post import Part, Post, Receipt
from core.richtext import RichText

log = logging.getLogger("parvis.adapters.mastodon")

_KEYS = uuid.UUID("6f1c0b6e-6a55-4d3c-9d0c-6a1d6f0f5a11")  # ours: turns a delivery's key into an Idempotency-Key
_USUAL = "Mastodon's usual ones, until parvis run has read those of the server"


class MastodonAdapter:
    """An account on one server."""

    def __init__(
        self, *, account: AccountName, token: str, base_url: str, clock: Clock, ca_file: Path | None = None
    ) -> None:
        """Nothing is connected before ``open``. Raises Misconfigured when the file holds no authority."""
        self._account = account
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._token = token
        self._tls = trusting(ca_file) if ca_file is not None else None
        self._calls = Client(self._base_url, token, tls=self._tls)
        self._reads = Client(self._base_url, token, tls=self._tls)
        self._limits = Limits()
        self._pacer = Pacer(clock, limits.PACE, crowded=lambda address: address in PUBLIC)
        self._pen = Pen(self._calls, self._reads, clock)
        self._eraser = Eraser(account, self._reads, self._pen, clock)
        self._urns = Urns(self._reads, clock)
        self.moderator = MastodonModerator(self._calls, clock, lambda: self._me)
        self._bell = StreamBell("", token, tls=self._tls)
        self._me = ""
        self._since = ""  # the last notification before this account was ever listened to
        self._paged_at: datetime | None = None
        self._hears = ["mention", "poll"]

    def __repr__(self) -> str:
        """The account, never its token."""
        return f"<MastodonAdapter {self._account}>"

    @property
    def name(self) -> PlatformName:
        """Mastodon."""
        return inbound.MASTODON

    @property
    def account(self) -> AccountName:
        """The town's name for this account."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What this server can do."""
        return self._limits.capabilities

    @property
    def busy(self) -> bool:
        """Whether a call is under way or about to be made."""
        return self._calls.busy or self._reads.busy or self._pacer.busy

    async def open(self, introduction: Introduction, *, known: str | None) -> str:  # noqa: ARG002  nothing to introduce
        """Ask who we are and what the server allows; let private messages through. Raises PlatformError."""
        try:
            me = await self._reads.get("/api/v1/accounts/verify_credentials")
            instance = await self._reads.get("/api/v2/instance")
            self._me, name = str(me["id"]), str(me["acct"])
            self._limits = Limits.of(instance)
            self._pen.given(self._limits, self._me)
            await self._let_private_messages_in()
            self._hears = ["mention", "poll", *([inbound.REPORTED] if await doctor.hears_reports(self._reads) else [])]
            self._since = Learnt.read(known).since or await self._newest()
            await self._listen_to(limits.streaming(instance))
        except (KeyError, TypeError, AttributeError) as error:
            raise Unavailable(f"an answer that nobody can read: {type(error).__name__}") from error
        log.info("mastodon_opened", extra={"account": self._account, "bot": name})
        return Learnt(since=self._since, limits=self._limits).written()

    def recall(self, known: str | None) -> str:
        """Plan within the limits that the server had when the account was last opened, else within the usual ones."""
        learnt = Learnt.read(known).limits
        self._limits = learnt or Limits()
        whose = "of the server, read when the account was last opened" if learnt else _USUAL
        return f"{self._limits.said}: {whose}"

    async def resolve(self, address: Address) -> Address:
        """All public posts of the account stand in one place, however loud they are."""
        return EVERYBODY if address in PUBLIC else address

    async def keep(self) -> None:
        """Nothing is held: every request stands alone."""

    async def close(self) -> None:
        """Close the connections."""
        await self._bell.close()
        self._calls.close()
        self._reads.close()

    # ── Publisher ──

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:  # noqa: ARG002  no topics
        """The calls this post takes; see ``outbound``."""
        return outbound.parts(post, address, self._limits)

    def turn(self, address: Address, urgency: Urgency) -> AbstractAsyncContextManager[None]:
        """A turn for this place."""
        return self._pacer.turn(self._place(address), urgency)

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Make one call. A pin gives no receipt."""
        if part.call == outbound.PIN:
            if not before:
                raise Rejected("there is nothing to pin")
            await self._calls.again("POST", f"{STATUSES}/{before[0].message}/pin")
            return ()
        body = _body(part, before)
        if "poll" in body:
            body["poll"] = polls.lasting(body["poll"], self._limits, self._clock.now())
        number = str(uuid.uuid5(_KEYS, f"{self._account}:{key}")) if key else ""
        status = await self._written(body, key=number, pictures=_pictures(part))
        self._compare(body, status)
        return (self._receipt(body, status),)

    async def find(self, part: Part, *, before: Sequence[Receipt], since: datetime) -> tuple[Receipt, ...]:
        """Our posts with the words of this part. Raises PlatformError; Rejected for a pin, which may be made again."""
        if part.call != outbound.POST:
            raise Rejected("a pin cannot be looked for")
        body, pictures = _body(part, before), len(_pictures(part))
        try:
            posts = await memory.own_posts(self._reads, self._me, since)
            found = [each for each in posts if memory.may_be(each, body, pictures=pictures, since=since)]
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable(f"posts that nobody can read: {type(error).__name__}") from error
        return tuple(self._receipt(body, status) for status in found)

    # ── Editor ──

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Say it anew, in the posts of the thread that ends with this one. Raises PlatformError."""
        async with self._pacer.turn(self._place(receipt.address), Urgency.REFRESH):
            await self._eraser.rewrite(receipt.message, post, limits=self._limits, me=self._me)

    async def remove(self, chat: Address, message: MessageId, *, reason: str = "") -> None:  # noqa: ARG002  no record
        """Take one of our own posts back; other people's posts belong to them and their server. Raises Rejected."""
        try:
            status = await self._reads.get(f"{STATUSES}/{message}")
            if status["account"]["id"] != self._me:
                raise Rejected("on Mastodon nobody can remove what others wrote: report it to their server")
            await self._calls.again("DELETE", f"{STATUSES}/{message}")
        except Missing:
            return  # it is gone already

    def plan_change(self, change: Change) -> tuple[Part, ...]:
        """The calls this change takes; see ``aftercare``."""
        return aftercare.calls(change, self._limits)

    async def change(self, part: Part) -> None:
        """Make one of these calls. Raises PlatformError."""
        message = str(part.parameters["message"])
        if part.call == aftercare.EDIT:
            await self._eraser.replace(message, part.parameters, limits=self._limits)
            return
        verb, path = ("DELETE", "") if part.call == aftercare.DELETE else ("POST", "/unpin")
        with suppress(Missing):  # it is gone already
            await self._calls.again(verb, f"{STATUSES}/{message}{path}")

    # ── Listener ──

    async def fetch(self, cursor: Cursor | None) -> Sequence[Update]:
        """Ask for what came after the mark; when there is nothing, wait for the bell first."""
        mark = cursor.mark if cursor is not None and cursor.mark else self._since
        number = cursor.number if cursor is not None else 1
        page = await self._page(mark)
        if not page:
            await self._bell.wait(limits.LONGEST_WAIT.total_seconds())
            page = await self._page(mark)
        page = [await self._read_up(each) for each in page]
        return [
            Update(
                number + rank, json.dumps(each, ensure_ascii=False).encode("utf-8", "surrogatepass"), str(each["id"])
            )
            for rank, each in enumerate(page)
        ]

    def understand(self, body: bytes, received: Received) -> tuple[Incoming, ...]:
        """The event of a notification; see ``inbound``."""
        return inbound.understand(body, received, me=self._me)

    async def toast(self, handle: Handle, text: str, *, alert: bool) -> None:
        """Answer a message to its author alone; while posts are scarce, good news by a star. Raises PlatformError."""
        if handle.press is None:
            raise Rejected("nothing was said")
        if not text:
            return
        message, _, name = handle.press.partition(" ")
        if self._pen.scarce and not alert:
            await self._favour(message)
            return
        room = self._limits.longest - len(name) - 1
        said, *_ = split(written(RichText.of(text)), room, per_link=self._limits.per_link)
        body = {"status": f"{name} {said}", "visibility": "direct", "in_reply_to_id": message}
        try:
            await self._pen.write(body, key=str(uuid.uuid5(_KEYS, f"{self._account}:{handle.press}:{said}")))
        except Unavailable as error:
            if alert or error.retry_after is None:  # a star would say that all is well
                raise
            await self._favour(message)

    async def say(self, handle: Handle, post: Post) -> None:
        """Answer where the question was, in reply; in public unlisted. Raises PlatformError."""
        if handle.chat is None:
            raise Rejected("there is no place to answer in")
        before: list[Receipt] = []
        if handle.message is not None:
            before = [Receipt(address=handle.chat, message=handle.message, call=outbound.POST)]
        name = "" if handle.private else (handle.press or "").partition(" ")[2]
        parts = outbound.parts(replace(post, pinned=False), handle.chat, self._limits, calling=name)
        for rank, part in enumerate(parts):
            answering = replace(part, parameters={**part.parameters, "follows": True})
            async with self.turn(handle.chat, Urgency.ANSWER):
                try:
                    before += await self.send(answering, key="", before=before)
                except Unavailable as error:
                    raise (Uncertain(f"said in part: {error.detail}") if rank else error) from error

    # ── PollHost ──

    async def tally(self, receipt: Receipt) -> NativeTally:
        """How the poll of this post stands. Raises PlatformError."""
        try:
            return await self._urns.look(receipt)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unavailable(f"a poll that nobody can read: {type(error).__name__}") from error

    async def end(self, receipt: Receipt) -> NativeTally:
        """How it stands: a poll ends at its hour, and nobody can end it before. Raises PlatformError."""
        return await self.tally(receipt)

    # ── Doctor ──

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """Token, scopes, settings and limits."""
        return await doctor.examine(self._reads, addresses)

    # ── calls ──

    async def _page(self, mark: str) -> list[dict[str, Any]]:
        """The mentions and the ends of polls after the mark, the oldest first."""
        await self._settle()
        await self._bell.hush()
        query = {"min_id": mark, "limit": limits.MOST_NOTIFICATIONS, "types[]": self._hears}
        page = await self._reads.get("/api/v1/notifications", **query)
        told = page if isinstance(page, list) else []
        readable = [each for each in told if isinstance(each, dict) and isinstance(each.get("id"), str)]
        ordered = sorted(readable, key=lambda each: (len(each["id"]), each["id"]))
        return [await self._with_answered(each) for each in ordered]

    async def _with_answered(self, told: dict[str, Any]) -> dict[str, Any]:
        """A command given in private in answer to a post comes with that post, if it is still there."""
        about = inbound.answered_in_private(told)
        if about is None:
            return told
        try:
            return {**told, inbound.ANSWERED: await self._reads.get(f"{STATUSES}/{about}")}
        except Rejected:
            return told

    async def _read_up(self, told: dict[str, Any]) -> dict[str, Any]:
        """A notification with what it only names: of a report the posts, and never who made it."""
        if told.get("type") != inbound.REPORTED:
            return told
        number = str((told.get("report") or {}).get("id"))
        try:
            report = await self._reads.get(f"{REPORTS}/{number}")
        except Missing:
            report = {}
        return inbound.without_reporter(told, report, f"{self._base_url}/admin/reports/{number}")

    async def _settle(self) -> None:
        """Leave servers time between two pages; what happens meanwhile is in the next one."""
        now, last = self._clock.now(), self._paged_at
        if last is not None and last <= now < last + limits.SETTLES:
            await self._clock.sleep_until(last + limits.SETTLES)
        self._paged_at = self._clock.now()

    async def _newest(self) -> str:
        newest = await self._reads.get("/api/v1/notifications", limit=1)
        return str(newest[0]["id"]) if newest else "0"

    async def _listen_to(self, url: str) -> None:
        if self._base_url.startswith("http:"):  # a server on this machine: GoToSocial says wss all the same
            url = url.replace("wss:", "ws:", 1)
        await self._bell.close()
        self._bell = StreamBell(url, self._token, tls=self._tls)

    async def _let_private_messages_in(self) -> None:
        """By default a server hides private messages of strangers: no ballot would ever arrive."""
        try:
            await self._calls.again("PATCH", "/api/v2/notifications/policy", {"for_private_mentions": "accept"})
        except Missing:  # servers without a policy hide nothing
            log.info("no_notification_policy", extra={"account": self._account})
        except Rejected as error:
            log.warning("private_messages_may_be_hidden", extra={"account": self._account, "detail": error.detail})

    async def _written(self, body: dict[str, Any], *, key: str, pictures: Any) -> dict[str, Any]:
        try:
            return await self._pen.write(body, key=key, pictures=pictures)
        except Unavailable as error:
            if error.retry_after is not None:
                self._pacer.pause(EVERYBODY, self._clock.now() + error.retry_after)
            raise

    async def _favour(self, message: str) -> None:
        await self._calls.again("POST", f"{STATUSES}/{message}/favourite")

    def _place(self, address: Address) -> Address:
        return EVERYBODY if address in PUBLIC else address

    def _receipt(self, body: dict[str, Any], status: dict[str, Any]) -> Receipt:
        """Where a post stands, and the poll that it got; some servers leave that out without a word."""
        told = status.get("poll")
        if "poll" in body and not told:
            log.warning("poll_left_out", extra={"account": self._account, "post": status["id"]})
        poll = NativePollId(str(told["id"])) if told else None
        link = str(status.get("url") or "") if body["visibility"] != "direct" else ""
        return Receipt(address=_home(body), message=MessageId(status["id"]), call=outbound.POST, poll=poll, link=link)

    def _compare(self, body: dict[str, Any], status: dict[str, Any]) -> None:
        """A limited account's public posts are unlisted without a word."""
        if status.get("visibility") != body["visibility"]:
            detail = f"asked for {body['visibility']}, got {status.get('visibility')}: ask the server's moderators"
            log.warning("less_visible_than_asked", extra={"account": self._account, "detail": detail})


def _body(part: Part, before: Sequence[Receipt]) -> dict[str, Any]:
    """What is posted, but for its pictures."""
    body = {name: value for name, value in part.parameters.items() if name not in {"pictures", "follows"}}
    if part.parameters.get("follows") and before:
        body["in_reply_to_id"] = before[-1].message
    return body


def _pictures(part: Part) -> Any:
    return part.parameters.get("pictures", ())


def _home(body: dict[str, Any]) -> Address:
    """Where a post stands: with the person it is for, else where all public posts do."""
    return Address(body["status"].split(maxsplit=1)[0]) if body["visibility"] == "direct" else EVERYBODY
