"""A delivery: one message to one recipient, and what is known of it.

The life cycle. «sending» is committed before each call, so a crash never hides a call that was made. Between the calls
of a message in several parts the delivery is planned again: it stands in «sending» only while a call is under way.

| from      | what happened                                                      | to        |
|-----------|--------------------------------------------------------------------|-----------|
| —         | planned for a channel that the configuration does not know         | failed    |
| planned   | claimed by compare-and-set, committed before the call              | sending   |
| planned   | a fault of ours before any call                                    | failed    |
| sending   | a fault of ours since the claim                                    | uncertain |
| planned   | ``expires_at`` reached                                             | expired   |
| planned   | campaign cancelled                                                 | cancelled |
| planned   | one of these, a call in doubt; or it would not be recognised now   | uncertain |
| sending   | a part accepted by the platform, more to come                      | planned   |
| sending   | the last part accepted by the platform                             | sent      |
| sending   | Unavailable: due again after the delay, until it expires           | planned   |
| sending   | Unauthorised: nothing was done, the account must be cured first    | planned   |
| sending   | Rejected                                                           | failed    |
| sending   | Uncertain or lease expired, platform dedupes and the key is fresh  | planned   |
| sending   | Uncertain or lease expired, else                                   | uncertain |
| uncertain | a human says «it is out», or a late answer arrives                 | sent (*)  |
| uncertain | found where the network shows what we wrote                        | sent (*)  |
| uncertain | looked for there in time and not found, not expired                | planned   |
| uncertain | a human says «send again»                                          | planned   |
| failed    | a human says «send again», the cause being cured                   | planned   |
| sent      | retracted                                                          | retracted |

(*) planned again, for the parts that remain, when more parts follow the one in doubt.

A call in doubt (``doubted_at``) was perhaps made, and is to be made again. Until it is answered, nothing that would
say «it was never sent» becomes of the delivery.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from core.audience import Recipient
from core.errors import PlatformError, Rejected, Unauthorised, Unavailable, Uncertain
from core.identifiers import AccountName, DeliveryId, OccurrenceId
from core.messages import Delivered, Illegible
from core.post import Receipt

LEASE = timedelta(seconds=90)  # longer than any platform time-out, so that only a dead sender loses it
MOST_ATTEMPTS = 8  # of a chat that keeps moving, or of looking whether a call in doubt was made
PATIENCE = 5  # tries of a network that is away count no further
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=10)


class DeliveryState(StrEnum):
    """See the table of this module."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"


TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PLANNED: frozenset(
        {
            DeliveryState.SENDING,
            DeliveryState.FAILED,
            DeliveryState.EXPIRED,
            DeliveryState.CANCELLED,
            DeliveryState.UNCERTAIN,
        }
    ),
    DeliveryState.SENDING: frozenset(
        {DeliveryState.SENT, DeliveryState.PLANNED, DeliveryState.FAILED, DeliveryState.UNCERTAIN}
    ),
    DeliveryState.UNCERTAIN: frozenset({DeliveryState.SENT, DeliveryState.PLANNED}),
    DeliveryState.SENT: frozenset({DeliveryState.RETRACTED}),
    DeliveryState.FAILED: frozenset({DeliveryState.PLANNED}),  # by a human only
    DeliveryState.EXPIRED: frozenset(),
    DeliveryState.CANCELLED: frozenset(),
    DeliveryState.RETRACTED: frozenset(),
}


