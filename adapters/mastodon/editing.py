"""Changes posts that are out. An edit replaces everything: what it leaves out is erased, so all of it is said again."""

import logging
from collections.abc import Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any

from adapters.mastodon import outbound, polls
from adapters.mastodon.client import Client
from adapters.mastodon.errors import Missing
from adapters.mastodon.limits import Limits
from adapters.mastodon.pen import STATUSES, Pen
from core.errors import Gone, Rejected
from core.identifiers import AccountName, Locale
from core.ports.clock import Clock
from core.post import Post
from core.richtext import RichText

log = logging.getLogger("parvis.adapters.mastodon")

_LONGEST_THREAD = 10  # posts that an edit looks for


class Eraser:
    """Edits for one account. ``reads`` looks at what stands."""

    def __init__(self, account: AccountName, reads: Client, pen: Pen, clock: Clock) -> None:
        self._account = account
        self._reads = reads
        self._pen = pen
        self._clock = clock

    async def rewrite(self, message: str, post: Post, *, limits: Limits, me: str) -> None:
        """Say it anew, in the posts of the thread that ends with this one. Raises PlatformError."""
        thread = await self._thread(message, me)
        sources = [await self._reads.get(f"{STATUSES}/{each['id']}/source") for each in thread]
        name = _named(thread[0], sources[0])
        warning = max(len(str(each.get("spoiler_text", ""))) for each in sources)  # counts in full
        texts = outbound.texts(post, limits, name=name, warning=warning)
        if not texts:
            raise Rejected("there is nothing to say in this post")
        if len(texts) > len(thread):
            log.warning("edited_in_part", extra={"account": self._account, "post": message})
        for stands, source, text in zip(thread, sources, texts, strict=False):
            if stands.get("poll") and post.poll is not None:
                polls.refuse_other_options(stands["poll"], post.poll)
            said = f"{name} {text}".strip()
            if source.get("text") != said:
                await self._pen.change(stands["id"], self._whole(stands, source, said, post, limits))

    async def replace(self, message: str, said: Mapping[str, Any], *, limits: Limits) -> None:
        """Let one post say this, as ``aftercare`` writes it. Raises PlatformError; Gone when it is not there."""
        try:
            stands = await self._reads.get(f"{STATUSES}/{message}")
            source = await self._reads.get(f"{STATUSES}/{message}/source")
        except Missing as error:
            raise Gone(error.detail) from error
        attached = stands.get("media_attachments", ())
        there = [each["id"] for each in attached]
        kept = _kept(attached, said) if "pictures" in said else there
        if source.get("text") != said["status"] or kept != there:
            language = said.get("language")
            post = Post(text=RichText(), locale=None if language is None else Locale(language))
            body = self._whole(stands, source, str(said["status"]), post, limits)
            await self._pen.change(message, {**body, "media_ids": kept}, pictures=said.get("pictures", ()))

    async def _thread(self, message: str, me: str) -> list[dict[str, Any]]:
        """Our posts from the first of the thread to this one."""
        thread = [await self._reads.get(f"{STATUSES}/{message}")]
        while len(thread) < _LONGEST_THREAD and thread[0].get("in_reply_to_account_id") == me:
            thread.insert(0, await self._reads.get(f"{STATUSES}/{thread[0]['in_reply_to_id']}"))
        return thread

    def _whole(
        self, stands: dict[str, Any], source: dict[str, Any], text: str, post: Post, limits: Limits
    ) -> dict[str, Any]:
        """A text with all else that stood there."""
        body = {
            "status": text,
            "spoiler_text": source.get("spoiler_text", ""),
            "sensitive": bool(stands.get("sensitive")),
            "language": post.locale.value if post.locale is not None else stands.get("language"),
            "media_ids": [each["id"] for each in stands.get("media_attachments", ())],
        }
        if stands.get("poll"):
            body["poll"] = polls.kept(stands["poll"], post.poll, limits, self._clock.now())
        return body


def _kept(attached: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> list[str | None]:
    """The id of each picture that a post is to have and has already, None for one that must be sent."""
    beside = zip_longest(said["pictures"], said["shown"], attached)
    return [_id_of(*each) for each in islice(beside, len(said["pictures"]))]


def _id_of(wanted: Mapping[str, str], shown: Mapping[str, str] | None, stands: Mapping[str, Any] | None) -> str | None:
    if shown is None or stands is None or shown["path"] != wanted["path"]:
        return None
    return str(stands["id"]) if stands.get("description") == wanted["description"] else None


def _named(stands: dict[str, Any], source: dict[str, Any]) -> str:
    """Whom a post is for, when it is for one person: without their name it would be for nobody."""
    first = str(source.get("text", "")).split(maxsplit=1)[:1]
    return first[0] if stands.get("visibility") == "direct" and first and first[0].startswith("@") else ""
