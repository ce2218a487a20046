"""Reading the ledger: a delivery is a row, its message and its receipts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.audience import Recipient, RecipientKind
from core.delivery import Delivery, DeliveryState, Urgency
from core.identifiers import AccountName, Address, DeliveryId, MessageId, NativePollId, OccurrenceId
from core.messages import Delivered, Illegible
from core.post import Receipt
from storage import bodies
from storage.books.book import Book
from storage.tables import DeliveryRow, MessageRow, ReceiptRow

_NUMBERS: BindParameter[int] = bindparam("numbers", expanding=True)
_MESSAGES = select(MessageRow).where(col(MessageRow.id).in_(_NUMBERS))
_RECEIPTS = (
    select(ReceiptRow)
    .where(col(ReceiptRow.delivery).in_(_NUMBERS))
    .order_by(col(ReceiptRow.delivery), col(ReceiptRow.rank))
)


class Ledger(Book):
    """What every part of the ledger reads with."""

    def _read(
        self, statement: SelectOfScalar[DeliveryRow], asked: Mapping[str, object] | None = None
    ) -> tuple[Delivery, ...]:
        return self._deliveries(self._session.exec(statement, params=asked).all())

    def _deliveries(self, rows: Sequence[DeliveryRow]) -> tuple[Delivery, ...]:
        if not rows:
            return ()
        messages = self._messages({row.message for row in rows})
        receipts = self._receipts([row.id for row in rows])
        return tuple(_delivery(row, messages[row.message], receipts.get(row.id, ())) for row in rows)

    def _messages(self, numbers: Iterable[int]) -> dict[int, Delivered | Illegible]:
        found = self._session.exec(_MESSAGES, params={"numbers": [*numbers]})
        return {row.id: _message(row) for row in found}

    def _receipts(self, deliveries: Sequence[int]) -> dict[int, tuple[Receipt, ...]]:
        found: dict[int, tuple[Receipt, ...]] = {}
        for row in self._session.exec(_RECEIPTS, params={"numbers": deliveries}):
            found[row.delivery] = (*found.get(row.delivery, ()), receipt_of(row))
        return found


def columns(delivery: Delivery) -> dict[str, Any]:
    """What changes of a delivery in its life. Its message, recipient and occurrence never do."""
    return {
        "account": delivery.account,
        "urgency": int(delivery.urgency),
        "due_at": delivery.due_at,
        "expires_at": delivery.expires_at,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "lease_until": delivery.lease_until,
        "claimed_at": delivery.claimed_at,
        "doubted_at": delivery.doubted_at,
        "parts": delivery.parts,
        "done": delivery.done,
        "asks": delivery.asks,
        "note": delivery.note,
    }


def receipt_columns(delivery: Delivery) -> list[dict[str, Any]]:
    """The receipts as rows."""
    return [
        {
            "delivery": delivery.id,
            "rank": rank,
            "account": delivery.account,
            "address": receipt.address,
            "message": receipt.message,
            "call": receipt.call,
            "poll": receipt.poll,
            "link": receipt.link,
        }
        for rank, receipt in enumerate(delivery.receipts)
    ]


def _message(row: MessageRow) -> Delivered | Illegible:
    try:
        return bodies.message_read(row.kind, row.body)
    except (KeyError, ValueError):  # one such message must not hide all the others
        return Illegible(kind=row.kind)


def _delivery(row: DeliveryRow, message: Delivered | Illegible, receipts: tuple[Receipt, ...]) -> Delivery:
    return Delivery(
        id=DeliveryId(row.id),
        occurrence=None if row.occurrence is None else OccurrenceId(row.occurrence),
        account=AccountName(row.account),
        recipient=Recipient(RecipientKind(row.kind), row.name),
        message=message,
        urgency=Urgency(row.urgency),
        due_at=row.due_at,
        expires_at=row.expires_at,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        lease_until=row.lease_until,
        claimed_at=row.claimed_at,
        doubted_at=row.doubted_at,
        receipts=receipts,
        parts=row.parts,
        done=row.done,
        asks=row.asks,
        note=row.note,
        answers=None if row.answers is None else DeliveryId(row.answers),
    )


def receipt_of(row: ReceiptRow) -> Receipt:
    """The receipt that a row holds."""
    poll = None if row.poll is None else NativePollId(row.poll)
    return Receipt(
        address=Address(row.address), message=MessageId(row.message), call=row.call, poll=poll, link=row.link
    )
