"""What was ordered about what is out, and what becomes of it at every copy."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from core.correction import Amendment, AmendmentState, Correction, Order
from core.delivery import Urgency
from core.identifiers import AccountName, CampaignId, CorrectionId, DeliveryId, OccurrenceId


class CorrectionBook(Protocol):
    """Orders, and their amendments."""

    def order(self, order: Order) -> CorrectionId:
        """Remember an order, and plan an amendment for each delivery of the occurrence; also for the replies to them
        when it is to take something back.
        """
        ...

    def get(self, correction: CorrectionId) -> Correction | None:
        """The correction."""
        ...

    def of(self, occurrence: OccurrenceId) -> tuple[Correction, ...]:
        """Those of what an occurrence said, the oldest first."""
        ...

    def of_delivery(self, delivery: DeliveryId) -> tuple[Amendment, ...]:
        """What becomes, or became, of one copy, the oldest first."""
        ...

    def count(self, correction: CorrectionId) -> Mapping[AmendmentState, int]:
        """How many of its amendments stand in each state."""
        ...

    def claimable(self, account: AccountName, *, at: datetime, limit: int, least: Urgency) -> tuple[Amendment, ...]:
        """Those to be made now, none less urgent than ``least``: planned and due, or whose lease has ended.

        The most urgent first, then the oldest. None of a delivery of which it is not known whether, or how far, it is
        out, nor of one that may still go out.
        """
        ...

    def save(
        self, amendment: Amendment, *, expected: AmendmentState, claimed_at: datetime | None, due_at: datetime
    ) -> bool:
        """Store an amendment if it still stands as ``expected``, claimed and due then; else False."""
        ...

    def away(self) -> dict[AccountName, str]:
        """The accounts whose network took no change of a public copy in ``PATIENCE`` tries or more, and what was said
        last; not those where we failed ourselves.
        """
        ...

    def next_due(self, after: datetime) -> datetime | None:
        """When the next planned amendment is due that is not due at this instant."""
        ...

    def hasten(self, campaign: CampaignId, urgency: Urgency) -> int:
        """Make what is planned for a campaign at least so urgent; how many were less."""
        ...

    def cancel(self, campaign: CampaignId, *, at: datetime) -> int:
        """Cancel what is planned for a campaign and would say something in its name; how many."""
        ...
