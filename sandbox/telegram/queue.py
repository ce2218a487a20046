"""The updates that wait for one bot (``td TQueue.cpp``): sequential, forgotten when too old, confirmed by offset."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.real_clock import Clock
from sandbox.telegram.values import Json

# Client.cpp add_message_update and process_new_callback_query_queue: 86400 s and 150 s
KEPT_MESSAGES = timedelta(hours=24)
KEPT_PRESSES = timedelta(seconds=150)
LARGEST_ANSWER = 1 << 22  # Client.cpp JsonUpdates: bytes, 50 of them for each update's frame
FRAME = 50
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # Client.h
KINDS = frozenset({
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction", "message_reaction_count",
    "business_connection", "business_message", "edited_business_message", "deleted_business_messages",
    "purchased_paid_media", "managed_bot", "guest_message",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it will be sent, in JSON."""

    id: int
    expires_at: datetime
    body: str


class UpdateQueue:
    """Updates of one bot. ``on_push`` is called after each arrival."""

    def __init__(self, clock: Clock, *, first: int = 100_000_001) -> None:
        self._clock = clock
        self._waiting: deque[Update] = deque()
        self.next_id = first
        self.allowed = KINDS - NOT_BY_DEFAULT
        self.on_push: Callable[[], None] = _nothing
        self._first_expiry: datetime | None = None

    def __len__(self) -> int:
        """How many updates are not confirmed."""
        return len(self._waiting)

    def allow(self, kinds: list[str]) -> None:
        """Filter updates from now on (``Client.cpp get_allowed_update_types``); none means the default."""
        chosen = KINDS & {kind.lower() for kind in kinds}
        self.allowed = chosen or KINDS - NOT_BY_DEFAULT

    def push(self, kind: str, content: str, kept: timedelta) -> int | None:
        """Add an update whose content is JSON; its number, or None when the bot does not want this kind."""
        if kind not in self.allowed:
            return None
        number = self.next_id
        body = f'{{"update_id":{number},"{kind}":{content}}}'
        self._append(body, kept)
        return number

    def push_raw(self, update: Json) -> int:
        """Add an update exactly as given, well formed or not, under the next number."""
        number = self.next_id
        self._append(json.dumps({**update, "update_id": number}), KEPT_MESSAGES)
        return number

    def confirm(self, offset: int) -> int:
        """Forget what is older than ``offset``, or all but the last ``-offset``; how many that were.

        ``Client.cpp do_get_updates``; an offset far in the future is a mistake and confirms nothing
        (``td TQueue.cpp get``).
        """
        before = len(self._waiting)
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        if 0 < offset <= self.next_id + 10:
            while self._waiting and self._waiting[0].id < offset:
                self._waiting.popleft()
        return before - len(self._waiting)

    def first(self, limit: int) -> list[Update]:
        """The oldest updates that wait, at most ``limit`` and as many as one answer holds."""
        self._forget_old()
        chosen: list[Update] = []
        left = LARGEST_ANSWER
        for update in self._waiting:
            left -= FRAME + len(update.body)
            if len(chosen) == limit or left <= 0:
                break
            chosen.append(update)
        return chosen

    def clear(self) -> None:
        """Forget all updates (``deleteWebhook`` with ``drop_pending_updates``)."""
        self._waiting.clear()

    def _append(self, body: str, kept: timedelta) -> None:
        expires_at = self._clock.now() + kept
        self._waiting.append(Update(self.next_id, expires_at, body))
        self._first_expiry = min(self._first_expiry or expires_at, expires_at)
        self.next_id += 1
        self.on_push()

    def _forget_old(self) -> None:
        now = self._clock.now()
        if self._first_expiry is None or now <= self._first_expiry:
            return
        self._waiting = deque(update for update in self._waiting if update.expires_at >= now)
        self._first_expiry = min((update.expires_at for update in self._waiting), default=None)


def _nothing() -> None:
    """Nobody waits for this queue yet."""
