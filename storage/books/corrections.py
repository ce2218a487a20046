"""What was ordered about what is out, and what becomes of it at every copy."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, literal, or_
from sqlmodel import col, insert, select, update
from sqlmodel.sql.expression import SelectOfScalar

from core.correction import FAULT, SPEAKS, TAKES_BACK, Amendment, AmendmentState, Correction, Order
from core.delivery import PATIENCE, Urgency
from core.identifiers import AccountName, CampaignId, CorrectionId, DeliveryId, OccurrenceId
from storage import bodies
from storage.books.book import MAKING, PLANNED_AMENDMENT, Book
from storage.correction_tables import AmendmentRow, CorrectionRow
from storage.ledger import PUBLIC, UNKNOWN
from storage.tables import DeliveryRow, OccurrenceRow


def _claimable() -> SelectOfScalar[AmendmentRow]:
    """Built once: at every tick somebody asks for each account, mostly for nothing."""
    at: BindParameter[datetime] = bindparam("at")
    due = or_(and_(PLANNED_AMENDMENT, col(AmendmentRow.due_at) <= at), and_(MAKING, col(AmendmentRow.lease_until) < at))
    known = select(DeliveryRow.id).where(
        col(DeliveryRow.id) == AmendmentRow.delivery, col(DeliveryRow.state).not_in(UNKNOWN)
    )
    mine = (col(AmendmentRow.account) == bindparam("account"), col(AmendmentRow.urgency) <= bindparam("least"))
    order = (col(AmendmentRow.urgency), col(AmendmentRow.correction), col(AmendmentRow.delivery))
    found = select(AmendmentRow).where(*mine, due, known.exists())
    return found.order_by(*order).limit(bindparam("limit"))


_CLAIMABLE = _claimable()


class Corrections(Book):
    """See ``core.ports.books.corrections.CorrectionBook``."""

    def order(self, order: Order) -> CorrectionId:
        """Remember an order and plan its amendments, inside the database."""
        row = {"occurrence": order.occurrence, "kind": order.kind, "body": bodies.written(order)}
        adding = self._dialect.insert(CorrectionRow).values(row).returning(CorrectionRow.id)
        number = CorrectionId(self._session.connection().execute(adding).scalar_one())
        common = {
            "correction": number,
            "urgency": int(order.urgency),
            "due_at": order.due_at,
            "state": AmendmentState.PLANNED,
            "attempts": 0,
            "lease_until": None,
            "claimed_at": None,
            "settled_at": None,
            "reply": None,
            "note": "",
        }
        types = AmendmentRow.metadata.tables["amendments"].c
        same = [literal(value, types[name].type) for name, value in common.items()]
        copies = select(col(DeliveryRow.id), col(DeliveryRow.account), *same).where(_about(order))
        self._change(insert(AmendmentRow).from_select(["delivery", "account", *common], copies))
        return number

    def get(self, correction: CorrectionId) -> Correction | None:
        """Look one up."""
        row = self._session.get(CorrectionRow, correction)
        return None if row is None else _correction(row)

    def of(self, occurrence: OccurrenceId) -> tuple[Correction, ...]:
        """List those of an occurrence."""
        found = select(CorrectionRow).where(CorrectionRow.occurrence == occurrence).order_by(col(CorrectionRow.id))
        return tuple(map(_correction, self._session.exec(found)))

    def of_delivery(self, delivery: DeliveryId) -> tuple[Amendment, ...]:
        """List those of a copy."""
        found = select(AmendmentRow).where(AmendmentRow.delivery == delivery)
        return self._read(found.order_by(col(AmendmentRow.correction)))

    def count(self, correction: CorrectionId) -> Mapping[AmendmentState, int]:
        """Count them by state."""
        counting = select(AmendmentRow.state, func.count()).where(AmendmentRow.correction == correction)
        found = self._session.exec(counting.group_by(AmendmentRow.state))
        return {AmendmentState(state): number for state, number in found}

    def claimable(self, account: AccountName, *, at: datetime, limit: int, least: Urgency) -> tuple[Amendment, ...]:
        """List what is to be made now."""
        mine = {"account": account, "at": at, "limit": limit, "least": int(least)}
        return tuple(map(_amendment, self._session.exec(_CLAIMABLE, params=mine)))

    def save(
        self, amendment: Amendment, *, expected: AmendmentState, claimed_at: datetime | None, due_at: datetime
    ) -> bool:
        """Compare and set."""
        stands = and_(
            col(AmendmentRow.correction) == amendment.correction,
            col(AmendmentRow.delivery) == amendment.delivery,
            col(AmendmentRow.state) == expected,
            col(AmendmentRow.claimed_at) == claimed_at,
            col(AmendmentRow.due_at) == due_at,
        )
        return bool(self._change(update(AmendmentRow).where(stands).values(_columns(amendment))))

    def away(self) -> dict[AccountName, str]:
        """Say which networks are waited for."""
        tried = select(AmendmentRow.account, AmendmentRow.note).join(
            DeliveryRow, col(DeliveryRow.id) == AmendmentRow.delivery
        )
        theirs = col(AmendmentRow.note).not_like(f"{FAULT}%")
        often = and_(
            PLANNED_AMENDMENT, col(AmendmentRow.attempts) >= PATIENCE, theirs, col(DeliveryRow.kind).in_(PUBLIC)
        )
        order = (col(AmendmentRow.correction), col(AmendmentRow.delivery))
        return {AccountName(account): note for account, note in self._session.exec(tried.where(often).order_by(*order))}

    def next_due(self, after: datetime) -> datetime | None:
        """Say when the next is due."""
        later = and_(PLANNED_AMENDMENT, col(AmendmentRow.due_at) > after)
        found: datetime | None = self._session.exec(select(func.min(AmendmentRow.due_at)).where(later)).one()
        return found

    def hasten(self, campaign: CampaignId, urgency: Urgency) -> int:
        """Make what is planned at least so urgent."""
        slower = and_(
            PLANNED_AMENDMENT, col(AmendmentRow.correction).in_(_of(campaign)), col(AmendmentRow.urgency) > int(urgency)
        )
        return self._change(update(AmendmentRow).where(slower).values(urgency=int(urgency)))

    def cancel(self, campaign: CampaignId, *, at: datetime) -> int:
        """Cancel what would say something."""
        speaking = _of(campaign).where(col(CorrectionRow.kind).in_(SPEAKS))
        planned = and_(PLANNED_AMENDMENT, col(AmendmentRow.correction).in_(speaking))
        return self._change(update(AmendmentRow).where(planned).values(state=AmendmentState.CANCELLED, settled_at=at))

    def _read(self, statement: SelectOfScalar[AmendmentRow]) -> tuple[Amendment, ...]:
        return tuple(map(_amendment, self._session.exec(statement)))


def _about(order: Order) -> ColumnElement[bool]:
    said = col(DeliveryRow.occurrence) == order.occurrence
    if order.kind not in TAKES_BACK:
        return said
    answered = select(DeliveryRow.id).where(DeliveryRow.occurrence == order.occurrence)
    return or_(said, col(DeliveryRow.answers).in_(answered))


def _of(campaign: CampaignId) -> SelectOfScalar[int]:
    theirs = select(OccurrenceRow.id).where(OccurrenceRow.campaign == campaign)
    return select(CorrectionRow.id).where(col(CorrectionRow.occurrence).in_(theirs))


def _correction(row: CorrectionRow) -> Correction:
    return Correction(id=CorrectionId(row.id), order=bodies.read(Order, row.body))


def _columns(amendment: Amendment) -> dict[str, Any]:
    return {
        "urgency": int(amendment.urgency),
        "due_at": amendment.due_at,
        "state": amendment.state,
        "attempts": amendment.attempts,
        "lease_until": amendment.lease_until,
        "claimed_at": amendment.claimed_at,
        "settled_at": amendment.settled_at,
        "reply": amendment.reply,
        "note": amendment.note,
    }


def _amendment(row: AmendmentRow) -> Amendment:
    return Amendment(
        correction=CorrectionId(row.correction),
        delivery=DeliveryId(row.delivery),
        account=AccountName(row.account),
        urgency=Urgency(row.urgency),
        due_at=row.due_at,
        state=AmendmentState(row.state),
        attempts=row.attempts,
        claimed_at=row.claimed_at,
        lease_until=row.lease_until,
        settled_at=row.settled_at,
        reply=None if row.reply is None else DeliveryId(row.reply),
        note=row.note,
    )
