"""One Mastodon account behind ``core.ports.platform.Platform``.

What happens is read from the notifications, oldest first, from the last one that is stored; a stream only says when to
look. People have no buttons here: a message to the account is answered as a press is, to its author alone, by a direct
message, or by a favourite while posts are scarce.
"""

import json
import logging
import ssl
import uuid
from collections import deque
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.mastodon import doctor, inbound, limits, outbound
from adapters.mastodon.bell import StreamBell
from adapters.mastodon.client import Client
from adapters.mastodon.limits import Limits
from adapters.mastodon.outbound import EVERYBODY, PUBLIC
from adapters.mastodon.text import written
from adapters.pacing import Pacer
from core.capabilities import Capabilities
from core.delivery import Urgency
from core.errors import Rejected, Unauthorised, Unavailable, Uncertain
from core.events import Handle, Incoming, Received
from core.identifiers import AccountName, Address, MessageId, PlatformName
from core.ports.clock import Clock
from core.ports.platform import Cursor, Finding, Introduction, Update
from core.post import Part, Post, Receipt
from core.richtext import RichText

log = logging.getLogger("parvis.adapters.mastodon")

_KEYS = uuid.UUID("6f1c0b6e-6a55-4d3c-9d0c-6a1d6f0f5a11")  # ours: turns a delivery's key into an Idempotency-Key
_INTRODUCED = "mastodon:1"  # there are no menus to set


