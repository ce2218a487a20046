"""Alerts: what needs a human of the town hall, said to the staff once, and again said when it is over.

What needs somebody is a *matter*, known by its kind and by what it is about. While a matter stands it has one alert,
however many look at it and however much it grows. The alert's messages in the channels of the staff show how the matter
stands now; they hold names of places and numbers, and nobody's datum.

| kind        | it stands                                                        | about                    |
|-------------|------------------------------------------------------------------|--------------------------|
| doubt       | while nobody knows whether something is out                      | occurrence, or delivery  |
| failure     | while something public is refused, or came too late, for a day   | occurrence, or delivery  |
| missed      | for a day: a step that was too late to be carried out            | occurrence               |
| preflight   | until the step is due: what was found keeps it from going out    | occurrence               |
| unapproved  | while what is due within a day is approved by nobody             | occurrence, or campaign  |
| unscheduled | for a day: what was approved could not be scheduled               | campaign                 |
| feed        | while a feed cannot be read                                      | feed                     |
| halt        | while an account stands still, or its network is away            | account                  |
| fault       | while Parvis itself fails at a correction; a day, once given up  | occurrence               |
| sanction    | while a sanction is not as it should be on its network           | account                  |
| filter      | while a network does not keep back the words that it should      | account                  |
| appeal      | until somebody has decided it                                    | case                     |
| wave        | for a time, after many people came into a discussion at once      | place                    |
| requests    | while requests to join wait for the staff, for a day              | channel                  |
| unanswered  | for a day: requests to join that nobody answered within one       | channel                  |
| case        | while a case waits for what only a human decides                 | case                     |
| proposal    | for a week: a ban for ever waits for a second person             | case                     |
| flood       | for an hour: there are more alerts than anybody reads            | town                     |
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.identifiers import AccountName, Address, AlertId, CampaignId, ChannelName, DeliveryId, OccurrenceId
from core.wording import Wording

MOST_AN_HOUR = 20  # told; what is more is listed by a command
MOST_CASES_AN_HOUR = 10  # of these: people open cases by reporting, and must not drown what else needs somebody
GATHERING = timedelta(minutes=10)  # what joins an alert later than this is told again
KEPT = timedelta(days=1)  # how long what nobody can change any more stands


class AlertKind(StrEnum):
    """See the table of this module."""

    DOUBT = "doubt"
    FAILURE = "failure"
    MISSED = "missed"
    PREFLIGHT = "preflight"
    UNAPPROVED = "unapproved"
    UNSCHEDULED = "unscheduled"
    FEED = "feed"
    HALT = "halt"
    FAULT = "fault"
    SANCTION = "sanction"
    FILTER = "filter"
    APPEAL = "appeal"
    CASE = "case"
    WAVE = "wave"
    REQUESTS = "requests"
    UNANSWERED = "unanswered"
    PROPOSAL = "proposal"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What needs somebody. ``deliveries`` are those in public places, ``private`` counts the others.

    One that says ``until`` when ends by itself then; the others end when nobody finds them any more.
    """

    kind: AlertKind
    about: str
    deliveries: tuple[DeliveryId, ...] = ()
    private: int = 0
    detail: Wording | None = None
    until: datetime | None = None

    @property
    def name(self) -> tuple[AlertKind, str]:
        """What makes it this one and no other."""
        return self.kind, self.about


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A matter since it is known. ``said`` is the digest of what its messages show; ``done`` once they say the end."""

    id: AlertId
    matter: Matter
    since: datetime
    told_at: datetime | None = None
    over_at: datetime | None = None
    said: str = ""
    done: bool = False


def of_occurrence(number: OccurrenceId) -> str:
    """How a matter is about it."""
    return f"occurrence:{number}"


def of_delivery(number: DeliveryId) -> str:
    """How a matter is about it."""
    return f"delivery:{number}"


def of_account(account: AccountName) -> str:
    """How a matter is about it."""
    return f"account:{account}"


def of_place(account: AccountName, chat: Address) -> str:
    """How a matter is about a discussion."""
    return f"place:{account}/{chat}"


def of_channel(channel: ChannelName) -> str:
    """How a matter is about the discussion of a channel, by its name."""
    return f"channel:{channel}"


def of_campaign(campaign: CampaignId) -> str:
    """How a matter is about it."""
    return f"campaign:{campaign}"


def of_feed(name: str) -> str:
    """How a matter is about it."""
    return f"feed:{name}"


def number_in(about: str) -> int | None:
    """The number of the occurrence or delivery that a matter is about, if it is about one."""
    number = about.partition(":")[2]
    return int(number) if number.isdecimal() else None


def stamp(call: datetime) -> str:
    """What tells what is asked about a delivery from what is asked about its next call: when the call was made."""
    return str(round(call.timestamp() * 1000))


def grown(before: Matter, now: Matter) -> bool:
    """Whether there is more of it in public than before."""
    return not set(now.deliveries) <= set(before.deliveries)