class Urgency(IntEnum):
    """Who goes first when a platform's pace makes messages wait; smaller is sooner.

    In sober mode nothing less urgent than a notice goes out; what an officer lets out then becomes as urgent as
    moderation.
    """

    ANSWER = 0
    MODERATION = 1
    NOTICE = 2
    CAMPAIGN = 3
    REFRESH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one recipient. ``receipts`` are the messages known to be out, in order.

    ``done`` of ``parts`` calls are known to be made (a call may make several messages, or none: a pin). Until the first
    claim nobody has counted the parts: they are 0. ``doubted_at``: when the first call was made of which nobody knows
    whether it was, if it is to be made again. ``asks``: a call that makes the network's own poll was begun.
    ``answers`` is the delivery to which this one is a reply.
    """

    id: DeliveryId
    occurrence: OccurrenceId | None
    account: AccountName
    recipient: Recipient
    message: Delivered | Illegible
    urgency: Urgency
    due_at: datetime
    expires_at: datetime
    state: DeliveryState = DeliveryState.PLANNED
    attempts: int = 0
    lease_until: datetime | None = None
    claimed_at: datetime | None = None
    doubted_at: datetime | None = None
    receipts: tuple[Receipt, ...] = ()
    parts: int = 0
    done: int = 0
    asks: bool = False
    note: str = ""
    answers: DeliveryId | None = None


def claimed(delivery: Delivery, at: datetime) -> Delivery:
    """The delivery as it must be committed before a part is sent."""
    return replace(delivery, state=DeliveryState.SENDING, claimed_at=at, lease_until=at + LEASE, note="")


def progressed(delivery: Delivery, *receipts: Receipt) -> Delivery:
    """One more part is out; ``receipts`` are the messages it made."""
    return replace(delivery, receipts=(*delivery.receipts, *receipts), done=delivery.done + 1, doubted_at=None)


def handed_back(delivery: Delivery, *, note: str = "") -> Delivery:
    """No call is under way: what remains is claimed anew."""
    return replace(delivery, state=DeliveryState.PLANNED, lease_until=None, note=note)


def completed(delivery: Delivery) -> Delivery:
    """Every part is out."""
    return replace(delivery, state=DeliveryState.SENT, lease_until=None, note="")


def setback(delivery: Delivery, error: PlatformError, *, at: datetime, dedupes_for: timedelta) -> Delivery:
    """The delivery after a call that did not succeed, by what is known of the call.

    ``dedupes_for`` is how long the platform recognises a repeated key; zero when it never does.
    """
    note = f"{type(error).__name__}: {error.detail}"
    match error:
        case Unavailable(retry_after=pause):
            told = pause is not None  # waiting as told is not a failed try
            tried = delivery.attempts if told else max(delivery.attempts, min(delivery.attempts + 1, PATIENCE))
            return _postponed(delivery, at=at, pause=pause, attempts=tried, note=note)
        case Uncertain():
            return lost(delivery, at=at, dedupes_for=dedupes_for, note=note)
        case Unauthorised():
            return handed_back(delivery, note=note)
        case Rejected():
            return replace(given_up(delivery, DeliveryState.FAILED), note=note)
        case _:
            return replace(delivery, state=DeliveryState.UNCERTAIN, lease_until=None, note=note)


def lost(delivery: Delivery, *, at: datetime, dedupes_for: timedelta, note: str = "lease expired") -> Delivery:
    """The delivery after a call whose outcome nobody knows: repeated only where the platform would recognise it."""
    doubted = replace(delivery, doubted_at=delivery.doubted_at or delivery.claimed_at)
    if doubted.claimed_at is not None and recognised(doubted, at, dedupes_for):
        return _postponed(doubted, at=at, pause=None, attempts=delivery.attempts + 1, note=note)
    return replace(delivery, state=DeliveryState.UNCERTAIN, lease_until=None, note=note)


def recognised(delivery: Delivery, at: datetime, dedupes_for: timedelta) -> bool:
    """Whether the platform still knows the call in doubt, if there is one: counted from the first, not the last."""
    return delivery.doubted_at is None or at - delivery.doubted_at < dedupes_for


def given_up(delivery: Delivery, state: DeliveryState) -> Delivery:
    """The delivery with nothing more to be tried: in this state, or in doubt when a call may have been made."""
    doubtful = delivery.doubted_at is not None
    return replace(delivery, state=DeliveryState.UNCERTAIN if doubtful else state, lease_until=None)


def _postponed(delivery: Delivery, *, at: datetime, pause: timedelta | None, attempts: int, note: str) -> Delivery:
    wait = pause if pause is not None else min(_FIRST_PAUSE * 2 ** (min(attempts, MOST_ATTEMPTS) - 1), _LONGEST_PAUSE)
    return replace(
        delivery, state=DeliveryState.PLANNED, lease_until=None, attempts=attempts, due_at=at + wait, note=note
    )
