"""Those who asked to be written to, or chose a language."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.citizen import Citizen
from core.identifiers import (
    AccountName,
    CitizenId,
    Locale,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A citizen who asked for news: the keyed hash of their account, and the account sealed."""

    id: CitizenId
    account: AccountName
    blind: bytes
    sealed: bytes


class CitizenBook(Protocol):
    """Those who asked to be written to, or chose a language. Finding one needs the keyed hash of their account."""

    def remember(
        self,
        *,
        blind: bytes,
        sealed: bytes,
        account: AccountName,
        locale: Locale,
        subscribed: bool | None,
        at: datetime,
    ) -> CitizenId:
        """Add or change; ``subscribed`` None leaves it as it was (False at first)."""
        ...

    def find(self, blind: bytes) -> Citizen | None:
        """The citizen of this keyed hash; ``person`` is empty: only ``sealed_person`` can name them."""
        ...

    def locales(self, blinds: Sequence[bytes]) -> dict[bytes, Locale]:
        """The chosen languages of those among them who chose one."""
        ...

    def sealed_person(self, citizen: CitizenId) -> tuple[bytes, Locale, bool] | None:
        """Sealed account, language, and whether still subscribed."""
        ...

    def subscribed(self, accounts: Collection[AccountName], *, after: CitizenId, limit: int) -> tuple[Subscriber, ...]:
        """The subscribers of these accounts with a greater number, by number."""
        ...

    def unsubscribe(self, blind: bytes) -> bool:
        """Stop private news: planned private deliveries are cancelled too. False when not subscribed."""
        ...

    def deactivate(self, citizen: CitizenId) -> None:
        """The platform no longer lets us write to them: unsubscribe, and cancel what is planned for them."""
        ...

    def forget(self, blind: bytes) -> int:
        """Erase the citizen and their private deliveries. Returns how many rows."""
        ...

    def subscribers(self) -> int:
        """How many are subscribed."""
        ...

    def private_deliveries(self, blind: bytes) -> int:
        """How many deliveries in the ledger name this citizen."""
        ...
