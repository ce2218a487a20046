"""The real clock."""

import asyncio
from datetime import UTC, datetime

_LONGEST_NAP = 60.0  # seconds: a jump of the system's clock is noticed within a minute


class SystemClock:
    """Time as the machine tells it."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, at: datetime) -> None:
        """Return at this instant or soon after, also when the machine's clock is set or the machine was suspended."""
        while (left := (at - self.now()).total_seconds()) > 0:  # noqa: ASYNC110  no event announces a set clock
            await asyncio.sleep(min(left, _LONGEST_NAP))
