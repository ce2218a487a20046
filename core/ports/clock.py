"""Time, as something that can be stopped."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of the present. Network time-outs do not use it: they stay real."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    async def sleep_until(self, at: datetime) -> None:
        """Return at this instant or soon after; at once when it has passed."""
        ...
