"""What Parvis remembers, and how changes are made: always inside one transaction, always whole.

``Store.write`` runs a function over the books in one transaction and commits it; the books are synchronous and only
live inside it. Functions waiting at the same time share a commit, each in a savepoint of its own: one that raises
undoes its own changes only. ``Store.cast`` is the same for votes, in bulk.

Every event has an *intake*, the row that holds it from arrival until its effect is stored. The function that stores
the effect must also call ``Inbox.done`` for it: both happen, or neither.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from core.audience import Recipient
from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState
from core.citizen import Citizen
from core.delivery import Delivery, DeliveryState, Urgency
from core.identifiers import (
    AccountName,
    Address,
    CampaignId,
    CaseNumber,
    CitizenId,
    DeliveryId,
    IntakeId,
    Locale,
    MessageId,
    NativePollId,
    OccurrenceId,
    PersonRef,
    PollId,
    ReplyId,
    VoterKey,
)
from core.messages import Delivered
from core.moderation import Case, CaseState
from core.native import Sighting
from core.poll import Ballot, Outcome, Poll, PollState, Tally, Vote
from core.ports.platform import Cursor, Update
from core.post import Receipt
from core.reply import Reply, Triage

T = TypeVar("T")

TOLD = "told not recorded: "  # begins the reason of an update set aside whose author was told so


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """An update stored on arrival and not yet dealt with."""

    id: IntakeId
    account: AccountName
    number: int
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """An update set aside: ``id`` and ``at`` as it had in the inbox, ``sealed`` what it says, ``reason`` why.

    Nothing is kept of what it said when its author was told that nothing is recorded: it is never dealt with.
    """

    id: IntakeId
    account: AccountName
    number: int
    sealed: bytes
    reason: str
    at: datetime

    @property
    def was_told(self) -> bool:
        """Whether its author was told that nothing is recorded, and may have acted again since."""
        return self.reason.startswith(TOLD)


class InboxBook(Protocol):
    """Updates between arrival and effect."""

    def cursor(self, account: AccountName) -> tuple[Cursor, datetime] | None:
        """The place to ask from next, and when it was last moved."""
        ...

    def take_in(
        self, account: AccountName, updates: Sequence[Update], *, cursor: Cursor, at: datetime
    ) -> tuple[Intake, ...]:
        """Store the updates numbered from the present cursor on, and move it. Returns those that are new, in order."""
        ...

    def pending(self, account: AccountName, *, limit: int) -> tuple[Intake, ...]:
        """Stored and not dealt with, oldest first."""
        ...

    def oldest(self, accounts: Collection[AccountName]) -> datetime | None:
        """When the oldest update not yet dealt with arrived, over these accounts."""
        ...

    def left_behind(self, accounts: Collection[AccountName], *, limit: int) -> tuple[Intake, ...]:
        """Stored for accounts that are none of these, oldest first: nobody deals with them any more."""
        ...

    def done(self, intakes: Iterable[IntakeId]) -> None:
        """Forget these: their effect is stored in this same transaction."""
        ...

    def quarantine(self, intake: Intake, *, sealed: bytes, reason: str) -> None:
        """Set an update aside, sealed, and forget it in the inbox."""
        ...

    def quarantined(self) -> int:
        """How many updates are set aside."""
        ...

    def aside(self, *, limit: int) -> tuple[Aside, ...]:
        """Updates set aside, the newest first."""
        ...

    def put_back(self, intake: IntakeId, *, body: bytes) -> bool:
        """Give an update set aside its place in the arrivals again; False, and nothing, when it is not set aside."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget updates set aside that arrived before this instant. Returns how many."""
        ...


