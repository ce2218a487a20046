"""What the sandbox needs of a clock, and the plain one it uses when it is given none."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The sandbox's present. Network time-outs and long polls do not use it: they last real seconds."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    async def sleep_until(self, at: datetime) -> None:
        """Return at this instant or soon after; at once when it has passed."""
        ...


class RealClock:
    """The clock on the wall."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, at: datetime) -> None:
        """Wait for the real instant."""
        await asyncio.sleep(max((at - self.now()).total_seconds(), 0))
