"""Who came into the discussions lately, and what the charter says of many who come at once.

A network that does not say with a message since when its author is there tells when they come: that is kept for a
month, so that rules for newcomers hold there too, and so that a wave is seen, also by a program that was restarted.
"""

from dataclasses import dataclass
from datetime import timedelta

from core.admission import Requests
from core.rules.clause import Enforcement

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """At most so many arrivals in one discussion within this time. The one too many alerts the staff, where it is
    observed; where it acts, everybody also waits this ``pause`` between two messages for as long as it ``lasts``.

    ``requests``: who answers those who ask to join.
    """

    enforcement: Enforcement = Enforcement.OFF
    most: int = 20
    within: timedelta = timedelta(minutes=5)
    pause: timedelta = timedelta(seconds=30)
    lasts: timedelta = timedelta(hours=1)
    requests: Requests = Requests.OFF
