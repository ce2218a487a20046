"""Everything the in-memory store holds: dictionaries of frozen values, so that a copy of each is a snapshot."""

from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime

from core.admission import JoinRequest
from core.alert import Alert
from core.audience import Recipient
from core.audit import Entry as AuditEntry
from core.campaign import Occurrence
from core.citizen_report import CitizenReport
from core.correction import Amendment, Correction
from core.delivery import Delivery
from core.feed import Known as Article
from core.feed import Reading
from core.identifiers import (
    AccountName,
    Address,
    AlertId,
    CampaignId,
    CaseNumber,
    CitizenId,
    CorrectionId,
    DeliveryId,
    IntakeId,
    LaneName,
    Locale,
    MessageId,
    NativePollId,
    OccurrenceId,
    PersonRef,
    PollId,
    ReplyId,
    ReportId,
    ReviewId,
    SanctionId,
    VoterKey,
)
from core.journal import Entry as JournalEntry
from core.moderation import Case, Joined
from core.native import Sighting
from core.poll import Ballot, Poll, Tally
from core.ports.books.bonds import Offer
from core.ports.books.campaigns import Running
from core.ports.books.inbox import Aside, Intake
from core.ports.platform import Cursor
from core.reply import Reply
from core.review import Review
from core.sanction import Sanction


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A poll's count, frozen at this instant."""

    tally: Tally
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A citizen in the address book."""

    id: CitizenId
    blind: bytes
    sealed: bytes
    account: AccountName
    locale: Locale
    subscribed: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What a board shows."""

    digest: bytes
    final: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a network's own poll."""

    seen: Sighting | None = None
    asked: bool = False
    gone: bool = False


@dataclass(slots=True)
class Shelves:
    """The state of the store. ``numbers`` gives the next number of each series."""

    numbers: dict[str, int] = field(default_factory=dict)
    cursors: dict[AccountName, tuple[Cursor, datetime]] = field(default_factory=dict)
    intakes: dict[IntakeId, Intake] = field(default_factory=dict)
    quarantine: dict[IntakeId, Aside] = field(default_factory=dict)
    polls: dict[PollId, Poll] = field(default_factory=dict)
    ballots: dict[tuple[PollId, VoterKey], Ballot] = field(default_factory=dict)
    counted: dict[PollId, Counted] = field(default_factory=dict)
    campaigns: dict[CampaignId, Running] = field(default_factory=dict)
    occurrences: dict[OccurrenceId, Occurrence] = field(default_factory=dict)
    deliveries: dict[DeliveryId, Delivery] = field(default_factory=dict)
    planned: dict[tuple[OccurrenceId, Recipient], DeliveryId] = field(default_factory=dict)
    looks: dict[DeliveryId, Look] = field(default_factory=dict)
    corrections: dict[CorrectionId, Correction] = field(default_factory=dict)
    amendments: dict[tuple[CorrectionId, DeliveryId], Amendment] = field(default_factory=dict)
    natives: dict[tuple[AccountName, NativePollId], Known] = field(default_factory=dict)
    mirrors: dict[tuple[Address, MessageId], tuple[Address, MessageId]] = field(default_factory=dict)
    citizens: dict[bytes, Entry] = field(default_factory=dict)
    bonds: dict[bytes, PersonRef] = field(default_factory=dict)
    offers: dict[bytes, Offer] = field(default_factory=dict)
    tries: dict[bytes, tuple[int, datetime]] = field(default_factory=dict)
    replies: dict[ReplyId, Reply] = field(default_factory=dict)
    cases: dict[CaseNumber, Case] = field(default_factory=dict)
    joined: dict[tuple[AccountName, Address, MessageId], Joined] = field(default_factory=dict)
    requests: dict[tuple[AccountName, Address, bytes], JoinRequest] = field(default_factory=dict)
    arrivals: dict[tuple[AccountName, Address, bytes], datetime] = field(default_factory=dict)
    reports: dict[ReportId, CitizenReport] = field(default_factory=dict)
    sanctions: dict[SanctionId, Sanction] = field(default_factory=dict)
    journal: dict[int, JournalEntry] = field(default_factory=dict)
    case_words: dict[int, tuple[CaseNumber, bytes]] = field(default_factory=dict)
    reviews: dict[ReviewId, Review] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    articles: dict[tuple[str, str], Article] = field(default_factory=dict)
    audit: dict[int, AuditEntry] = field(default_factory=dict)
    alerts: dict[AlertId, Alert] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    moved: dict[tuple[AccountName, Address], Address] = field(default_factory=dict)
    lanes: dict[LaneName, tuple[int, str, datetime]] = field(default_factory=dict)

    def snapshot(self) -> "Shelves":
        """What is held now, unmoved by what comes after."""
        return Shelves(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})

    def next(self, series: str) -> int:
        """The next number of a series, from 1."""
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]
