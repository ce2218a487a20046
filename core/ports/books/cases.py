"""Messages that broke the charter, or were reported."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from core.identifiers import (
    AccountName,
    Address,
    CaseNumber,
    MessageId,
)
from core.moderation import Case, CaseState, Joined


class CaseBook(Protocol):
    """Messages judged."""

    def open(
        self,
        *,
        article: str,
        charter: str,
        account: AccountName,
        chat: Address,
        message: MessageId,
        author: bytes,
        sealed: bytes,
        state: CaseState,
        at: datetime,
        note: str = "",
    ) -> Case:
        """Open the next case; the same message again returns the case it has, made anew when no human decided in it."""
        ...

    def at(self, account: AccountName, chat: Address, message: MessageId) -> Case | None:
        """The case that this message has."""
        ...

    def assign(self, number: CaseNumber, who: str) -> bool:
        """Say who looks after it; False when there is no such case."""
        ...

    def keep(self, number: CaseNumber, entry: int, sealed: bytes) -> None:
        """Keep the sealed words of an entry of the audit log about this case, for as long as the case is kept."""
        ...

    def words(self, number: CaseNumber) -> Mapping[int, bytes]:
        """The sealed words of a case, by the entry that they belong to."""
        ...

    def get(self, number: CaseNumber) -> Case | None:
        """The case."""
        ...

    def all(self, *, state: CaseState | None = None, limit: int = 100) -> tuple[Case, ...]:
        """Cases, the newest first."""
        ...

    def move(self, number: CaseNumber, *, expected: CaseState, state: CaseState, note: str = "") -> bool:
        """Change the state if it is still ``expected``; else False."""
        ...

    def join(self, joined: Joined) -> None:
        """Keep with a case one more message, which no case has yet."""
        ...

    def joined(self, number: CaseNumber) -> tuple[Joined, ...]:
        """The messages that joined a case, in the order of their entries."""
        ...

    def joining(self, account: AccountName, chat: Address, message: MessageId) -> Joined | None:
        """The message, if it joined a case."""
        ...

    def move_joined(self, joined: Joined, *, state: CaseState) -> bool:
        """Change its state if it is still what is said; else False."""
        ...

    def unremoved(self, account: AccountName, *, limit: int) -> tuple[Joined, ...]:
        """The messages that joined a case and are still to be taken out by this account, in the order of entries."""
        ...

    def of(self, author: bytes) -> tuple[Case, ...]:
        """The cases of one person."""
        ...

    def opened(self, *, before: datetime) -> tuple[Case, ...]:
        """Those older than this instant."""
        ...

    def purge(self, *, before: datetime, keeping: Collection[CaseNumber] = ()) -> int:
        """Forget cases older than this instant, but those to keep. Returns how many."""
        ...
