"""What time alone decides: leases that ended without an answer, and deliveries that came too late."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from core.capabilities import Capabilities
from core.delivery import Delivery, DeliveryState, lost
from core.identifiers import AccountName
from core.ports.clock import Clock
from core.ports.store import Books, Store
from delivery.bells import Hands

log = logging.getLogger("parvis.delivery")


class Sweep:
    """Looks for claims whose sender died and for what has expired. ``wake`` is called when anything changed.

    ``capabilities`` is asked at each look: some are only known once an account is open.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        capabilities: Callable[[], Mapping[AccountName, Capabilities]],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._capabilities = capabilities
        self._wake = wake
        self._hands = Hands()

    @property
    def busy(self) -> bool:
        """Whether a look is under way."""
        return self._hands.busy

    async def look(self) -> None:
        """Settle what is overdue, expire what is late."""
        with self._hands.at_work():
            found, expired = await self._store.write(partial(self._settle, self._clock.now()))
            for delivery in found:
                if delivery.state is DeliveryState.UNCERTAIN:
                    log.warning("delivery_uncertain", extra={"delivery": delivery.id, "account": delivery.account})
            if expired:
                log.warning("deliveries_expired", extra={"number": expired})
            if found or expired:
                self._wake()

    def _settle(self, now: datetime, books: Books) -> tuple[list[Delivery], int]:
        found = [self._lost(delivery, now) for delivery in books.deliveries.overdue(now)]
        sending = DeliveryState.SENDING
        settled = [each for each in found if books.deliveries.save(each, expected=sending, claimed_at=each.claimed_at)]
        held = books.town.fact("held") is not None  # what could not go out is not given up for that
        return settled, 0 if held else books.deliveries.expire(now)

    def _lost(self, delivery: Delivery, now: datetime) -> Delivery:
        known = self._capabilities().get(delivery.account)
        return lost(delivery, at=now, dedupes_for=known.dedupes_for if known else timedelta())
