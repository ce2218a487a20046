"""Where work runs. The unit is the lane: one bot account in one direction, never a single delivery."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NewType, Protocol

LaneName = NewType("LaneName", str)  # "send:telegram", "listen:telegram"


class Engine(Protocol):
    """Runs each lane in one place at a time, and again, after a pause, when it fails."""

    async def run(self, lanes: Mapping[LaneName, Callable[[], Awaitable[None]]]) -> None:
        """Keep every lane running until cancelled. A lane that returns is over; one that raises is run again."""
        ...
