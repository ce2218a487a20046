"""How fast a bot may send (core.telegram.org/bots/faq#my-bot-is-hitting-limits, read 2026-11).

About one message a second in one chat with a short burst, 20 a minute in one group or channel, edits included, and 30
a second overall. The real limits are not published exactly; these are the advice taken at its word.
"""

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.telegram.errors import flooded
from sandbox.telegram.values import Chat

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
# Methods that count as a message; the others are free
SENDING = frozenset({"sendMessage", "sendPhoto", "sendMediaGroup", "sendPoll"})
EDITING = frozenset({"editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is allowed: ``burst`` messages at once in one chat, then one every ``every``; and per group and overall."""

    burst: int = 3
    every: timedelta = SECOND
    group_per_minute: int = 20
    overall_per_second: int = 30


class Window:
    """So many events in any span of this length."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._events: deque[datetime] = deque()

    def wait(self, now: datetime, count: int) -> timedelta:
        """How long until ``count`` more fit."""
        while self._events and self._events[0] <= now - self._span:
            self._events.popleft()
        excess = len(self._events) + min(count, self._most) - self._most
        return self._events[excess - 1] + self._span - now if excess > 0 else timedelta()

    def take(self, now: datetime, count: int) -> None:
        """Count them."""
        self._events.extend([now] * count)


class Bucket:
    """A short burst, then one at a time."""

    def __init__(self, burst: int, every: timedelta) -> None:
        self._allowance = every * burst
        self._every = every
        self._full_at: datetime | None = None

    def wait(self, now: datetime, count: int) -> timedelta:
        """How long until ``count`` more fit; more than the burst fits once the bucket is full."""
        owed = max((self._full_at or now) - now, timedelta())
        return max(owed + min(self._every * count, self._allowance) - self._allowance, timedelta())

    def take(self, now: datetime, count: int) -> None:
        """Count them."""
        self._full_at = max(self._full_at or now, now) + self._every * count


class Limits:
    """The counters of one bot."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._overall = Window(pace.overall_per_second, SECOND)
        self._chats: dict[int, Bucket] = {}
        self._groups: dict[int, Window] = {}

    def check(self, method: str, chat: Chat, count: int, now: datetime) -> None:
        """Raises ``Refused`` (429) when a call that sends ``count`` messages comes too fast."""
        wait = max((counter.wait(now, count) for counter in self._counters(method, chat)), default=timedelta())
        if wait > timedelta():
            raise flooded(max(math.ceil(wait.total_seconds()), 1))

    def charge(self, method: str, chat: Chat, count: int, now: datetime) -> None:
        """Count a call that was done."""
        for counter in self._counters(method, chat):
            counter.take(now, count)

    def _counters(self, method: str, chat: Chat) -> list[Window | Bucket]:
        counters: list[Window | Bucket] = []
        if method in SENDING:
            counters.append(self._overall)
            counters.append(self._chats.setdefault(chat.id, Bucket(self._pace.burst, self._pace.every)))
        if method in SENDING | EDITING and chat.kind != "private":
            counters.append(self._groups.setdefault(chat.id, Window(self._pace.group_per_minute, MINUTE)))
        return counters
