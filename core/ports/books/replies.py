"""What citizens wrote about what the town said."""

from datetime import datetime
from typing import Protocol

from core.identifiers import (
    AccountName,
    Address,
    DeliveryId,
    MessageId,
    ReplyId,
)
from core.reply import Reply, Triage


class ReplyBook(Protocol):
    """What people answered."""

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
        """Store a reply; the same message again replaces its text."""
        ...

    def all(self, *, state: Triage | None = None, limit: int = 100) -> tuple[Reply, ...]:
        """Replies, the newest first."""
        ...

    def of(self, author: bytes) -> tuple[Reply, ...]:
        """The replies of one person."""
        ...

    def at(self, account: AccountName, chat: Address, message: MessageId) -> Reply | None:
        """The reply that this message was stored as."""
        ...

    def move(self, reply: ReplyId, state: Triage) -> bool:
        """Set where a reply stands; False when there is none."""
        ...

    def forget(self, author: bytes) -> int:
        """Erase the replies of one person. Returns how many."""
        ...

    def remove_message(self, account: AccountName, chat: Address, message: MessageId) -> int:
        """Erase the reply this message was stored as, for a message taken out of the debate."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget replies older than this instant. Returns how many."""
        ...
