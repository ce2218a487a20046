"""Snowflakes: Discord's ids, which carry the instant of their making (docs.discord.com/developers/reference)."""

from datetime import UTC, datetime, timedelta

from sandbox.real_clock import Clock

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SHIFT = 22


def made_at(snowflake: int) -> datetime:
    """When an id was made, to the millisecond."""
    return EPOCH + MILLISECOND * (snowflake >> SHIFT)


def first_at(at: datetime) -> int:
    """The lowest id of an instant."""
    return ((at - EPOCH) // MILLISECOND) << SHIFT


class Snowflakes:
    """Ever higher ids, also while the clock stands still."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """An id nothing has yet."""
        self._last = max(first_at(self._clock.now()), self._last + 1)
        return self._last
