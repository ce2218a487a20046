"""Looking back: where a network shows what we wrote, a delivery in doubt is settled by looking, as a human would.

Only where everybody can read, and only once no call can be under way any more. A message of ours with the words of the
part in doubt, made since it was claimed and not known from another delivery, is that part: it is out. Where there is
none soon after the call, the part is not out and is sent again, as long as the delivery has not expired. Later somebody
may have removed it, and nobody would see that. What cannot be looked at, or not in time, is left to a human.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.audience import Destination
from core.delivery import LEASE, MOST_ATTEMPTS, Delivery, DeliveryState, completed, handed_back, progressed
from core.errors import PlatformError, Rejected, StorageError
from core.identifiers import DeliveryId, MessageId
from core.messages import Delivered, Illegible
from core.ports.clock import Clock
from core.ports.platform import Platform
from core.ports.store import Books, Store
from core.ports.words import Words
from core.post import Part, Receipt
from delivery.bells import Bell, Hands
from delivery.directory import Directory

PAUSE = timedelta(minutes=1)  # after a network that does not answer
SOON = timedelta(minutes=10)  # after the call: what is not there was not removed meanwhile, as far as the network shows

log = logging.getLogger("parvis.delivery")


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A delivery of which nobody knows whether its next part is out, and what it says where."""

    delivery: Delivery
    destination: Destination
    message: Delivered
    answers: MessageId | None


class Lookback:
    """Looks back for one account, whenever ``ring`` is called."""

    def __init__(
        self, *, platform: Platform, store: Store, words: Words, directory: Directory, clock: Clock, bell: Bell
    ) -> None:
        """``bell`` is rung when something was planned again."""
        self._platform = platform
        self._store = store
        self._words = words
        self._directory = directory
        self._clock = clock
        self._bell = bell
        self._asked = Bell()
        self._hands = Hands()
        self._hopeless: set[DeliveryId] = set()
        self._rests_until: datetime | None = None

    @property
    def busy(self) -> bool:
        """Whether a look is under way or asked for."""
        return self._hands.busy

    def ring(self) -> None:
        """Have it look."""
        self._asked.ring()

    async def run(self) -> None:
        """Look each time it is asked for, until cancelled."""
        while True:
            await self._asked.rest(self._clock)
            await self.look()

    async def look(self) -> None:
        """Settle what can be settled by looking; nothing where the network shows nothing, or the store is away."""
        now = self._clock.now()
        if not self._platform.capabilities.looks_back or (self._rests_until is not None and now < self._rests_until):
            return
        with self._hands.at_work():
            try:
                for doubt in await self._store.read(lambda books: self._doubts(books, now)):
                    await self._look_for(doubt)
            except StorageError as error:
                log.debug("lookback_waits", extra={"error": type(error).__name__})
            except PlatformError as error:
                self._rests_until = self._clock.now() + PAUSE
                log.debug("lookback_waits", extra={"error": type(error).__name__})

    def _doubts(self, books: Books, now: datetime) -> list[_Doubt]:
        if books.town.fact("held") is not None:
            return []
        found = (self._doubt(books, each, now) for each in books.deliveries.in_doubt(self._platform.account))
        return [doubt for doubt in found if doubt is not None]

    def _doubt(self, books: Books, delivery: Delivery, now: datetime) -> _Doubt | None:
        if delivery.id in self._hopeless:
            return None
        if delivery.claimed_at is None or now - delivery.claimed_at < LEASE:
            return None
        destination = self._directory.find_place(books, delivery.account, delivery.recipient)
        message = self._directory.unsealed(books, delivery.message)
        if destination is None or message is None or isinstance(message, Illegible):
            return None
        return _Doubt(delivery, destination, message, self._directory.answered(books, delivery))

    async def _look_for(self, doubt: _Doubt) -> None:
        delivery = doubt.delivery
        try:
            part = self._part(doubt)
            found = await self._platform.find(part, before=delivery.receipts, since=_since(delivery))
        except Rejected as error:
            self._hopeless.add(delivery.id)
            log.warning("lookback_blind", extra={"delivery": delivery.id, "detail": error.detail})
            return
        stands = await self._store.write(lambda books: self._settle(books, delivery, found))
        if stands is None:
            self._hopeless.add(delivery.id)
            return
        log.warning("delivery_settled", extra={"delivery": stands.id, "state": stands.state.value, "note": stands.note})
        self._bell.ring()

    def _part(self, doubt: _Doubt) -> Part:
        """The part in doubt. Raises Rejected when the words have changed so much that there is none."""
        post = self._words.post(doubt.message, doubt.destination.locale, self._platform.capabilities)
        post = replace(post, answers=doubt.answers)
        parts = self._platform.plan(post, doubt.destination.address, topic=doubt.destination.topic)
        if doubt.delivery.done >= len(parts):
            raise Rejected("the part in doubt is not planned any more")
        return parts[doubt.delivery.done]

    def _settle(self, books: Books, delivery: Delivery, found: Sequence[Receipt]) -> Delivery | None:
        """Store what was seen; None when a human must say what it means, or has."""
        ours = (
            each for each in found if books.deliveries.of_message(delivery.account, each.address, each.message) is None
        )
        receipt = next(ours, None)
        now = self._clock.now()
        if receipt is not None:
            after = progressed(delivery, receipt)
            after = completed(after) if after.done >= after.parts else replace(handed_back(after), due_at=now)
            after = replace(after, note="found where it was meant for")
        elif now >= delivery.expires_at or delivery.attempts + 1 >= MOST_ATTEMPTS or now - _since(delivery) > SOON:
            return None
        else:
            again = handed_back(delivery, note="not found where it was meant for")
            after = replace(again, doubted_at=None, due_at=now, attempts=delivery.attempts + 1)
        return after if books.deliveries.save(after, expected=DeliveryState.UNCERTAIN) else None


def _since(delivery: Delivery) -> datetime:
    """When the first call in doubt was made, at the earliest."""
    return delivery.doubted_at or delivery.claimed_at or delivery.due_at