class PollBook(Protocol):
    """Polls and ballots."""

    def add(self, poll: Poll) -> None:
        """Remember a poll; nothing when its id is known already."""
        ...

    def get(self, poll: PollId) -> Poll | None:
        """The poll as it stands."""
        ...

    def all(self, *, state: PollState | None = None) -> tuple[Poll, ...]:
        """The polls, the first to open first."""
        ...

    def open(self, poll: PollId) -> None:
        """From planned to open; nothing otherwise."""
        ...

    def close(self, poll: PollId, *, at: datetime) -> Tally:
        """From open to closed: count, freeze the count, erase withdrawn ballots and the order of arrival.

        On a closed poll returns the frozen count. Raises StorageError for a poll that never opened.
        """
        ...

    def stop(self, poll: PollId, *, at: datetime) -> None:
        """From open to stopped, the rest as in closing; nothing otherwise."""
        ...

    def tally(self, poll: PollId) -> Tally:
        """The frozen count of a closed poll, else the count of its ballots now."""
        ...

    def ballot(self, poll: PollId, voter: VoterKey) -> Ballot | None:
        """One citizen's ballot, empty when withdrawn."""
        ...

    def merge(self, poll: PollId, voters: Sequence[VoterKey], into: VoterKey) -> None:
        """Of all these ballots the latest stands, under ``into``; the others can never stand again while it is open."""
        ...

    def release(self, poll: PollId, voter: VoterKey) -> None:
        """Let a pseudonym that was merged into another have a ballot again."""
        ...

    def closed_before(self, at: datetime) -> tuple[PollId, ...]:
        """Polls closed or stopped before this instant."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A campaign as started. ``started_at`` fixes the instants of its relative steps."""

    campaign: Campaign
    started_at: datetime
    state: CampaignState


class CampaignBook(Protocol):
    """Campaigns and what they make due."""

    def start(self, campaign: Campaign, *, at: datetime, due: Sequence[datetime]) -> bool:
        """Remember a campaign with one occurrence per step; False, and nothing, when it was started already."""
        ...

    def get(self, campaign: CampaignId) -> Running | None:
        """The campaign."""
        ...

    def all(self) -> tuple[Running, ...]:
        """All campaigns, the oldest first."""
        ...

    def cancel(self, campaign: CampaignId) -> bool:
        """Cancel it, its planned occurrences and its planned deliveries; False when it was not running."""
        ...

    def due(self, at: datetime) -> tuple[Occurrence, ...]:
        """Planned occurrences of running campaigns due at this instant or before, the earliest first."""
        ...

    def next_due(self) -> datetime | None:
        """When the next planned occurrence is due."""
        ...

    def occurrences(self, campaign: CampaignId) -> tuple[Occurrence, ...]:
        """All occurrences of a campaign, by step."""
        ...

    def is_stopped(self, occurrence: OccurrenceId) -> bool:
        """Whether the campaign of this occurrence was cancelled."""
        ...

    def settle(self, occurrence: OccurrenceId, state: OccurrenceState) -> bool:
        """From planned to ``state``; False, and nothing, when it was no longer planned."""
        ...


