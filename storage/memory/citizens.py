"""Those who asked to be written to, in memory."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from core.audience import Recipient, RecipientKind
from core.citizen import Citizen
from core.identifiers import AccountName, CitizenId, Locale, PersonRef
from core.ports.books.citizens import Subscriber
from storage.memory.deliveries import Deliveries
from storage.memory.shelves import Entry, Shelves


class Citizens:
    """See ``core.ports.books.citizens.CitizenBook``."""

    def __init__(self, shelves: Shelves, deliveries: Deliveries) -> None:
        self._shelves = shelves
        self._deliveries = deliveries

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
        """Add or change."""
        known = self._shelves.citizens.get(blind)
        entry = Entry(
            id=known.id if known else CitizenId(self._shelves.next("citizen")),
            blind=blind,
            sealed=sealed,
            account=account,
            locale=locale,
            subscribed=subscribed if subscribed is not None else bool(known and known.subscribed),
            since=known.since if known else at,
        )
        self._shelves.citizens[blind] = entry
        return entry.id

    def find(self, blind: bytes) -> Citizen | None:
        """Look one up."""
        entry = self._shelves.citizens.get(blind)
        if entry is None:
            return None
        return Citizen(
            id=entry.id, person=PersonRef(""), locale=entry.locale, subscribed=entry.subscribed, since=entry.since
        )

    def locales(self, blinds: Sequence[bytes]) -> dict[bytes, Locale]:
        """Say who chose which language."""
        found = ((blind, self._shelves.citizens.get(blind)) for blind in blinds)
        return {blind: entry.locale for blind, entry in found if entry is not None}

    def sealed_person(self, citizen: CitizenId) -> tuple[bytes, Locale, bool] | None:
        """Find the sealed account."""
        entry = self._numbered(citizen)
        return (entry.sealed, entry.locale, entry.subscribed) if entry else None

    def subscribed(self, accounts: Collection[AccountName], *, after: CitizenId, limit: int) -> tuple[Subscriber, ...]:
        """List some of the subscribed."""
        entries = sorted(self._shelves.citizens.values(), key=lambda entry: entry.id)
        found = [entry for entry in entries if entry.subscribed and entry.account in accounts and entry.id > after]
        return tuple(
            Subscriber(id=entry.id, account=entry.account, blind=entry.blind, sealed=entry.sealed)
            for entry in found[:limit]
        )

    def unsubscribe(self, blind: bytes) -> bool:
        """Stop private news."""
        entry = self._shelves.citizens.get(blind)
        if entry is None or not entry.subscribed:
            return False
        self.deactivate(entry.id)
        return True

    def deactivate(self, citizen: CitizenId) -> None:
        """Stop writing to them."""
        entry = self._numbered(citizen)
        if entry is not None:
            self._shelves.citizens[entry.blind] = replace(entry, subscribed=False)
            self._deliveries.cancel_for(_recipient(citizen))

    def forget(self, blind: bytes) -> int:
        """Erase all that names them."""
        entry = self._shelves.citizens.pop(blind, None)
        return 1 + self._deliveries.drop_for(_recipient(entry.id)) if entry else 0

    def subscribers(self) -> int:
        """Count the subscribed."""
        return sum(entry.subscribed for entry in self._shelves.citizens.values())

    def private_deliveries(self, blind: bytes) -> int:
        """Count what names them."""
        entry = self._shelves.citizens.get(blind)
        if entry is None:
            return 0
        return sum(delivery.recipient == _recipient(entry.id) for delivery in self._shelves.deliveries.values())

    def _numbered(self, citizen: CitizenId) -> Entry | None:
        return next((entry for entry in self._shelves.citizens.values() if entry.id == citizen), None)


def _recipient(citizen: CitizenId) -> Recipient:
    return Recipient(RecipientKind.CITIZEN, str(citizen))
