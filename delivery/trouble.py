"""One line when something is lost, one when it is back."""

import logging

log = logging.getLogger("parvis.delivery")


class Trouble:
    """Something the lane depends on that may be away for a while. ``event`` begins the names of its two log lines."""

    def __init__(self, event: str, **fields: str) -> None:
        self._event = event
        self._fields = fields
        self._lasts = False

    def begins(self, error: Exception) -> None:
        """It is away: said once."""
        if not self._lasts:
            log.error(f"{self._event}_lost", extra={**self._fields, "error": type(error).__name__})  # noqa: G004  two fixed names
        self._lasts = True

    def ends(self) -> None:
        """It is there: said once, if it was away."""
        if self._lasts:
            log.warning(f"{self._event}_back", extra=self._fields)  # noqa: G004
        self._lasts = False