class DeliveryBook(Protocol):
    """The ledger of everything that goes out."""

    def plan(
        self,
        *,
        occurrence: OccurrenceId | None,
        message: Delivered,
        recipients: Iterable[tuple[AccountName, Recipient]],
        urgency: Urgency,
        due_at: datetime,
        expires_at: datetime,
        refusal: str = "",
    ) -> int:
        """One delivery per recipient; one that this occurrence already has changes nothing. Returns how many are new.

        With ``occurrence`` None each call plans anew. With ``refusal`` they have failed already, and it is their note.
        """
        ...

    def plan_for_subscribers(
        self,
        *,
        occurrence: OccurrenceId,
        message: Delivered,
        accounts: Sequence[AccountName],
        urgency: Urgency,
        due_at: datetime,
        expires_at: datetime,
    ) -> int:
        """The same for every subscriber of these accounts' platforms, inside the database, in flat memory."""
        ...

    def claimable(self, account: AccountName, *, at: datetime, limit: int) -> tuple[Delivery, ...]:
        """Planned, due and not expired, the most urgent first, then the earliest due, then the oldest."""
        ...

    def next_due(self, account: AccountName) -> datetime | None:
        """When the next planned delivery of this account is due."""
        ...

    def save(self, delivery: Delivery, *, expected: DeliveryState, claimed_at: datetime | None = None) -> bool:
        """Store a delivery if it still stands as ``expected`` (and, from sending, as claimed then); else False."""
        ...

    def get(self, delivery: DeliveryId) -> Delivery | None:
        """The delivery."""
        ...

    def all(
        self, *, state: DeliveryState | None = None, campaign: CampaignId | None = None, limit: int = 100
    ) -> tuple[Delivery, ...]:
        """Deliveries, the newest first."""
        ...

    def count(self, *, campaign: CampaignId | None = None) -> dict[DeliveryState, int]:
        """How many deliveries stand in each state."""
        ...

    def in_doubt(self, account: AccountName) -> tuple[Delivery, ...]:
        """Uncertain ones of this account in public places, the oldest first."""
        ...

    def overdue(self, at: datetime) -> tuple[Delivery, ...]:
        """Sending with a lease that ended before this instant."""
        ...

    def expire(self, at: datetime) -> int:
        """Planned deliveries whose time has passed become expired. Returns how many."""
        ...

    def prolong(self, urgency: Urgency, *, until: datetime) -> None:
        """Let planned deliveries of this urgency expire then, unless they expire later."""
        ...

    def of_message(self, account: AccountName, chat: Address, message: MessageId) -> DeliveryId | None:
        """The delivery that put this message there, directly or through a mirror."""
        ...

    def mirror(self, *, channel: Address, post: MessageId, group: Address, message: MessageId) -> None:
        """Remember that a post was copied into a discussion group."""
        ...

    def boards(
        self,
        *,
        limit: int,
        except_chats: Collection[tuple[AccountName, Recipient]] = (),
        except_accounts: Collection[AccountName] = (),
    ) -> tuple["Board", ...]:
        """Messages out there that show a poll and whose look may have to follow it: those in public places, and in
        private chats once the poll is closed. The public ones first.
        """
        ...

    def shown(self, delivery: DeliveryId, digest: bytes, *, final: bool) -> None:
        """What the board now shows; a final one is no longer listed by ``boards``."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget deliveries to people, or about them in a group, settled before this instant. Returns how many."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A sent message that shows a poll. ``receipt`` is its last part, which carries the buttons; ``digest`` is what it
    shows. ``native``: it is the network's own poll that asks, in whichever part.
    """

    delivery: DeliveryId
    account: AccountName
    recipient: Recipient
    message: Delivered
    poll: PollId
    receipt: Receipt
    digest: bytes | None
    native: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """A network's own poll that is out, and its totals as last seen. ``receipt`` is the part that carries it.

    ``asked``: the network said that something changed. ``gone``: there is no such poll any more, or it was given up.
    """

    delivery: DeliveryId
    account: AccountName
    poll: PollId
    receipt: Receipt
    seen: Sighting | None = None
    asked: bool = False
    gone: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be learnt of it."""
        return self.gone or (self.seen is not None and self.seen.tally.final)


class NativeBook(Protocol):
    """The networks' own polls. One that no message of ours carries is unknown: what is said of it changes nothing."""

    def of(self, poll: PollId) -> tuple[Hosted, ...]:
        """Those that ask this question, the oldest first."""
        ...

    def unsettled(self) -> tuple[Hosted, ...]:
        """Those of which there is more to learn, the oldest first."""
        ...

    def see(self, account: AccountName, name: NativePollId, seen: Sighting) -> None:
        """Let the newest sighting stand, and forget that something changed when this one is at least as new."""
        ...

    def ask(self, account: AccountName, name: NativePollId) -> None:
        """Remember that something changed."""
        ...

    def give_up(self, account: AccountName, name: NativePollId) -> None:
        """Remember that nothing more is to be learnt."""
        ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A code that waits: the keyed hash of whoever asked for it, their account sealed, and when it ends."""

    owner: bytes
    sealed: bytes
    until: datetime


class BondBook(Protocol):
    """Which accounts are one voter; everybody here is a keyed hash."""

    def of(self, blinds: Sequence[bytes]) -> dict[bytes, PersonRef]:
        """The bonds of those among them who have one."""
        ...

    def size(self, bond: PersonRef) -> int:
        """How many accounts it holds."""
        ...

    def join(self, blind: bytes, bond: PersonRef) -> None:
        """Put an account into a bond, out of any other."""
        ...

    def merge(self, old: PersonRef, new: PersonRef) -> None:
        """Put all accounts of one bond into another."""
        ...

    def leave(self, blind: bytes) -> None:
        """Take an account out of its bond."""
        ...

    def offer(self, digest: bytes, offer: Offer) -> None:
        """Let a code wait; an earlier one of the same owner ends."""
        ...

    def take(self, digest: bytes) -> Offer | None:
        """The offer of a code, which ends."""
        ...

    def tries(self, owner: bytes, *, at: datetime) -> int:
        """How many wrong codes they gave that are not forgotten yet."""
        ...

    def tried(self, owner: bytes, *, at: datetime, until: datetime) -> None:
        """One more; all are forgotten at ``until``, set by the first."""
        ...

    def forget(self, blind: bytes) -> int:
        """Erase the bond, the code and the tries of an account. Returns how many rows."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget codes and tries that ended before this instant. Returns how many."""
        ...


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
        """Open the next case; the same message again returns the case it has, made anew when it was only observed."""
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

    def of(self, author: bytes) -> tuple[Case, ...]:
        """The cases of one person."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget cases older than this instant. Returns how many."""
        ...


