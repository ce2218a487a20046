"""What was ordered about what is out, in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from core.correction import FAULT, SPEAKS, TAKES_BACK, Amendment, AmendmentState, Correction, Order, settled
from core.delivery import PATIENCE, Urgency
from core.identifiers import AccountName, CampaignId, CorrectionId, DeliveryId, OccurrenceId
from storage.ledger import PUBLIC, UNKNOWN
from storage.memory.shelves import Shelves


class Corrections:
    """See ``core.ports.books.corrections.CorrectionBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def order(self, order: Order) -> CorrectionId:
        """Remember an order and plan its amendments."""
        number = CorrectionId(self._shelves.next("correction"))
        self._shelves.corrections[number] = Correction(id=number, order=order)
        every = self._shelves.deliveries.values()
        said = {each.id for each in every if each.occurrence == order.occurrence}
        about = said | {each.id for each in every if order.kind in TAKES_BACK and each.answers in said}
        for delivery in sorted(about):
            self._shelves.amendments[number, delivery] = Amendment(
                correction=number,
                delivery=delivery,
                account=self._shelves.deliveries[delivery].account,
                urgency=order.urgency,
                due_at=order.due_at,
            )
        return number

    def get(self, correction: CorrectionId) -> Correction | None:
        """Look one up."""
        return self._shelves.corrections.get(correction)

    def of(self, occurrence: OccurrenceId) -> tuple[Correction, ...]:
        """List those of an occurrence."""
        found = (each for each in self._shelves.corrections.values() if each.order.occurrence == occurrence)
        return tuple(sorted(found, key=lambda each: each.id))

    def of_delivery(self, delivery: DeliveryId) -> tuple[Amendment, ...]:
        """List those of a copy."""
        found = (each for each in self._shelves.amendments.values() if each.delivery == delivery)
        return tuple(sorted(found, key=lambda each: each.correction))

    def count(self, correction: CorrectionId) -> Mapping[AmendmentState, int]:
        """Count them by state."""
        return Counter(each.state for each in self._shelves.amendments.values() if each.correction == correction)

    def claimable(self, account: AccountName, *, at: datetime, limit: int, least: Urgency) -> tuple[Amendment, ...]:
        """List what is to be made now."""
        found = [
            each
            for each in self._shelves.amendments.values()
            if each.account == account and each.urgency <= least and _is_due(each, at)
            if self._shelves.deliveries[each.delivery].state not in UNKNOWN
        ]
        return tuple(sorted(found, key=lambda each: (each.urgency, each.correction, each.delivery))[:limit])

    def save(
        self, amendment: Amendment, *, expected: AmendmentState, claimed_at: datetime | None, due_at: datetime
    ) -> bool:
        """Compare and set."""
        key = (amendment.correction, amendment.delivery)
        stands = self._shelves.amendments.get(key)
        if stands is None or (stands.state, stands.claimed_at, stands.due_at) != (expected, claimed_at, due_at):
            return False
        self._shelves.amendments[key] = amendment
        return True

    def away(self) -> dict[AccountName, str]:
        """Say which networks are waited for."""
        tried = [
            each
            for each in self._planned()
            if each.attempts >= PATIENCE and not each.note.startswith(FAULT) and self._is_public(each)
        ]
        return {each.account: each.note for each in sorted(tried, key=lambda each: (each.correction, each.delivery))}

    def next_due(self, after: datetime) -> datetime | None:
        """Say when the next is due."""
        return min((each.due_at for each in self._planned() if each.due_at > after), default=None)

    def hasten(self, campaign: CampaignId, urgency: Urgency) -> int:
        """Make what is planned at least so urgent."""
        slower = [each for each in self._planned(campaign) if each.urgency > urgency]
        for each in slower:
            self._shelves.amendments[each.correction, each.delivery] = replace(each, urgency=urgency)
        return len(slower)

    def cancel(self, campaign: CampaignId, *, at: datetime) -> int:
        """Cancel what would say something."""
        speaking = [
            each for each in self._planned(campaign) if self._shelves.corrections[each.correction].order.kind in SPEAKS
        ]
        for each in speaking:
            after = settled(each, AmendmentState.CANCELLED, at=at)
            self._shelves.amendments[each.correction, each.delivery] = after
        return len(speaking)

    def _is_public(self, amendment: Amendment) -> bool:
        return self._shelves.deliveries[amendment.delivery].recipient.kind in PUBLIC

    def _planned(self, campaign: CampaignId | None = None) -> Iterator[Amendment]:
        for each in list(self._shelves.amendments.values()):
            about = self._shelves.corrections[each.correction].order.occurrence
            ours = campaign in {None, self._shelves.occurrences[about].campaign}
            if ours and each.state is AmendmentState.PLANNED:
                yield each


def _is_due(amendment: Amendment, at: datetime) -> bool:
    if amendment.state is AmendmentState.MAKING:
        return amendment.lease_until is not None and amendment.lease_until < at
    return amendment.state is AmendmentState.PLANNED and amendment.due_at <= at
