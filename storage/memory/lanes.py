"""Who may write for a lane, in memory."""

from datetime import datetime

from core.identifiers import LaneName
from storage.memory.shelves import Shelves


class Lanes:
    """See ``core.ports.books.lanes.LaneBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def take(self, lane: LaneName, *, holder: str, at: datetime) -> int:
        """Give the next token."""
        token = self.token(lane) + 1
        self._shelves.lanes[lane] = (token, holder, at)
        return token

    def token(self, lane: LaneName) -> int:
        """Look up the token."""
        return self._shelves.lanes[lane][0] if lane in self._shelves.lanes else 0

    def holder(self, lane: LaneName) -> str:
        """Look up who took it."""
        return self._shelves.lanes[lane][1] if lane in self._shelves.lanes else ""