class TownBook(Protocol):
    """The few facts about the instance itself."""

    def fact(self, name: str) -> str | None:
        """A fact: ``held``, ``introduced:telegram``."""
        ...

    def set_fact(self, name: str, value: str | None) -> None:
        """Remember, or forget with None."""
        ...

    def moved(self, account: AccountName, old: Address, new: Address) -> None:
        """Remember that a chat has a new address."""
        ...

    def address(self, account: AccountName, address: Address) -> Address:
        """Where a chat is now."""
        ...


class Books(Protocol):
    """All books of one transaction."""

    @property
    def inbox(self) -> InboxBook: ...  # noqa: D102  the type says it
    @property
    def polls(self) -> PollBook: ...  # noqa: D102
    @property
    def campaigns(self) -> CampaignBook: ...  # noqa: D102
    @property
    def deliveries(self) -> DeliveryBook: ...  # noqa: D102
    @property
    def natives(self) -> NativeBook: ...  # noqa: D102
    @property
    def citizens(self) -> CitizenBook: ...  # noqa: D102
    @property
    def bonds(self) -> BondBook: ...  # noqa: D102
    @property
    def replies(self) -> ReplyBook: ...  # noqa: D102
    @property
    def cases(self) -> CaseBook: ...  # noqa: D102
    @property
    def town(self) -> TownBook: ...  # noqa: D102


class Store(Protocol):
    """The memory of the town."""

    async def write(self, work: Callable[[Books], T]) -> T:
        """Run ``work`` in one transaction and commit it durably; its error is raised here and undoes it.

        Raises StorageError when the database cannot take it, OutcomeUnknown when the commit's answer was lost.
        """
        ...

    async def read(self, work: Callable[[Books], T]) -> T:
        """Run ``work``, which must change nothing, on a consistent view."""
        ...

    async def cast(self, votes: Sequence[Vote]) -> tuple[Outcome, ...]:
        """Store votes and forget their intakes, durably, together with all that wait. One outcome per vote, in order.

        Raises StorageError or OutcomeUnknown; then none of these votes may be acknowledged.
        """
        ...

    async def close(self) -> None:
        """Let go of the database."""
        ...
