"""Requests to join a discussion: who asked, and what became of it.

Where the charter says so, somebody who asks is shown the rules in private, and let in once they say that they have read
them; or all of them wait for the staff. Nobody is kept waiting for us: what is not answered within a day is left to the
group's own administrators, as it is where the charter says nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.identifiers import AccountName, Address, ChannelName

ANSWERED_WITHIN = timedelta(days=1)
KEPT = timedelta(days=2)  # a day to answer, and a day in which the staff is told that nobody did


class Requests(StrEnum):
    """Who answers those who ask to join."""

    OFF = "off"  # the group's own administrators
    RULES = "rules"  # they let themselves in, by having read the rules
    STAFF = "staff"


class RequestState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"  # they were shown the rules
    HELD = "held"  # it waits for the staff
    ADMITTED = "admitted"  # the network is to be told
    DECLINED = "declined"  # likewise


DECIDED = frozenset({RequestState.ADMITTED, RequestState.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequest:
    """Somebody asked at this instant. ``person`` is a keyed hash, ``sealed`` who it is; ``place``: whose discussion."""

    account: AccountName
    chat: Address
    person: bytes
    sealed: bytes
    place: ChannelName
    at: datetime
    state: RequestState

    def is_left(self, now: datetime) -> bool:
        """Whether it is left to the group's own administrators."""
        return now - self.at >= ANSWERED_WITHIN
