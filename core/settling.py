"""What a human decides about deliveries that no rule can settle, after looking at the place they were meant for.

All of it happens inside a transaction, once: whoever comes second changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.audience import Channel, Recipient, RecipientKind
from core.audit import Deed, of_delivery
from core.delivery import Delivery, DeliveryState, completed, handed_back, progressed
from core.identifiers import DeliveryId, MemberKey
from core.ports.store import Books
from core.post import Receipt
from core.staff import Act

OUT, AGAIN = "out", "again"  # what the log says was seen
TIME_TO_SEND = timedelta(hours=6)  # what a human decides to send must not expire before it could go out


def out(books: Books, delivery: DeliveryId, *, at: datetime, by: MemberKey, receipt: Receipt | None = None) -> bool:
    """The part in doubt is out: sent, or planned again for the parts that remain. False when it is not uncertain.

    Without a ``receipt`` nobody knows which message it is: a poll's message then cannot be refreshed.
    """

    def went_out(before: Delivery) -> Delivery:
        after = progressed(before) if receipt is None else progressed(before, receipt)
        return completed(after) if after.done >= after.parts else _again(after, at)

    return _settle(books, delivery, {DeliveryState.UNCERTAIN: went_out}, _deed(delivery, by, at, OUT))


def again(books: Books, delivery: DeliveryId, *, at: datetime, by: MemberKey, channels: Sequence[Channel] = ()) -> bool:
    """The part in doubt is not out, or the cause of a failure is cured: planned again. False when it is neither.

    ``channels`` are those of the configuration: a channel is written to by the account that now serves it.
    """
    accounts = {Recipient(RecipientKind.CHANNEL, channel.name): channel.account for channel in channels}

    def goes_again(before: Delivery) -> Delivery:
        return replace(_again(before, at), attempts=0, account=accounts.get(before.recipient, before.account))

    ways = {DeliveryState.UNCERTAIN: goes_again, DeliveryState.FAILED: goes_again}
    return _settle(books, delivery, ways, _deed(delivery, by, at, AGAIN))


def settled(books: Books, delivery: DeliveryId, *, since: datetime) -> Deed | None:
    """Who last settled it since this instant, and how (``content``); None when nobody has."""
    deeds = (entry.deed for entry in books.audit.about(of_delivery(delivery)))
    return next((deed for deed in deeds if deed.act is Act.SETTLE and deed.at >= since), None)


def _settle(
    books: Books, delivery: DeliveryId, ways: Mapping[DeliveryState, Callable[[Delivery], Delivery]], deed: Deed
) -> bool:
    stands = books.deliveries.get(delivery)
    if stands is None or stands.state not in ways:
        return False
    books.audit.record(deed)
    return books.deliveries.save(ways[stands.state](stands), expected=stands.state)


def _deed(delivery: DeliveryId, by: MemberKey, at: datetime, how: str) -> Deed:
    return Deed(who=by, at=at, act=Act.SETTLE, about=of_delivery(delivery), content=how)


def _again(before: Delivery, at: datetime) -> Delivery:
    return replace(
        handed_back(before), doubted_at=None, due_at=at, expires_at=max(before.expires_at, at + TIME_TO_SEND)
    )
