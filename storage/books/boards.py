"""What is out there: which delivery a message came from, its copies, and the boards that follow a poll."""

from collections.abc import Collection

from sqlalchemy import and_, not_, tuple_
from sqlmodel import col, select, update

from core.audience import Recipient
from core.identifiers import AccountName, Address, DeliveryId, MessageId, PollId
from core.poll import PollState
from core.ports.books.deliveries import Board
from storage.books.book import BOARD, CUT_SHORT
from storage.books.ledger import Ledger
from storage.ledger import PRIVATE, board_of
from storage.tables import DeliveryRow, MirrorRow, PollRow, ReceiptRow


class Boards(Ledger):
    """The part of the ledger that looks at what was sent."""

    def of_message(self, account: AccountName, chat: Address, message: MessageId) -> DeliveryId | None:
        """Find what put a message there."""
        ours = select(ReceiptRow.delivery).where(ReceiptRow.account == account)
        direct = ours.where(ReceiptRow.address == chat, ReceiptRow.message == message)
        same_post = and_(
            col(MirrorRow.channel) == col(ReceiptRow.address), col(MirrorRow.post) == col(ReceiptRow.message)
        )
        mirrored = ours.join(MirrorRow, same_post).where(MirrorRow.group == chat, MirrorRow.message == message)
        for found in (direct, mirrored):
            number = self._session.exec(found.order_by(col(ReceiptRow.delivery)).limit(1)).first()
            if number is not None:
                return DeliveryId(number)
        return None

    def mirror(self, *, channel: Address, post: MessageId, group: Address, message: MessageId) -> None:
        """Remember a copy."""
        row = {"group": group, "message": message, "channel": channel, "post": post}
        adding = self._dialect.insert(MirrorRow).values(row)
        self._change(adding.on_conflict_do_update(index_elements=["group", "message"], set_=row))

    def boards(
        self,
        *,
        limit: int,
        except_chats: Collection[tuple[AccountName, Recipient]] = (),
        except_accounts: Collection[AccountName] = (),
    ) -> tuple[Board, ...]:
        """List the messages whose look may have to follow a poll, the public ones first."""
        private = col(DeliveryRow.kind).in_(PRIVATE)
        over = select(PollRow.id).where(col(PollRow.state).in_([PollState.CLOSED, PollState.STOPPED]))
        follows = not_(private) | col(DeliveryRow.poll).in_(over)
        place = tuple_(col(DeliveryRow.account), col(DeliveryRow.kind), col(DeliveryRow.name))
        elsewhere = place.not_in([(account, to.kind, to.name) for account, to in except_chats])
        others = col(DeliveryRow.account).not_in(except_accounts)
        wanted = select(DeliveryRow).where(elsewhere, others).order_by(private, col(DeliveryRow.id)).limit(limit)
        out = select(ReceiptRow.delivery).where(col(ReceiptRow.delivery) == col(DeliveryRow.id)).exists()
        rows = [
            *self._session.exec(wanted.where(BOARD, follows)).all(),
            *self._session.exec(wanted.where(CUT_SHORT, out, col(DeliveryRow.poll).in_(over))).all(),
        ][:limit]
        sent = zip(rows, self._deliveries(rows), strict=True)
        found = (board_of(each, PollId(str(row.poll)), row.shown) for row, each in sent)
        return tuple(board for board in found if board is not None)

    def shown(self, delivery: DeliveryId, digest: bytes, *, final: bool) -> None:
        """Remember what a board shows."""
        change = update(DeliveryRow).where(col(DeliveryRow.id) == delivery)
        self._change(change.values(shown=digest, final=final))
