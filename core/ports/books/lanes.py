"""Who may write for a lane. Each take-over gives it a higher token; what carries an older one is refused."""

from datetime import datetime
from typing import Protocol

from core.identifiers import LaneName


class LaneBook(Protocol):
    """The lanes that were ever run, and the token in force for each."""

    def take(self, lane: LaneName, *, holder: str, at: datetime) -> int:
        """Take a lane over: its next token. Whoever has an earlier one writes nothing for it any more."""
        ...

    def token(self, lane: LaneName) -> int:
        """The token in force; 0 for a lane that nobody has run yet."""
        ...

    def holder(self, lane: LaneName) -> str:
        """Who took the lane last; empty when nobody has."""
        ...
