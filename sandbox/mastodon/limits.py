"""How much an account may ask (``rack/attack.rb``, ``rate_limiter.rb``), in windows that begin at round times.

On GoToSocial there is one window for each address that asks.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.mastodon.errors import Refused

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many calls of each family in its span of time."""

    token: int = 300
    account: int = 1500
    paging: int = 300
    media: int = 30
    deleting: int = 30
    posting: int = 300
    following: int = 400
    reporting: int = 400
    address: int = 300

    def most(self, family: str) -> int:
        """How many of a family."""
        return int(getattr(self, family))


SPANS = {
    "token": 5 * MINUTE,
    "account": 5 * MINUTE,
    "address": 5 * MINUTE,
    "paging": 15 * MINUTE,
    "media": 30 * MINUTE,
    "deleting": 30 * MINUTE,
    "posting": 3 * HOUR,
    "following": DAY,
    "reporting": DAY,
}
# Counted when it was done; the others are counted when it is asked for
WHEN_DONE = frozenset({"posting", "following", "reporting"})


@dataclass(slots=True)
class _Window:
    most: int
    ends_at: datetime
    count: int = 0

    @property
    def left(self) -> int:
        return max(self.most - self.count, 0)


class Limits:
    """The counters of everybody. ``too_many`` is what is said to who asks too much."""

    def __init__(self, pace: Pace, too_many: str) -> None:
        self._pace = pace
        self._too_many = too_many
        self._windows: dict[tuple[str, str], _Window] = {}

    def ask(self, families: Iterable[tuple[str, str]], now: datetime) -> dict[str, str]:
        """Count a call of these families, each with whose it is; the headers if it is refused for another reason.

        Raises ``Refused`` (429), with the headers in ``more``.
        """
        keys = list(families)
        for family, owner in keys:
            window = self._window(family, owner, now)
            full = window.count >= window.most
            window.count += 0 if family in WHEN_DONE else 1
            if full:
                raise TooMany(self._too_many, _headers(window))
        return self.headers(keys, now)

    def done(self, families: Iterable[tuple[str, str]], now: datetime) -> None:
        """Count what was done."""
        for family, owner in families:
            if family in WHEN_DONE:
                self._window(family, owner, now).count += 1

    def headers(self, families: Iterable[tuple[str, str]], now: datetime) -> dict[str, str]:
        """What the answer says of the window nearest to its end."""
        windows = [self._window(family, owner, now) for family, owner in families]
        return _headers(min(windows, key=lambda window: window.left)) if windows else {}

    def _window(self, family: str, owner: str, now: datetime) -> _Window:
        window = self._windows.get((family, owner))
        if window is None or window.ends_at <= now:
            span = SPANS[family].total_seconds()
            ends_at = datetime.fromtimestamp((math.floor(now.timestamp() / span) + 1) * span, UTC)
            window = self._windows[family, owner] = _Window(self._pace.most(family), ends_at)
        return window


class TooMany(Refused):
    """429: wait until the window ends."""

    def __init__(self, error: str, headers: dict[str, str]) -> None:
        super().__init__(429, error)
        self.headers = headers


def flooded(error: str, now: datetime, seconds: int) -> TooMany:
    """429 by decree: wait so many seconds."""
    return TooMany(error, _headers(_Window(300, now + timedelta(seconds=seconds), 300)))


def families(verb: str, path: str, paged: Iterable[str]) -> Iterator[str]:
    """The families a call belongs to, besides those of every call."""
    if {"max_id", "min_id", "since_id", "page"} & set(paged):
        yield "paging"
    if verb == "POST" and path in {"/api/v1/media", "/api/v2/media"}:
        yield "media"
    if (verb, path) in {("DELETE", "/api/v1/statuses/:id"), ("POST", "/api/v1/statuses/:id/unreblog")}:
        yield "deleting"
    if (verb, path) in {
        ("POST", "/api/v1/statuses"),
        ("PUT", "/api/v1/statuses/:id"),
        ("POST", "/api/v1/statuses/:id/reblog"),
    }:
        yield "posting"
    if (verb, path) == ("POST", "/api/v1/accounts/:id/follow"):
        yield "following"
    if (verb, path) == ("POST", "/api/v1/reports"):
        yield "reporting"


def _headers(window: _Window) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(window.most),
        "X-RateLimit-Remaining": str(window.left),
        "X-RateLimit-Reset": window.ends_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
