"""Where a recipient is reached: names become addresses at the last moment, and only here."""

import base64
import binascii
from collections.abc import Sequence

from core.audience import Channel, Destination, Recipient, RecipientKind
from core.errors import StorageError
from core.identifiers import AccountName, Address, CitizenId, Locale
from core.ports.store import Books
from core.ports.vault import Vault


class Directory:
    """The town's channels, and the sealed addresses of those who may be written to."""

    def __init__(self, *, channels: Sequence[Channel], vault: Vault) -> None:
        self._channels = {channel.name: channel for channel in channels}
        self._vault = vault

    def find(self, books: Books, account: AccountName, recipient: Recipient) -> Destination | None:
        """Where this account reaches the recipient now; None when it does not, or no longer may."""
        match recipient.kind:
            case RecipientKind.CHANNEL:
                return self._channel(books, account, recipient.name)
            case RecipientKind.CHAT:
                return self._chat(books, account, Address(recipient.name))
            case RecipientKind.CITIZEN:
                return self._citizen(books, CitizenId(int(recipient.name)))
            case RecipientKind.PERSON:
                return self._person(recipient.name)

    def find_place(self, books: Books, account: AccountName, recipient: Recipient) -> Destination | None:
        """The same for public places; None for people, whose addresses are unsealed at the last moment only."""
        if recipient.kind in {RecipientKind.CITIZEN, RecipientKind.PERSON}:
            return None
        return self.find(books, account, recipient)

    def _channel(self, books: Books, account: AccountName, name: str) -> Destination | None:
        channel = next((each for each in self._channels.values() if each.name == name), None)
        if channel is None or channel.account != account:
            return None
        address = books.town.address(account, channel.address)
        return Destination(address=address, locale=channel.locale, private=False, topic=channel.topic)

    def _chat(self, books: Books, account: AccountName, address: Address) -> Destination:
        ours = [channel for channel in self._channels.values() if channel.account == account]
        locale = next((each.locale for each in ours if address in {each.discussion, each.address}), Locale.FR)
        return Destination(address=books.town.address(account, address), locale=locale, private=False)

    def _citizen(self, books: Books, citizen: CitizenId) -> Destination | None:
        known = books.citizens.sealed_person(citizen)
        if known is None or not known[2]:
            return None
        sealed, locale, _ = known
        return self._private(sealed, locale)

    def _person(self, name: str) -> Destination | None:
        locale, _, sealed = name.partition(":")
        try:
            return self._private(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), Locale(locale))
        except (binascii.Error, ValueError):
            return None

    def _private(self, sealed: bytes, locale: Locale) -> Destination | None:
        try:
            person = self._vault.unseal(sealed)
        except StorageError:
            return None
        return Destination(address=Address(person.partition(":")[2]), locale=locale, private=True)
