"""Limits by the hour that no header announces. None of them is documented; the numbers are what people report.

Publishing: discord-api-docs #6109 and pycord #2316; edits of old messages: error 30046, discord-api-docs #4413.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sandbox.discord.errors import Refused, flooded
from sandbox.real_clock import Clock

Act: TypeAlias = Literal["publish", "edit_published", "edit_old"]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
USUAL: Mapping[Act, int] = {"publish": 10, "edit_published": 3, "edit_old": 30}
WRITE_LIMIT = "The write action you are performing on the channel has hit the write rate limit."
TOO_MANY_EDITS = "Maximum number of edits to messages older than 1 hour reached. Try again later."


class Budgets:
    """What was done in each place within the last hour, by the sandbox's clock. ``most`` may be changed by tests."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spent: dict[tuple[Act, int], deque[datetime]] = {}
        self.most: dict[Act, int] = dict(USUAL)

    def spend(self, act: Act, place: int) -> None:
        """Do it once more. Raises ``Refused`` (429) with the time until it may be done again."""
        now = self._clock.now()
        spent = self._spent.setdefault((act, place), deque())
        while spent and spent[0] <= now - HOUR:
            spent.popleft()
        if len(spent) >= self.most[act]:
            raise _refusal(act, (spent[0] + HOUR - now).total_seconds())
        spent.append(now)


def _refusal(act: Act, seconds: float) -> Refused:
    if act == "edit_old":
        return flooded(seconds, code=30046, message=TOO_MANY_EDITS)
    return flooded(seconds, "shared", code=20028, message=WRITE_LIMIT)
