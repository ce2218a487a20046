"""What people answered."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, delete, select, update

from core.identifiers import AccountName, Address, DeliveryId, MessageId, ReplyId
from core.reply import Reply, Triage
from storage.books.book import Book
from storage.tables import ReplyRow


class Replies(Book):
    """See ``core.ports.books.replies.ReplyBook``."""

    def add(
        self,
        *,
        about: DeliveryId | None,
        account: AccountName,
        chat: Address,
        message: MessageId,
        author: bytes,
        text: str,
        at: datetime,
    ) -> ReplyId:
        """Store it; a message known already gets its new text."""
        row = {
            "about": about,
            "account": account,
            "chat": chat,
            "message": message,
            "author": author,
            "text": text,
            "at": at,
            "state": Triage.NEW,
        }
        adding = self._dialect.insert(ReplyRow).values(row)
        place = ["account", "chat", "message"]
        self._change(adding.on_conflict_do_update(index_elements=place, set_={"text": text}))
        return ReplyId(self._session.exec(select(ReplyRow.id).where(_in(account, chat, message))).one())

    def all(self, *, state: Triage | None = None, limit: int = 100) -> tuple[Reply, ...]:
        """List them, the newest first."""
        found = select(ReplyRow).order_by(col(ReplyRow.id).desc()).limit(limit)
        if state is not None:
            found = found.where(ReplyRow.state == state)
        return tuple(map(_reply, self._session.exec(found)))

    def of(self, author: bytes) -> tuple[Reply, ...]:
        """List those of one person."""
        theirs = select(ReplyRow).where(ReplyRow.author == author).order_by(col(ReplyRow.id))
        return tuple(map(_reply, self._session.exec(theirs)))

    def at(self, account: AccountName, chat: Address, message: MessageId) -> Reply | None:
        """Look one up."""
        row = self._session.exec(select(ReplyRow).where(_in(account, chat, message))).first()
        return None if row is None else _reply(row)

    def move(self, reply: ReplyId, state: Triage) -> bool:
        """Set where it stands."""
        return bool(self._change(update(ReplyRow).where(col(ReplyRow.id) == reply).values(state=state)))

    def forget(self, author: bytes) -> int:
        """Erase those of one person."""
        return self._change(delete(ReplyRow).where(col(ReplyRow.author) == author))

    def remove_message(self, account: AccountName, chat: Address, message: MessageId) -> int:
        """Erase the one of a message."""
        return self._change(delete(ReplyRow).where(_in(account, chat, message)))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._change(delete(ReplyRow).where(col(ReplyRow.at) < before))


def _in(account: AccountName, chat: Address, message: MessageId) -> ColumnElement[bool]:
    return and_(col(ReplyRow.account) == account, col(ReplyRow.chat) == chat, col(ReplyRow.message) == message)


def _reply(row: ReplyRow) -> Reply:
    return Reply(
        id=ReplyId(row.id),
        about=None if row.about is None else DeliveryId(row.about),
        account=AccountName(row.account),
        chat=Address(row.chat),
        message=MessageId(row.message),
        author=row.author,
        text=row.text,
        at=row.at,
        state=Triage(row.state),
    )
