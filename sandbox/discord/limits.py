"""How fast a bot may ask: buckets with headers, and 50 requests a second in all (docs.discord.com: Rate Limits).

Windows last real seconds, because libraries wait real seconds. The sizes of buckets are not documented; those of
messages are what programs observe.
"""

import hashlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.discord.errors import Refused, flooded

Stopwatch = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many requests in a window of so many seconds that begins with the first."""

    name: str
    requests: int
    seconds: float


CREATE = Allowance("write", 5, 5.0)
DELETE = Allowance("delete", 5, 1.0)
OPEN = Allowance("open", 50, 300.0)
FOLLOW_UP = Allowance("follow", 5, 2.0)
USUAL = Allowance("usual", 50, 1.0)
SECOND = 1.0
FREELY = Allowance("freely", 100_000, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is allowed in all in a second. ``buckets`` stand in place of those of the same name."""

    overall: int = 50
    buckets: tuple[Allowance, ...] = ()


@dataclass(slots=True)
class _Window:
    resets_at: float = 0.0
    used: int = 0


@dataclass(slots=True)
class Limits:
    """The counters of one bot. None as ``pace`` lets everything through; headers are sent all the same."""

    pace: Pace | None
    stopwatch: Stopwatch = time.monotonic
    _windows: dict[str, _Window] = field(default_factory=dict)
    _overall: deque[float] = field(default_factory=deque)

    def take(self, allowance: Allowance, key: str, headers: dict[str, str]) -> None:
        """Count a request and fill in the headers. Raises ``Refused`` (429) when it comes too fast."""
        instead = (FREELY,) if self.pace is None else (*self.pace.buckets, allowance)
        allowance = next(each for each in instead if each.name == allowance.name or each is FREELY)
        now = self.stopwatch()
        window = self._windows.setdefault(key, _Window())
        if window.resets_at <= now:
            window.resets_at, window.used = now + allowance.seconds, 0
        over = window.used >= allowance.requests
        window.used += not over
        after = window.resets_at - now
        headers |= {
            "X-RateLimit-Limit": str(allowance.requests),
            "X-RateLimit-Remaining": str(allowance.requests - window.used),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": hashlib.blake2s(key.partition(":")[0].encode(), digest_size=16).hexdigest(),
        }
        if over:
            raise flooded(after)

    def take_overall(self) -> None:
        """Count a request against what a bot may ask for in a second. Raises ``Refused`` (429, global)."""
        if self.pace is None:
            return
        now = self.stopwatch()
        while self._overall and self._overall[0] <= now - SECOND:
            self._overall.popleft()
        if len(self._overall) >= self.pace.overall:
            raise flooded(self._overall[0] + SECOND - now, "global")
        self._overall.append(now)


def headers_of(refusal: Refused) -> dict[str, str]:
    """What a 429 carries besides the bucket's headers: ``Via`` tells Discord's own from Cloudflare's."""
    if refusal.retry_after is None:
        return {}
    headers = {
        "Retry-After": str(max(int(refusal.retry_after + 0.999), 1)),
        "X-RateLimit-Scope": refusal.scope or "user",
        "Via": "1.1 google",
    }
    return headers | ({"X-RateLimit-Global": "true"} if refusal.scope == "global" else {})
