"""Something that can be lost and come back: one line in the log for each, and longer and longer pauses in between."""

import logging
from datetime import timedelta

from bots.inbound import reason
from core.identifiers import AccountName

log = logging.getLogger("parvis.bots")

_FIRST_PAUSE = timedelta(seconds=1)


class Outage:
    """The state of one dependency of one account. ``longest`` bounds the pause between two tries."""

    def __init__(self, what: str, account: AccountName, *, longest: timedelta) -> None:
        self._fields = {"what": what, "account": account}
        self._longest = longest
        self._failures = 0

    def lost(self, error: Exception) -> timedelta:
        """Note a failure and say how long to wait before the next try."""
        if not self._failures:
            log.warning("lost", extra={**self._fields, "error": reason(error)})
        self._failures += 1
        return min(_FIRST_PAUSE * (1 << min(self._failures - 1, 10)), self._longest)

    def back(self) -> None:
        """Note a success."""
        if self._failures:
            log.info("back", extra={**self._fields, "failures": self._failures})
            self._failures = 0
