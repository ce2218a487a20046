"""Where a recipient is reached, and what was said: names and words are unsealed at the last moment, and only here."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core import purging
from core.audience import Channel, Destination, Recipient, RecipientKind, StaffChannel
from core.case_messages import AppealDecided, MessageRestored, RemovalNotice, StatementOfReasons
from core.casefile import pages, reason_of, words_joined
from core.delivery import Delivery
from core.errors import StorageError
from core.identifiers import AccountName, Address, CaseNumber, CitizenId, Locale, MessageId, ReportId
from core.messages import Delivered, Illegible
from core.moderation import CaseState, Evidence, read
from core.ports.store import Books
from core.ports.vault import Vault
from core.staff import Staff
from core.staff_messages import StaffAlert
from delivery.briefing import Briefing

MOST_QUOTED = 2000  # characters of what joined a case and is given back with it

_ALONE = frozenset({RecipientKind.CITIZEN, RecipientKind.PERSON, RecipientKind.REPORTER, RecipientKind.MEMBER})


class Directory:
    """The town's channels, and the sealed addresses of those who may be written to."""

    def __init__(
        self,
        *,
        channels: Sequence[Channel],
        vault: Vault,
        rooms: Sequence[StaffChannel] = (),
        briefing: Briefing | None = None,
    ) -> None:
        """``rooms`` are the channels of the staff, which ``briefing`` tells how things stand."""
        self._channels = {channel.name: channel for channel in channels}
        self._rooms = {room.name: room for room in rooms}
        self._briefing = briefing or Briefing(staff=Staff(), zone="UTC")
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
            case RecipientKind.PERSON | RecipientKind.REPORTER | RecipientKind.MEMBER:
                return self._somebody(books, account, recipient)
            case RecipientKind.STAFF:
                return self._room(books, account, recipient.name)

    def find_place(self, books: Books, account: AccountName, recipient: Recipient) -> Destination | None:
        """The same for public places; None for people, whose addresses are unsealed at the last moment only."""
        if recipient.kind in _ALONE:
            return None
        return self.find(books, account, recipient)

    def answered(self, books: Books, delivery: Delivery) -> MessageId | None:
        """The message to which the delivery is a reply, if that is known to be out."""
        about = None if delivery.answers is None else books.deliveries.get(delivery.answers)
        return about.receipts[0].message if about is not None and about.receipts else None

    def unsealed(self, books: Books, message: Delivered | Illegible) -> Delivered | Illegible | None:
        """The message with what its case or alert says, which the ledger leaves out; None when that is forgotten."""
        if isinstance(message, StaffAlert):
            return self._briefing.message(books, message.alert)
        if not isinstance(message, RemovalNotice | MessageRestored | StatementOfReasons | AppealDecided):
            return message
        said = self._evidence(books, message.case)
        if said is None:
            return None
        return self._with_words(books, message, said)

    def _with_words(
        self,
        books: Books,
        message: RemovalNotice | MessageRestored | StatementOfReasons | AppealDecided,
        said: Evidence,
    ) -> Delivered:
        if isinstance(message, StatementOfReasons | AppealDecided):
            explained = not isinstance(message, AppealDecided) or message.explained
            reason = reason_of(pages(books, self._vault, message.case)) if explained else ""
            return replace(message, reason=reason)
        if isinstance(message, RemovalNotice):
            return replace(message, found=said.found, sign=said.sign)
        texts = words_joined(books, self._vault, message.case, CaseState.RESTORED)
        if not _stands(books, message.case):
            texts = (said.text, *texts)
        return replace(message, author=said.name, text="\n\n".join(_fitting(texts)))

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

    def _room(self, books: Books, account: AccountName, name: str) -> Destination | None:
        room = self._rooms.get(name.partition(":")[0])
        if room is None or room.account != account:
            return None
        address = books.town.address(account, room.address)
        return Destination(address=address, locale=room.locale, private=room.private)

    def _citizen(self, books: Books, citizen: CitizenId) -> Destination | None:
        known = books.citizens.sealed_person(citizen)
        if known is None or not known[2]:
            return None
        sealed, locale, _ = known
        person = self._unsealed(sealed)
        return _private(person, locale) if person is not None else None

    def _person(self, books: Books, name: str) -> Destination | None:
        locale, _, case = name.partition(":")
        try:
            said = self._evidence(books, CaseNumber(int(case)))
            return _private(said.author, Locale(locale)) if said is not None else None
        except ValueError:
            return None

    def _somebody(self, books: Books, account: AccountName, recipient: Recipient) -> Destination | None:
        if recipient.kind is RecipientKind.PERSON:
            return self._person(books, recipient.name)
        if recipient.kind is RecipientKind.REPORTER:
            return self._reporter(books, ReportId(int(recipient.name)))
        return self._member(books, account, int(recipient.name))

    def _reporter(self, books: Books, number: ReportId) -> Destination | None:
        report = books.reports.get(number)
        person = self._unsealed(report.sealed) if report is not None else None
        return _private(person, report.locale) if report is not None and person is not None else None

    def _member(self, books: Books, account: AccountName, number: int) -> Destination | None:
        ordered = purging.find(books, account, number)
        if ordered is None or ordered.tell is None:
            return None
        return Destination(address=ordered.tell, locale=ordered.locale, private=True)

    def _evidence(self, books: Books, number: CaseNumber) -> Evidence | None:
        case = books.cases.get(number)
        said = self._unsealed(case.sealed) if case is not None else None
        return read(said) if said is not None else None

    def _unsealed(self, sealed: bytes) -> str | None:
        try:
            return self._vault.unseal(sealed)
        except StorageError:
            return None


def _stands(books: Books, number: CaseNumber) -> bool:
    """Whether the first message of a case stands where it was, and only what joined it is given back."""
    case = books.cases.get(number)
    return case is not None and case.state is CaseState.KEPT


def _fitting(texts: Sequence[str]) -> Iterator[str]:
    """The first of them, and as many more as can be read in one message."""
    room = MOST_QUOTED
    for rank, text in enumerate(texts):
        room -= len(text)
        if rank and room < 0:
            return
        yield text


def _private(person: str, locale: Locale) -> Destination:
    return Destination(address=Address(person.partition(":")[2]), locale=locale, private=True)
