"""Ids as servers give them: numbers that hold the time, and never the same twice."""

from typing import Literal

from sandbox.real_clock import Clock

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, github.com/ulid/spec
ULID_LENGTH = 26
ULID_NOISE = 80
SNOWFLAKE_NOISE = 16  # lib/mastodon/snowflake.rb


class Ids:
    """Gives ids in growing order, whatever the clock does: snowflakes in decimal, or ULIDs."""

    def __init__(self, form: Literal["snowflake", "ulid"], clock: Clock) -> None:
        self._form = form
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """An id of this instant."""
        noise = ULID_NOISE if self._form == "ulid" else SNOWFLAKE_NOISE
        now = int(self._clock.now().timestamp() * 1000) << noise
        self._last = max(self._last + 1, now)
        return _ulid(self._last) if self._form == "ulid" else str(self._last)


def _ulid(number: int) -> str:
    return "".join(LETTERS[(number >> (5 * place)) & 31] for place in reversed(range(ULID_LENGTH)))
