"""Writes posts: within what is left of the server's patience, and never twice when an answer is lost.

A server that knows repeated keys is asked again with the same one (``core.delivery``). On any other, our own last posts
are looked through: one with these very words, made since, is the one whose answer was lost.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.mastodon import limits
from adapters.mastodon.client import Client
from adapters.mastodon.limits import Limits
from adapters.mastodon.memory import may_be
from core.errors import PlatformError, Unavailable, Uncertain
from core.ports.clock import Clock

STATUSES = "/api/v1/statuses"


class Pen:
    """Writes for one account. ``reads`` looks for what may have been written."""

    def __init__(self, calls: Client, reads: Client, clock: Clock) -> None:
        self._calls = calls
        self._reads = reads
        self._clock = clock
        self._limits = Limits()
        self._me = ""
        self._written: deque[datetime] = deque(maxlen=limits.MOST_POSTS.calls)
        self._known: deque[str] = deque(maxlen=limits.LOOKED_THROUGH)
        self._not_before: datetime | None = None
        self._unused: dict[tuple[str, str], str] = {}

    def given(self, known: Limits, me: str) -> None:
        """Write for this account, within these limits."""
        self._limits, self._me = known, me

    @property
    def scarce(self) -> bool:
        """Whether the posts that are left are kept for what the town publishes."""
        if self._pause() is not None or self._calls.left < limits.SPARED:
            return True
        since = self._clock.now() - limits.MOST_POSTS.period
        return sum(at > since for at in self._written) >= limits.MOST_POSTS.calls - limits.SPARED

    async def write(self, body: Mapping[str, Any], *, key: str, pictures: Any = ()) -> dict[str, Any]:
        """Publish, with these pictures; the post as the server gives it. Raises PlatformError."""
        self._refuse_while_told_to_wait()
        uploaded: dict[tuple[str, str], str] = {}
        try:
            await self._upload(pictures, uploaded)
            whole = {**body, "media_ids": list(uploaded.values())} if uploaded else body
            return await self._written_once(whole, key)
        except Unavailable:
            self._unused |= uploaded  # servers take few pictures: the next try has these already
            raise

    async def change(self, message: str, body: Mapping[str, Any], *, pictures: Any = ()) -> None:
        """Put this in place of a post. Raises PlatformError, but not Uncertain.

        A ``media_ids`` that is None is that of the picture of the same rank, which is sent first.
        """
        self._refuse_while_told_to_wait()
        kept = body.get("media_ids", ())
        names = [(each["path"], each["description"]) for each in pictures]
        uploaded: dict[tuple[str, str], str] = {}
        await self._upload([pictures[rank] for rank, known in enumerate(kept) if known is None], uploaded)
        whole = {**body, "media_ids": [known or uploaded[names[rank]] for rank, known in enumerate(kept)]}
        try:
            self._spent(_post(await self._call("PUT", f"{STATUSES}/{message}", whole, "")))
        except Uncertain as error:
            raise Unavailable(error.detail) from error

    async def _upload(self, pictures: Any, uploaded: dict[tuple[str, str], str]) -> None:
        for each in pictures:
            name = (each["path"], each["description"])
            known = self._unused.pop(name, None)
            uploaded[name] = known or await self._calls.upload(
                Path(name[0]), name[1], largest=self._limits.largest_picture
            )

    async def _written_once(self, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        began = self._clock.now()
        try:
            status = _post(await self._call("POST", STATUSES, body, key))
        except Uncertain:
            found = await self._found(body, since=began)
            if found is None:
                raise
            status = found
        self._spent(status)
        return status

    async def _call(self, verb: str, path: str, body: Mapping[str, Any], key: str) -> Any:
        self._refuse_while_told_to_wait()
        try:
            return await self._calls.send(verb, path, body, key=key)
        except Unavailable as error:
            if error.retry_after is not None:
                self._not_before = self._clock.now() + error.retry_after
            raise

    def _refuse_while_told_to_wait(self) -> None:
        pause = self._pause()
        if pause is not None:
            raise Unavailable("the server said to wait", retry_after=pause)

    def _pause(self) -> timedelta | None:
        """How long the server still asked not to be written to."""
        left = self._not_before - self._clock.now() if self._not_before is not None else timedelta(0)
        return left if left > timedelta(0) else None

    def _spent(self, status: Mapping[str, Any]) -> None:
        self._written.append(self._clock.now())  # an edit costs as much as a post
        self._known.append(status["id"])

    async def _found(self, body: Mapping[str, Any], *, since: datetime) -> dict[str, Any] | None:
        """Our post with these words, made since then, when it is out."""
        if self._limits.repeats_known:
            return None
        try:
            latest = await self._reads.get(f"/api/v1/accounts/{self._me}/statuses", limit=limits.LOOKED_THROUGH)
            fresh = (each for each in latest if each["id"] not in self._known)
            pictures = len(body.get("media_ids", ()))
            return next((each for each in fresh if may_be(each, body, pictures=pictures, since=since)), None)
        except (PlatformError, KeyError, TypeError, ValueError):
            return None


def _post(status: Any) -> dict[str, Any]:
    if not isinstance(status, dict) or not isinstance(status.get("id"), str):
        raise Uncertain("an answer that is no post")
    return status