class MastodonAdapter:
    """An account on one server."""

    def __init__(
        self, *, account: AccountName, token: str, base_url: str, clock: Clock, ca_file: Path | None = None
    ) -> None:
        """Nothing is connected before ``open``."""
        self._account = account
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._token = token
        self._tls = ssl.create_default_context(cafile=ca_file) if ca_file is not None else None
        self._calls = Client(self._base_url, token, ca_file=ca_file)
        self._reads = Client(self._base_url, token, ca_file=ca_file)
        self._limits = Limits()
        self._pacer = Pacer(clock, limits.PACE, crowded=lambda address: address in PUBLIC)
        self._posted: deque[datetime] = deque(maxlen=limits.MOST_POSTS.calls)
        self._bell = StreamBell("", token, tls=self._tls)
        self._me = ""
        self._since = ""  # the last notification before this account was ever listened to
        self._under_way = 0

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
        return self._under_way > 0 or self._pacer.busy

    async def open(self, introduction: Introduction, *, known: str | None) -> str:  # noqa: ARG002  nothing to introduce
        """Ask who we are and what the server allows; let private messages through. Raises PlatformError."""
        me = await self._asked("GET", "/api/v1/accounts/verify_credentials")
        instance = await self._asked("GET", "/api/v2/instance")
        self._me = str(me["id"])
        self._limits = Limits.of(instance)
        await self._let_private_messages_in()
        newest = await self._asked("GET", "/api/v1/notifications", limit=1)
        self._since = str(newest[0]["id"]) if newest else "0"
        streaming = instance.get("configuration", {}).get("urls", {}).get("streaming", "")
        await self._bell.close()
        if self._base_url.startswith("http:"):  # a server on this machine: GoToSocial says wss all the same
            streaming = streaming.replace("wss:", "ws:", 1)
        self._bell = StreamBell(streaming, self._token, tls=self._tls)
        log.info("mastodon_opened", extra={"account": self._account, "bot": me["acct"]})
        return _INTRODUCED

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
            await self._repeatable("POST", f"/api/v1/statuses/{before[0].message}/pin")
            return ()
        body = {name: value for name, value in part.parameters.items() if name not in {"pictures", "follows"}}
        pictures: Any = part.parameters.get("pictures", ())
        if pictures:
            body["media_ids"] = [await self._uploaded(each["path"], each["description"]) for each in pictures]
        if part.parameters.get("follows"):
            body["in_reply_to_id"] = before[-1].message
        status = await self._post(body, key=str(uuid.uuid5(_KEYS, f"{self._account}:{key}")) if key else "")
        self._compare(body, status)
        return (Receipt(address=_home(body), message=MessageId(str(status["id"])), call=outbound.POST),)

    # ── Editor ──

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Say it anew, with all that stood there: what an edit leaves out is erased."""
        text = outbound.full(post, receipt.address, self._limits)
        path = f"/api/v1/statuses/{receipt.message}"
        async with self._pacer.turn(self._place(receipt.address), Urgency.REFRESH):
            stands = await self._asked("GET", path)
            source = await self._asked("GET", f"{path}/source")
            if source.get("text") == text:
                return
            body = {
                "status": text,
                "spoiler_text": source.get("spoiler_text", ""),
                "sensitive": bool(stands.get("sensitive")),
                "language": post.locale.value if post.locale is not None else stands.get("language"),
                "media_ids": [each["id"] for each in stands.get("media_attachments", ())],
            }
            await self._repeatable("PUT", path, body)
            self._posted.append(self._clock.now())  # an edit costs as much as a post

    async def remove(self, chat: Address, message: MessageId) -> None:  # noqa: ARG002  the server knows where it stands
        """Take one of our own posts back; other people's posts belong to them and their server. Raises Rejected."""
        try:
            status = await self._asked("GET", f"/api/v1/statuses/{message}")
        except Rejected:
            return  # it is gone already
        if status["account"]["id"] != self._me:
            raise Rejected("on Mastodon nobody can remove what others wrote: report it to their server")
        await self._repeatable("DELETE", f"/api/v1/statuses/{message}")

    # ── Listener ──

    async def fetch(self, cursor: Cursor | None) -> Sequence[Update]:
        """Ask for what came after the mark; when there is nothing, wait for the bell first."""
        mark = cursor.mark if cursor is not None and cursor.mark else self._since
        number = cursor.number if cursor is not None else 1
        page = await self._page(mark)
        if not page:
            await self._bell.wait(limits.LONGEST_WAIT.total_seconds())
            page = await self._page(mark)
        return [
            Update(
                number + rank, json.dumps(each, ensure_ascii=False).encode("utf-8", "surrogatepass"), str(each["id"])
            )
            for rank, each in enumerate(page)
        ]

    def understand(self, body: bytes, received: Received) -> tuple[Incoming, ...]:
        """The event of a notification; see ``inbound``."""
        return inbound.understand(body, received, me=self._me)

    async def toast(self, handle: Handle, text: str, *, alert: bool) -> None:  # noqa: ARG002  there is one way to say it
        """Answer a message to its author alone. Raises PlatformError."""
        if handle.press is None:
            raise Rejected("nothing was said")
        if not text:
            return
        message, _, name = handle.press.partition(" ")
        if self._scarce():
            await self._repeatable("POST", f"/api/v1/statuses/{message}/favourite")
            return
        said = written(RichText.of(text))
        body = {"status": f"{name} {said}", "visibility": "direct", "in_reply_to_id": message}
        await self._post(body, key=str(uuid.uuid5(_KEYS, f"{self._account}:{handle.press}:{said}")))

    async def say(self, handle: Handle, post: Post) -> None:
        """Answer where the question was, in reply; in public unlisted. Raises PlatformError."""
        if handle.chat is None:
            raise Rejected("there is no place to answer in")
        before: list[Receipt] = []
        if handle.message is not None:
            before = [Receipt(address=handle.chat, message=handle.message, call=outbound.POST)]
        for rank, part in enumerate(self.plan(replace(post, pinned=False), handle.chat)):
            answering = _answering(part, handle, follows=bool(before), first=not rank)
            async with self.turn(handle.chat, Urgency.ANSWER):
                try:
                    before += await self.send(answering, key="", before=before)
                except Unavailable as error:
                    raise (Uncertain(f"said in part: {error.detail}") if rank else error) from error

    # ── Doctor ──

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """Token, scopes, settings and limits."""
        return await doctor.examine(self._reads, addresses)

    # ── calls ──

    async def _page(self, mark: str) -> list[dict[str, Any]]:
        """The mentions after the mark, the oldest first."""
        query = {"min_id": mark, "limit": limits.MOST_NOTIFICATIONS, "types[]": "mention"}
        page: list[dict[str, Any]] = await self._asked("GET", "/api/v1/notifications", **query)
        return list(reversed(page))

    async def _let_private_messages_in(self) -> None:
        """By default a server hides private messages of strangers: no ballot would ever arrive."""
        try:
            await self._repeatable("PATCH", "/api/v2/notifications/policy", {"for_private_mentions": "accept"})
        except Unauthorised:
            raise
        except Rejected as error:  # servers without a policy hide nothing
            log.info("no_notification_policy", extra={"account": self._account, "detail": error.detail})

    async def _uploaded(self, path: str, description: str) -> str:
        try:
            async with self._at_work():
                return await self._calls.upload(Path(path), description)
        except OSError as error:
            raise Rejected(f"{Path(path).name}: {error.strerror}") from error
        except Uncertain as error:  # a picture that nobody posts is no post
            raise Unavailable(error.detail) from error

    async def _post(self, body: dict[str, Any], *, key: str) -> dict[str, Any]:
        try:
            async with self._at_work():
                status: dict[str, Any] = await self._calls.send("POST", "/api/v1/statuses", body, key=key)
        except Unavailable as error:
            if error.retry_after is not None:
                until = self._clock.now() + error.retry_after
                self._pacer.pause(EVERYBODY, until)
            raise
        self._posted.append(self._clock.now())
        return status

    async def _repeatable(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A call that may be made again without harm, so that a lost answer means: later."""
        try:
            async with self._at_work():
                return await self._calls.send(verb, path, body)
        except Uncertain as error:
            raise Unavailable(error.detail) from error

    async def _asked(self, verb: str, path: str, **query: Any) -> Any:
        try:
            async with self._at_work():
                return await self._reads.get(path, **query) if verb == "GET" else await self._reads.send(verb, path)
        except Uncertain as error:
            raise Unavailable(error.detail) from error

    def _at_work(self) -> AbstractAsyncContextManager[None]:
        return _Counted(self)

    def _scarce(self) -> bool:
        """Whether the posts that are left are kept for what the town publishes."""
        since = self._clock.now() - limits.MOST_POSTS.period
        return sum(at > since for at in self._posted) >= limits.MOST_POSTS.calls - limits.SPARED

    def _place(self, address: Address) -> Address:
        return EVERYBODY if address in PUBLIC else address

    def _compare(self, body: dict[str, Any], status: dict[str, Any]) -> None:
        """A limited account's public posts are unlisted without a word."""
        if status.get("visibility") != body["visibility"]:
            detail = f"asked for {body['visibility']}, got {status.get('visibility')}: ask the server's moderators"
            log.warning("less_visible_than_asked", extra={"account": self._account, "detail": detail})


class _Counted:
    """Counts the calls under way."""

    def __init__(self, adapter: MastodonAdapter) -> None:
        self._adapter = adapter

    async def __aenter__(self) -> None:
        self._adapter._under_way += 1  # noqa: SLF001  the adapter's own

    async def __aexit__(self, *_: object) -> None:
        self._adapter._under_way -= 1  # noqa: SLF001


def _answering(part: Part, handle: Handle, *, follows: bool, first: bool) -> Part:
    """The part as an answer: in public unlisted, and calling the author, who else would not hear of it."""
    changed: dict[str, object] = {**part.parameters, "follows": follows}
    if not handle.private:
        _, _, name = (handle.press or "").partition(" ")
        changed["visibility"] = "unlisted"
        changed["status"] = f"{name} {part.text}".strip() if first else part.text
    return replace(part, parameters=changed)


def _home(body: dict[str, Any]) -> Address:
    """Where a post stands: with the person it is for, else where all public posts do."""
    return Address(body["status"].split(maxsplit=1)[0]) if body["visibility"] == "direct" else EVERYBODY
