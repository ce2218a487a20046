"""What people answered, in memory."""

from dataclasses import replace
from datetime import datetime

from core.identifiers import AccountName, Address, DeliveryId, MessageId, ReplyId
from core.reply import Reply, Triage
from storage.memory.shelves import Shelves


class Replies:
    """See ``core.ports.books.replies.ReplyBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

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
        for known in self._in(account, chat, message):
            self._shelves.replies[known.id] = replace(known, text=text)
            return known.id
        number = ReplyId(self._shelves.next("reply"))
        self._shelves.replies[number] = Reply(
            id=number, about=about, account=account, chat=chat, message=message, author=author, text=text, at=at
        )
        return number

    def all(self, *, state: Triage | None = None, limit: int = 100) -> tuple[Reply, ...]:
        """List them, the newest first."""
        found = [reply for reply in self._shelves.replies.values() if state in {None, reply.state}]
        return tuple(reversed(found))[:limit]

    def of(self, author: bytes) -> tuple[Reply, ...]:
        """List those of one person."""
        return tuple(reply for reply in self._shelves.replies.values() if reply.author == author)

    def at(self, account: AccountName, chat: Address, message: MessageId) -> Reply | None:
        """Look one up."""
        return next(iter(self._in(account, chat, message)), None)

    def move(self, reply: ReplyId, state: Triage) -> bool:
        """Set where it stands."""
        known = self._shelves.replies.get(reply)
        if known is not None:
            self._shelves.replies[reply] = replace(known, state=state)
        return known is not None

    def forget(self, author: bytes) -> int:
        """Erase those of one person."""
        return self._drop(self.of(author))

    def remove_message(self, account: AccountName, chat: Address, message: MessageId) -> int:
        """Erase the one of a message."""
        return self._drop(self._in(account, chat, message))

    def purge(self, *, before: datetime) -> int:
        """Forget the old."""
        return self._drop(tuple(reply for reply in self._shelves.replies.values() if reply.at < before))

    def _in(self, account: AccountName, chat: Address, message: MessageId) -> tuple[Reply, ...]:
        place = (account, chat, message)
        replies = self._shelves.replies.values()
        return tuple(reply for reply in replies if (reply.account, reply.chat, reply.message) == place)

    def _drop(self, replies: tuple[Reply, ...]) -> int:
        for reply in replies:
            del self._shelves.replies[reply.id]
        return len(replies)
