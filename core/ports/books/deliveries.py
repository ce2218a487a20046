"""The ledger of everything that goes out, and the messages whose look follows a poll."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.audience import Recipient, RecipientKind
from core.delivery import Delivery, DeliveryState, Urgency
from core.identifiers import (
    AccountName,
    Address,
    CampaignId,
    DeliveryId,
    MessageId,
    OccurrenceId,
    PollId,
)
from core.messages import Delivered
from core.post import Receipt


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
class Ailing:
    """A delivery that needs a human, or may: what tells which, and where to look."""

    id: DeliveryId
    occurrence: OccurrenceId | None
    account: AccountName
    kind: RecipientKind
    state: DeliveryState
    claimed_at: datetime | None


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

    def reply(
        self, to: DeliveryId, message: Delivered, *, urgency: Urgency, due_at: datetime, expires_at: datetime
    ) -> DeliveryId:
        """Plan a reply to what is out of a delivery, for the same recipient; its number."""
        ...

    def reword(self, occurrence: OccurrenceId, message: Delivered) -> int:
        """Let what is planned of an occurrence, and of which nothing can be out, say this; how many that is."""
        ...

    def call_off(self, occurrence: OccurrenceId) -> int:
        """Cancel what is planned of an occurrence, and the replies to it; how many that is."""
        ...

    def hasten(self, campaign: CampaignId, urgency: Urgency, *, at: datetime) -> int:
        """Make what is planned of a campaign, and does not expire by then, at least so urgent; how many were less."""
        ...

    def claimable(
        self, account: AccountName, *, at: datetime, limit: int, least: Urgency = Urgency.REFRESH
    ) -> tuple[Delivery, ...]:
        """Planned, due and not expired, the most urgent first; of the same urgency campaign after campaign in turn.

        Of one campaign, and of all that goes to one recipient, the earliest due first, then the oldest. What goes to
        somebody for whom something as urgent is begun waits for that. Nothing less urgent than ``least``.
        """
        ...

    def next_due(self, account: AccountName, *, least: Urgency = Urgency.REFRESH) -> datetime | None:
        """When the next planned delivery of this account is due that is at least as urgent as ``least``."""
        ...

    def save(self, delivery: Delivery, *, expected: DeliveryState, claimed_at: datetime | None = None) -> bool:
        """Store a delivery if it still stands as ``expected`` (and, from sending, as claimed then); else False."""
        ...

    def get(self, delivery: DeliveryId) -> Delivery | None:
        """The delivery."""
        ...

    def all(
        self,
        *,
        state: DeliveryState | None = None,
        campaign: CampaignId | None = None,
        kind: RecipientKind | None = None,
        below: Urgency | None = None,
        occurrence: OccurrenceId | None = None,
        limit: int = 100,
    ) -> tuple[Delivery, ...]:
        """Deliveries, the newest first; ``kind`` is that of the recipient. Only those less urgent than ``below``."""
        ...

    def count(self, *, campaign: CampaignId | None = None) -> dict[DeliveryState, int]:
        """How many deliveries stand in each state."""
        ...

    def by_occurrence(self, campaign: CampaignId) -> dict[OccurrenceId, dict[DeliveryState, int]]:
        """How many deliveries of each occurrence of a campaign stand in each state."""
        ...

    def in_doubt(self, account: AccountName) -> tuple[Delivery, ...]:
        """Uncertain ones of this account in public places, the oldest first."""
        ...

    def ailing(self, *, since: datetime) -> tuple[Ailing, ...]:
        """Uncertain ones; and those in public places that failed, or expired, and had time until after ``since``.

        The oldest first. None of those to the staff.
        """
        ...

    def away(self) -> dict[AccountName, str]:
        """The accounts whose network took no public message in ``PATIENCE`` tries or more, and what was said last."""
        ...

    def to(self, recipient: Recipient) -> tuple[Delivery, ...]:
        """All to this recipient, the oldest first."""
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
        private chats once the poll is closed. The public ones first. Once it is closed, also what is out in public
        places of messages of which the rest was given up.
        """
        ...

    def shown(self, delivery: DeliveryId, digest: bytes, *, final: bool) -> None:
        """What the board now shows; a final one is no longer listed by ``boards``."""
        ...

    def drop_reminders(self, poll: PollId) -> int:
        """Forget the private reminders of a poll that is over: who got none had taken part. Returns how many."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget deliveries to people, or about them in a group, settled before this instant. Returns how many."""
        ...
