"""What is ordered about what is out already, and what becomes of it at every copy: each is accounted for.

An *order* is about everything that one step said at one instant. For each copy of that, on each network, there is an
*amendment*, planned with the order and settled by what is known:

| from     | what happened                                                                  | to        |
|----------|--------------------------------------------------------------------------------|-----------|
| —        | ordered, or the time of a perishable announcement passed                       | planned   |
| planned  | claimed by compare-and-set, committed before the calls                         | making    |
| making   | all calls made: they may be repeated, so that a lost answer is no doubt        | done      |
| making   | the network refused to change it, and a reply says it instead                  | replied   |
| making   | the network refused, and nothing can be said instead; or we erred too often    | refused   |
| making   | somebody had taken the message away                                            | gone      |
| making   | the network is away, or told us to wait: later                                 | planned   |
| making   | the lease ended without an answer: claimed again                               | making    |
| planned  | nothing of it is out, nor will be                                              | nothing   |
| planned  | the campaign was cancelled, and it would have said something in its name       | cancelled |

A copy of which nobody knows whether it is out is first looked for: until that is settled, its amendment waits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.announcement import Announcement
from core.delivery import LEASE, MOST_ATTEMPTS, PATIENCE, Urgency
from core.errors import PlatformError, Unauthorised, Unavailable
from core.identifiers import AccountName, CorrectionId, DeliveryId, OccurrenceId
from core.messages import AnnouncementPublished, Delivered, FollowUp
from core.wording import Wording

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=10)
_REFUSED_PAUSE = timedelta(minutes=5)  # of an account: a human must act
FAULT = "a fault of Parvis itself"  # how the note of an amendment begins that fails for one


class CorrectionKind(StrEnum):
    """What is to become of it."""

    AMEND = "amend"  # other words in its place; a reply where that cannot be
    ERRATUM = "erratum"  # a reply, and other words in its place where there are any
    RETRACT = "retract"
    UNPIN = "unpin"
    END = "end"  # it was perishable, and its time is over


TAKES_BACK = frozenset({CorrectionKind.RETRACT, CorrectionKind.UNPIN})
SPEAKS = frozenset({CorrectionKind.AMEND, CorrectionKind.ERRATUM})

_URGENCIES = {
    CorrectionKind.AMEND: Urgency.CAMPAIGN,
    CorrectionKind.ERRATUM: Urgency.CAMPAIGN,
    CorrectionKind.RETRACT: Urgency.MODERATION,
    CorrectionKind.UNPIN: Urgency.MODERATION,
    CorrectionKind.END: Urgency.NOTICE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was ordered, by whom, about what an occurrence said; to be done from ``due_at`` on.

    ``words`` are how the announcement reads from now on. ``said`` is what a reply says, or why something is retracted.
    """

    kind: CorrectionKind
    occurrence: OccurrenceId
    by: str
    at: datetime
    due_at: datetime
    words: Announcement | None = None
    said: Wording | None = None

    @property
    def urgency(self) -> Urgency:
        """In sober mode words wait; what takes back, unpins or marks as over does not."""
        return _URGENCIES[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An order with its number; later ones have larger numbers."""

    id: CorrectionId
    order: Order


class AmendmentState(StrEnum):
    """See the table of this module."""

    PLANNED = "planned"
    MAKING = "making"
    DONE = "done"
    REPLIED = "replied"
    REFUSED = "refused"
    GONE = "gone"
    NOTHING = "nothing"
    CANCELLED = "cancelled"


PENDING = frozenset({AmendmentState.PLANNED, AmendmentState.MAKING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What becomes of one copy. ``reply`` is the delivery that says what could not be changed, or the erratum."""

    correction: CorrectionId
    delivery: DeliveryId
    account: AccountName
    urgency: Urgency
    due_at: datetime
    state: AmendmentState = AmendmentState.PLANNED
    attempts: int = 0
    claimed_at: datetime | None = None
    lease_until: datetime | None = None
    settled_at: datetime | None = None
    reply: DeliveryId | None = None
    note: str = ""


def claimed(amendment: Amendment, at: datetime) -> Amendment:
    """The amendment as it must be committed before its calls are made."""
    return replace(amendment, state=AmendmentState.MAKING, claimed_at=at, lease_until=at + LEASE)


def settled(
    amendment: Amendment, state: AmendmentState, *, at: datetime, note: str = "", reply: DeliveryId | None = None
) -> Amendment:
    """The amendment with nothing more to be done."""
    return replace(amendment, state=state, lease_until=None, settled_at=at, note=note, reply=reply)


def put_off(amendment: Amendment, error: PlatformError, *, at: datetime) -> Amendment:
    """The amendment after a call that may succeed later: a network that is away is waited for."""
    told = error.retry_after if isinstance(error, Unavailable) else None
    told = _REFUSED_PAUSE if isinstance(error, Unauthorised) else told
    tried = max(amendment.attempts, min(amendment.attempts + 1, PATIENCE))
    attempts = tried if told is None else amendment.attempts  # waiting as told is not a failed try
    pause = _pause(attempts) if told is None else told
    note = f"{type(error).__name__}: {error.detail}"
    return postponed(replace(amendment, attempts=attempts), until=at + pause, note=note)


def erred(amendment: Amendment, error: Exception, *, at: datetime) -> Amendment:
    """The amendment after a fault of ours: tried again, refused once that happened too often."""
    fault = type(error).__name__
    after = replace(amendment, attempts=amendment.attempts + 1)
    if after.attempts >= MOST_ATTEMPTS:
        return given_up(after, fault, at=at)
    return postponed(after, until=at + _pause(after.attempts), note=f"{FAULT}: {fault}")


def given_up(amendment: Amendment, fault: str, *, at: datetime) -> Amendment:
    """The amendment with nothing more to be tried: it cannot be carried out, by a fault of ours of this name."""
    return settled(amendment, AmendmentState.REFUSED, at=at, note=f"{FAULT}: {fault}")


def postponed(amendment: Amendment, *, until: datetime, note: str) -> Amendment:
    """The amendment as it waits for an instant."""
    return replace(amendment, state=AmendmentState.PLANNED, lease_until=None, due_at=until, note=note)


def _pause(attempts: int) -> timedelta:
    return min(_FIRST_PAUSE * (1 << (attempts - 1)), _LONGEST_PAUSE)


def announcement_in(message: Delivered) -> Announcement | None:
    """The officers' words that a message says, if any: only these can be put otherwise."""
    return message.announcement if isinstance(message, AnnouncementPublished | FollowUp) else None


def title_of(message: Delivered) -> Wording | None:
    """What a message is about, in a few words."""
    if isinstance(message, AnnouncementPublished | FollowUp):
        return message.announcement.title
    poll = getattr(message, "poll", None)
    return None if poll is None else poll.question


def reads_now(message: Delivered, orders: Iterable[Order], *, zone: str) -> Delivered:
    """How a message that went out reads once these orders, the oldest first, are carried out; not those that retract.

    ``zone`` is whose clocks say when it was corrected.
    """
    for order in orders:
        said = announcement_in(message)
        if said is None or not isinstance(message, AnnouncementPublished | FollowUp):
            return message
        if order.words is not None and order.words != said:
            message = replace(message, announcement=order.words, corrected_at=order.at, zone=zone)
        if order.kind is CorrectionKind.END and isinstance(message, AnnouncementPublished):
            message = replace(message, over=True)
    return message
