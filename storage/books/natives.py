"""The networks' own polls."""

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import col, select

from core.identifiers import AccountName, DeliveryId, NativePollId, PollId
from core.native import Sighting, newest
from core.poll import Poll
from core.ports.books.natives import Hosted, Nameless
from storage import bodies
from storage.books.book import Book
from storage.books.ledger import receipt_of
from storage.ledger import PERHAPS_OUT
from storage.tables import DeliveryRow, NativePollRow, PollRow, ReceiptRow


class Natives(Book):
    """See ``core.ports.books.natives.NativeBook``."""

    def of(self, poll: PollId) -> tuple[Hosted, ...]:
        """List those of a question."""
        return self._where(col(DeliveryRow.poll) == poll)

    def nameless(self, poll: PollId) -> tuple[Nameless, ...]:
        """List those without a name."""
        named = select(ReceiptRow.delivery).where(col(ReceiptRow.poll).is_not(None))
        out = col(DeliveryRow.state).in_(PERHAPS_OUT) | col(DeliveryRow.doubted_at).is_not(None)
        asking = (col(DeliveryRow.poll) == poll) & col(DeliveryRow.asks) & out & col(DeliveryRow.id).not_in(named)
        found = self._session.exec(
            select(DeliveryRow.id, DeliveryRow.account).where(asking).order_by(col(DeliveryRow.id))
        )
        return tuple(Nameless(delivery=DeliveryId(number), account=AccountName(account)) for number, account in found)

    def unsettled(self) -> tuple[Hosted, ...]:
        """List those to follow."""
        return self._where(~func.coalesce(col(NativePollRow.settled), False))

    def see(self, account: AccountName, name: NativePollId, seen: Sighting) -> None:
        """Let the newest stand."""
        hosted = self._find(account, name)
        if hosted is not None:
            stands = newest(hosted.seen, seen, self._options(hosted.poll))
            self._keep(hosted, seen=stands, asked=hosted.asked and stands is not seen)

    def ask(self, account: AccountName, name: NativePollId) -> None:
        """Have it looked at."""
        hosted = self._find(account, name)
        if hosted is not None and not hosted.asked:
            self._keep(hosted, seen=hosted.seen, asked=True)

    def give_up(self, account: AccountName, name: NativePollId) -> None:
        """Follow it no longer."""
        hosted = self._find(account, name)
        if hosted is not None:
            self._keep(hosted, seen=hosted.seen, asked=False, gone=True)

    def _find(self, account: AccountName, name: NativePollId) -> Hosted | None:
        found = self._where((col(ReceiptRow.account) == account) & (col(ReceiptRow.poll) == name))
        return found[0] if found else None

    def _options(self, poll: PollId) -> int:
        body = self._session.exec(select(PollRow.body).where(PollRow.id == poll)).one()
        return len(bodies.read(Poll, body).options)

    def _keep(self, hosted: Hosted, *, seen: Sighting | None, asked: bool, gone: bool = False) -> None:
        gone = gone or hosted.gone
        row = {
            "account": hosted.account,
            "name": hosted.receipt.poll,
            "seen": None if seen is None else bodies.written(seen),
            "settled": gone or (seen is not None and seen.tally.final),
            "asked": asked,
            "gone": gone,
        }
        adding = self._dialect.insert(NativePollRow).values(row)
        self._change(adding.on_conflict_do_update(index_elements=["account", "name"], set_=row))

    def _where(self, condition: ColumnElement[bool]) -> tuple[Hosted, ...]:
        known = and_(col(NativePollRow.account) == ReceiptRow.account, col(NativePollRow.name) == ReceiptRow.poll)
        carried = select(ReceiptRow, DeliveryRow.poll, NativePollRow)
        joined = carried.join(DeliveryRow, col(DeliveryRow.id) == ReceiptRow.delivery)
        found = joined.outerjoin(NativePollRow, known).where(
            condition, col(ReceiptRow.poll).is_not(None), col(DeliveryRow.poll).is_not(None)
        )
        ordered = found.order_by(col(ReceiptRow.delivery), col(ReceiptRow.rank))
        return tuple(_hosted(receipt, str(poll), known) for receipt, poll, known in self._session.exec(ordered))


def _hosted(receipt: ReceiptRow, poll: str, known: NativePollRow | None) -> Hosted:
    hosted = Hosted(
        delivery=DeliveryId(receipt.delivery),
        account=AccountName(receipt.account),
        poll=PollId(poll),
        receipt=receipt_of(receipt),
    )
    if known is None:
        return hosted
    seen = None if known.seen is None else bodies.read(Sighting, known.seen)
    return replace(hosted, seen=seen, asked=known.asked, gone=known.gone)
