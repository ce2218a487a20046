"""What a cancelled campaign leaves of each delivery: stopped in time, or out, with something to retract.

The claim of a call and the cancelling are two transactions, and one is first. Cancelled first, no call is made.
Claimed first, the call is made, and how it ended is known once its outcome is stored: until then nobody knows.
"""

from datetime import timedelta
from enum import StrEnum
from functools import partial

from core.delivery import Delivery, DeliveryState
from core.identifiers import CampaignId
from core.ports.clock import Clock
from core.ports.store import Books, Store

PATIENCE = timedelta(seconds=20)  # a call takes seconds; who types a command waits no longer
_GLANCE = timedelta(milliseconds=250)


class Fate(StrEnum):
    """What an officer must know of a delivery at once."""

    STOPPED = "stopped in time"
    OUT = "already out: retract?"
    UNKNOWN = "nobody knows whether it is out (where to look: parvis deliveries show)"


def fate(delivery: Delivery) -> Fate | None:
    """What became of a delivery of a cancelled campaign; None when it had ended before, and nothing of it is out."""
    match delivery.state:
        case DeliveryState.SENDING | DeliveryState.UNCERTAIN:
            return Fate.UNKNOWN
        case DeliveryState.SENT:
            return Fate.OUT
        case DeliveryState.PLANNED if delivery.doubted_at is not None:  # never claimed again: it becomes uncertain
            return Fate.UNKNOWN
        case DeliveryState.PLANNED | DeliveryState.CANCELLED:
            return Fate.OUT if delivery.done else Fate.STOPPED
        case DeliveryState.FAILED | DeliveryState.EXPIRED:
            return Fate.OUT if delivery.done else None
        case DeliveryState.RETRACTED:
            return None


async def calls_ended(store: Store, clock: Clock, campaign: CampaignId) -> None:
    """Wait until no call of this campaign is under way, or until patience ends."""
    until = clock.now() + PATIENCE
    while await store.read(partial(_a_call_is_under_way, campaign)) and clock.now() < until:
        await clock.sleep_until(min(clock.now() + _GLANCE, until))


def _a_call_is_under_way(campaign: CampaignId, books: Books) -> bool:
    return bool(books.deliveries.all(state=DeliveryState.SENDING, campaign=campaign, limit=1))
