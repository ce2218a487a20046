"""What a human decides about a delivery, stored in a transaction of its own; the rules: ``core.settling``."""

from collections.abc import Sequence
from datetime import datetime

from core import settling
from core.audience import Channel
from core.identifiers import DeliveryId, MemberKey
from core.ports.store import Store
from core.post import Receipt


async def it_is_out(
    store: Store, delivery: DeliveryId, *, at: datetime, by: MemberKey, receipt: Receipt | None = None
) -> bool:
    """See ``core.settling.out``."""
    return await store.write(lambda books: settling.out(books, delivery, at=at, by=by, receipt=receipt))


async def send_again(
    store: Store, delivery: DeliveryId, *, at: datetime, by: MemberKey, channels: Sequence[Channel] = ()
) -> bool:
    """See ``core.settling.again``."""
    return await store.write(lambda books: settling.again(books, delivery, at=at, by=by, channels=channels))
