"""In which order deliveries of one urgency are sent, in every store alike.

Campaigns take turns, so that one with a hundred thousand subscribers does not keep another waiting for an hour. What
goes to one recipient stays in order all the same: whoever's turn it is, the earliest for that recipient goes first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, zip_longest

from core.audience import Recipient
from core.delivery import Delivery, DeliveryState
from core.identifiers import DeliveryId


def rank(delivery: Delivery) -> tuple[datetime, DeliveryId]:
    """The earliest due first, then the oldest."""
    return delivery.due_at, delivery.id


def in_turn(queues: Iterable[Collection[Delivery]]) -> list[Delivery]:
    """One of each queue after the other, beginning with the one whose first is the earliest."""
    ordered = sorted((sorted(queue, key=rank) for queue in queues if queue), key=lambda queue: rank(queue[0]))
    return [each for each in chain.from_iterable(zip_longest(*ordered)) if each is not None]


def in_order(found: Sequence[Delivery], elders: Iterable[Delivery]) -> list[Delivery]:
    """These, each behind those that its recipient is to get before it: ``elders`` are such as are not among them."""
    theirs: defaultdict[Recipient, dict[DeliveryId, Delivery]] = defaultdict(dict)
    for each in chain(elders, found):
        theirs[each.recipient][each.id] = each
    return list(_behind(found, {to: sorted(queue.values(), key=rank) for to, queue in theirs.items()}))


def _behind(found: Sequence[Delivery], theirs: dict[Recipient, list[Delivery]]) -> Iterator[Delivery]:
    for each in found:
        queue = theirs[each.recipient]
        while queue and rank(queue[0]) <= rank(each):
            yield queue.pop(0)


def holds_back(earlier: Delivery, later: Delivery, at: datetime) -> bool:
    """Whether the later of two must wait for the earlier: a call is under way, or nothing of it is out and it was told
    to wait. What is more urgent waits for nobody.
    """
    if earlier.id >= later.id or earlier.account != later.account or earlier.recipient != later.recipient:
        return False
    postponed = earlier.state is DeliveryState.PLANNED and earlier.claimed_at is not None and not earlier.done
    begun = earlier.state is DeliveryState.SENDING or (postponed and earlier.expires_at > at)
    return begun and earlier.urgency <= later.urgency
