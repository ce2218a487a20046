"""The ledger of everything that goes out."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, delete, insert, select, update

from core.audience import Recipient, RecipientKind
from core.delivery import PATIENCE, Delivery, DeliveryState, Urgency
from core.identifiers import AccountName, CampaignId, DeliveryId, OccurrenceId
from core.ports.books.deliveries import Ailing
from storage.books.boards import Boards
from storage.books.book import DOUBT, PLANNED, SENDING, UNDELIVERED, of_campaign
from storage.books.claims import Claims
from storage.books.ledger import columns, receipt_columns
from storage.books.planning import Planning
from storage.ledger import FORGOTTEN, PUBLIC, SETTLED
from storage.tables import DeliveryRow, MessageRow, OccurrenceRow, ReceiptRow


class Deliveries(Claims, Planning, Boards):
    """See ``core.ports.books.deliveries.DeliveryBook``."""

    def save(self, delivery: Delivery, *, expected: DeliveryState, claimed_at: datetime | None = None) -> bool:
        """Compare and set."""
        stands = (col(DeliveryRow.id) == delivery.id) & (col(DeliveryRow.state) == expected)
        if expected is DeliveryState.SENDING:
            stands &= col(DeliveryRow.claimed_at) == claimed_at
        fresh = {"shown": None, "final": False} if expected is DeliveryState.FAILED else {}  # see ``CUT_SHORT``
        if not self._change(update(DeliveryRow).where(stands).values({**columns(delivery), **fresh})):
            return False
        self._change(delete(ReceiptRow).where(col(ReceiptRow.delivery) == delivery.id))
        for row in receipt_columns(delivery):
            self._change(insert(ReceiptRow).values(row))
        return True

    def get(self, delivery: DeliveryId) -> Delivery | None:
        """Look one up."""
        return next(iter(self._read(select(DeliveryRow).where(DeliveryRow.id == delivery))), None)

    def all(
        self,
        *,
        state: DeliveryState | None = None,
        campaign: CampaignId | None = None,
        kind: RecipientKind | None = None,
        below: Urgency | None = None,
        occurrence: OccurrenceId | None = None,
        limit: int = 100,
    ) -> tuple[Delivery, ...]:
        """List them, the newest first."""
        found = select(DeliveryRow).order_by(col(DeliveryRow.id).desc()).limit(limit)
        if state is not None:
            found = found.where(DeliveryRow.state == state)
        if campaign is not None:
            found = found.where(of_campaign(campaign))
        if kind is not None:
            found = found.where(DeliveryRow.kind == kind)
        if below is not None:
            found = found.where(col(DeliveryRow.urgency) > int(below))
        if occurrence is not None:
            found = found.where(DeliveryRow.occurrence == occurrence)
        return self._read(found)

    def count(self, *, campaign: CampaignId | None = None) -> dict[DeliveryState, int]:
        """Count them by state."""
        counting = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        if campaign is not None:
            counting = counting.where(of_campaign(campaign))
        return {DeliveryState(state): number for state, number in self._session.exec(counting)}

    def by_occurrence(self, campaign: CampaignId) -> dict[OccurrenceId, dict[DeliveryState, int]]:
        """Count them by occurrence and state."""
        occurrence, state = col(DeliveryRow.occurrence), col(DeliveryRow.state)
        ours = select(OccurrenceRow.id).where(OccurrenceRow.campaign == campaign)
        counting = select(occurrence, state, func.count()).where(occurrence.in_(ours))
        counts: dict[OccurrenceId, dict[DeliveryState, int]] = {}
        for of, stands, number in self._session.exec(counting.group_by(occurrence, state)):
            counts.setdefault(OccurrenceId(of or 0), {})[DeliveryState(stands)] = number
        return counts

    def in_doubt(self, account: AccountName) -> tuple[Delivery, ...]:
        """List those of which nobody knows whether they are out."""
        theirs = (col(DeliveryRow.account) == account) & col(DeliveryRow.kind).in_(PUBLIC)
        return self._read(select(DeliveryRow).where(DOUBT, theirs).order_by(col(DeliveryRow.id)))

    def ailing(self, *, since: datetime) -> tuple[Ailing, ...]:
        """List those that need a human, or may: two looks, each into an index of its own."""
        doubts = self._session.exec(select(DeliveryRow).where(DOUBT))
        lost = self._session.exec(select(DeliveryRow).where(UNDELIVERED, col(DeliveryRow.expires_at) > since))
        return tuple(_ailing(row) for row in sorted((*doubts, *lost), key=lambda row: row.id))

    def away(self) -> dict[AccountName, str]:
        """Say which networks are waited for."""
        begun = PLANNED & col(DeliveryRow.claimed_at).is_not(None) & (col(DeliveryRow.attempts) >= PATIENCE)
        tried = select(DeliveryRow.account, DeliveryRow.note).where(begun, col(DeliveryRow.kind).in_(PUBLIC))
        rows = self._session.exec(tried.order_by(col(DeliveryRow.id)))
        return {AccountName(account): note for account, note in rows}

    def to(self, recipient: Recipient) -> tuple[Delivery, ...]:
        """List those to one recipient."""
        named = (col(DeliveryRow.kind) == recipient.kind) & (col(DeliveryRow.name) == recipient.name)
        return self._read(select(DeliveryRow).where(named).order_by(col(DeliveryRow.id)))

    def overdue(self, at: datetime) -> tuple[Delivery, ...]:
        """List those whose lease ended."""
        late = select(DeliveryRow).where(SENDING, col(DeliveryRow.lease_until) < at)
        return tuple(sorted(self._read(late), key=lambda delivery: delivery.id))

    def purge(self, *, before: datetime) -> int:
        """Forget deliveries to or about people settled before, and messages that nothing carries any more."""
        settled = col(DeliveryRow.state).in_(SETTLED) & col(DeliveryRow.kind).in_(FORGOTTEN)
        old = func.coalesce(col(DeliveryRow.claimed_at), col(DeliveryRow.expires_at)) < before
        gone = self._change(delete(DeliveryRow).where(settled & old))
        used = select(DeliveryRow.id).where(DeliveryRow.message == MessageRow.id)
        self._change(delete(MessageRow).where(~used.exists()))
        return gone


def _ailing(row: DeliveryRow) -> Ailing:
    return Ailing(
        id=DeliveryId(row.id),
        occurrence=None if row.occurrence is None else OccurrenceId(row.occurrence),
        account=AccountName(row.account),
        kind=RecipientKind(row.kind),
        state=DeliveryState(row.state),
        claimed_at=row.claimed_at,
    )
