"""The ledger of everything that goes out, in memory."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from core.audience import Recipient, RecipientKind
from core.delivery import PATIENCE, Delivery, DeliveryState, Urgency, given_up
from core.identifiers import AccountName, Address, CampaignId, DeliveryId, MessageId, OccurrenceId, PollId
from core.messages import Delivered, PollReminder
from core.ports.books.deliveries import Ailing, Board
from storage.fairness import holds_back, in_order, in_turn
from storage.ledger import (
    CUT_SHORT,
    FORGOTTEN,
    PRIVATE,
    PUBLIC,
    SETTLED,
    UNDELIVERED,
    ailing,
    board_of,
    poll_shown,
)
from storage.memory.shelves import Look, Shelves


class Deliveries:
    """See ``core.ports.books.deliveries.DeliveryBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

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
        """Plan one delivery per recipient that this occurrence has not yet."""
        new = 0
        for account, recipient in recipients:
            if occurrence is not None and (occurrence, recipient) in self._shelves.planned:
                continue
            number = DeliveryId(self._shelves.next("delivery"))
            self._shelves.deliveries[number] = Delivery(
                id=number,
                occurrence=occurrence,
                account=account,
                recipient=recipient,
                message=message,
                urgency=urgency,
                due_at=due_at,
                expires_at=expires_at,
                state=DeliveryState.FAILED if refusal else DeliveryState.PLANNED,
                note=refusal,
            )
            if occurrence is not None:
                self._shelves.planned[occurrence, recipient] = number
            new += 1
        return new

    def reply(
        self, to: DeliveryId, message: Delivered, *, urgency: Urgency, due_at: datetime, expires_at: datetime
    ) -> DeliveryId:
        """Plan a reply."""
        answered = self._shelves.deliveries[to]
        number = DeliveryId(self._shelves.next("delivery"))
        self._shelves.deliveries[number] = Delivery(
            id=number,
            occurrence=None,
            account=answered.account,
            recipient=answered.recipient,
            message=message,
            urgency=urgency,
            due_at=due_at,
            expires_at=expires_at,
            answers=to,
        )
        return number

    def reword(self, occurrence: OccurrenceId, message: Delivered) -> int:
        """Let what is planned say this."""
        planned = (each for each in self._in(DeliveryState.PLANNED) if each.occurrence == occurrence)
        untouched = [each for each in planned if not each.done and each.doubted_at is None]
        self._shelves.deliveries.update({each.id: replace(each, message=message) for each in untouched})
        return len(untouched)

    def call_off(self, occurrence: OccurrenceId) -> int:
        """Cancel what is planned of an occurrence."""
        return self.give_up_about({occurrence})

    def give_up_about(self, occurrences: Collection[OccurrenceId]) -> int:
        """Cancel what is planned of these, and the replies to them; how many."""
        planned = [each for each in self._about(occurrences) if each.state is DeliveryState.PLANNED]
        self._shelves.deliveries.update({each.id: given_up(each, DeliveryState.CANCELLED) for each in planned})
        return len(planned)

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
        """Plan one delivery per subscriber of these accounts."""
        return self.plan(
            occurrence=occurrence,
            message=message,
            recipients=(
                (entry.account, Recipient(RecipientKind.CITIZEN, str(entry.id)))
                for entry in self._shelves.citizens.values()
                if entry.subscribed and entry.account in accounts
            ),
            urgency=urgency,
            due_at=due_at,
            expires_at=expires_at,
        )

    def claimable(
        self, account: AccountName, *, at: datetime, limit: int, least: Urgency = Urgency.REFRESH
    ) -> tuple[Delivery, ...]:
        """List what may be sent now, in the order to send it."""
        begun = [*self._in(DeliveryState.SENDING), *self._in(DeliveryState.PLANNED)]
        due = [
            delivery
            for delivery in self._in(DeliveryState.PLANNED)
            if delivery.account == account and delivery.urgency <= least and delivery.due_at <= at < delivery.expires_at
        ]
        free = [each for each in due if not any(holds_back(earlier, each, at) for earlier in begun)]
        found: list[Delivery] = []
        for urgency in Urgency:
            queues: defaultdict[CampaignId | None, list[Delivery]] = defaultdict(list)
            for each in free:
                if each.urgency is urgency:
                    queues[self._campaign(each)].append(each)
            found += in_order(in_turn(queues.values()), ())
        return tuple(found[:limit])

    def _campaign(self, delivery: Delivery) -> CampaignId | None:
        known = self._shelves.occurrences.get(delivery.occurrence) if delivery.occurrence is not None else None
        return known.campaign if known is not None else None

    def next_due(self, account: AccountName, *, least: Urgency = Urgency.REFRESH) -> datetime | None:
        """Say when the next is due."""
        planned = [each for each in self._in(DeliveryState.PLANNED) if each.urgency <= least]
        return min((delivery.due_at for delivery in planned if delivery.account == account), default=None)

    def save(self, delivery: Delivery, *, expected: DeliveryState, claimed_at: datetime | None = None) -> bool:
        """Compare and set."""
        stands = self._shelves.deliveries.get(delivery.id)
        if stands is None or stands.state is not expected:
            return False
        if expected is DeliveryState.SENDING and stands.claimed_at != claimed_at:
            return False
        if expected is DeliveryState.FAILED:
            self._shelves.looks.pop(delivery.id, None)
        self._shelves.deliveries[delivery.id] = delivery
        return True

    def get(self, delivery: DeliveryId) -> Delivery | None:
        """Look one up."""
        return self._shelves.deliveries.get(delivery)

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
        """List them, the newest first."""
        found = [
            delivery
            for delivery in self._of(campaign)
            if state in {None, delivery.state} and kind in {None, delivery.recipient.kind}
            if below is None or delivery.urgency > below
            if occurrence in {None, delivery.occurrence}
        ]
        return tuple(sorted(found, key=lambda delivery: delivery.id, reverse=True)[:limit])

    def count(self, *, campaign: CampaignId | None = None) -> dict[DeliveryState, int]:
        """Count them by state."""
        return dict(Counter(delivery.state for delivery in self._of(campaign)))

    def by_occurrence(self, campaign: CampaignId) -> dict[OccurrenceId, dict[DeliveryState, int]]:
        """Count them by occurrence and state."""
        counts: dict[OccurrenceId, Counter[DeliveryState]] = {}
        for delivery in self._of(campaign):
            counts.setdefault(OccurrenceId(delivery.occurrence or 0), Counter())[delivery.state] += 1
        return {occurrence: dict(states) for occurrence, states in counts.items()}

    def in_doubt(self, account: AccountName) -> tuple[Delivery, ...]:
        """List those of which nobody knows whether they are out."""
        public = [each for each in self._in(DeliveryState.UNCERTAIN) if each.recipient.kind in PUBLIC]
        return tuple(sorted((each for each in public if each.account == account), key=lambda each: each.id))

    def ailing(self, *, since: datetime) -> tuple[Ailing, ...]:
        """List those that need a human, or may."""
        found = [each for each in self._in(DeliveryState.UNCERTAIN) if each.recipient.kind is not RecipientKind.STAFF]
        for state in UNDELIVERED:
            found += [each for each in self._in(state) if each.recipient.kind in PUBLIC and each.expires_at > since]
        return tuple(map(ailing, sorted(found, key=lambda each: each.id)))

    def away(self) -> dict[AccountName, str]:
        """Say which networks are waited for."""
        public = (each for each in self._in(DeliveryState.PLANNED) if each.recipient.kind in PUBLIC)
        tried = (each for each in public if each.claimed_at is not None and each.attempts >= PATIENCE)
        return {each.account: each.note for each in sorted(tried, key=lambda each: each.id)}

    def to(self, recipient: Recipient) -> tuple[Delivery, ...]:
        """List those to one recipient."""
        return tuple(each for each in self._shelves.deliveries.values() if each.recipient == recipient)

    def overdue(self, at: datetime) -> tuple[Delivery, ...]:
        """List those whose lease ended."""
        return tuple(
            delivery
            for delivery in self._in(DeliveryState.SENDING)
            if delivery.lease_until is not None and delivery.lease_until < at
        )

    def expire(self, at: datetime) -> int:
        """Give up what is too late."""
        late = [delivery for delivery in self._in(DeliveryState.PLANNED) if delivery.expires_at <= at]
        for delivery in late:
            self._shelves.deliveries[delivery.id] = given_up(delivery, DeliveryState.EXPIRED)
        return len(late)

    def prolong(self, urgency: Urgency, *, until: datetime) -> None:
        """Let what is planned with this urgency expire then at the earliest."""
        for delivery in self._in(DeliveryState.PLANNED):
            if delivery.urgency is urgency and delivery.expires_at < until:
                self._shelves.deliveries[delivery.id] = replace(delivery, expires_at=until)

    def of_message(self, account: AccountName, chat: Address, message: MessageId) -> DeliveryId | None:
        """Find what put a message there."""
        places = {(chat, message), self._shelves.mirrors.get((chat, message))}
        for delivery in self._shelves.deliveries.values():
            if delivery.account == account and any((r.address, r.message) in places for r in delivery.receipts):
                return delivery.id
        return None

    def mirror(self, *, channel: Address, post: MessageId, group: Address, message: MessageId) -> None:
        """Remember a copy."""
        self._shelves.mirrors[group, message] = (channel, post)

    def boards(
        self,
        *,
        limit: int,
        except_chats: Collection[tuple[AccountName, Recipient]] = (),
        except_accounts: Collection[AccountName] = (),
    ) -> tuple[Board, ...]:
        """List the messages whose look may have to follow a poll, the public ones first."""
        cut = {each.id: each for state in CUT_SHORT for each in self._in(state) if self._is_left(each)}
        found = [
            board
            for delivery in (*self._in(DeliveryState.SENT), *cut.values())
            if delivery.account not in except_accounts and (delivery.account, delivery.recipient) not in except_chats
            if (poll := poll_shown(delivery.message))
            for look in [self._shelves.looks.get(delivery.id)]
            if not (look and look.final) and (board := board_of(delivery, poll, look.digest if look else None))
        ]
        cut_short = [board for board in found if board.delivery in cut]
        public = [board for board in found if board.recipient.kind not in PRIVATE and board.delivery not in cut]
        over = [board for board in found if board.recipient.kind in PRIVATE and self._is_over(board.poll)]
        return tuple((public + over + cut_short)[:limit])

    def shown(self, delivery: DeliveryId, digest: bytes, *, final: bool) -> None:
        """Remember what a board shows."""
        if delivery in self._shelves.deliveries:
            self._shelves.looks[delivery] = Look(digest, final)

    def purge(self, *, before: datetime) -> int:
        """Forget deliveries to or about people settled before."""
        old = [
            delivery
            for delivery in self._shelves.deliveries.values()
            if delivery.recipient.kind in FORGOTTEN
            and delivery.state in SETTLED
            and (delivery.claimed_at or delivery.expires_at) < before
        ]
        for delivery in old:
            self._drop(delivery)
        return len(old)

    def hasten(self, campaign: CampaignId, urgency: Urgency, *, at: datetime) -> int:
        """Make what is planned of a campaign at least so urgent."""
        planned = [each for each in self._of(campaign) if each.state is DeliveryState.PLANNED]
        slower = [each for each in planned if each.urgency > urgency and each.expires_at > at]
        self._shelves.deliveries.update({each.id: replace(each, urgency=urgency) for each in slower})
        return len(slower)

    def cancel_for(self, recipient: Recipient) -> None:
        """Cancel what is planned for one recipient."""
        for delivery in self._in(DeliveryState.PLANNED):
            if delivery.recipient == recipient:
                self._shelves.deliveries[delivery.id] = given_up(delivery, DeliveryState.CANCELLED)

    def drop_for(self, recipient: Recipient) -> int:
        """Erase all that names one recipient."""
        named = [delivery for delivery in self._shelves.deliveries.values() if delivery.recipient == recipient]
        for delivery in named:
            self._drop(delivery)
        return len(named)

    def drop_reminders(self, poll: PollId) -> int:
        """Erase the private reminders of a poll."""
        reminders = [
            delivery
            for delivery in self._shelves.deliveries.values()
            if delivery.recipient.kind is RecipientKind.CITIZEN
            and isinstance(delivery.message, PollReminder)
            and delivery.message.poll.id == poll
        ]
        for delivery in reminders:
            self._drop(delivery)
        return len(reminders)

    def _drop(self, delivery: Delivery) -> None:
        del self._shelves.deliveries[delivery.id]
        self._shelves.looks.pop(delivery.id, None)
        for key, amendment in list(self._shelves.amendments.items()):
            if amendment.delivery == delivery.id:
                del self._shelves.amendments[key]
            elif amendment.reply == delivery.id:
                self._shelves.amendments[key] = replace(amendment, reply=None)
        for reply in list(self._shelves.replies.values()):
            if reply.about == delivery.id:
                self._shelves.replies[reply.id] = replace(reply, about=None)
        if delivery.occurrence is not None:
            self._shelves.planned.pop((delivery.occurrence, delivery.recipient), None)

    def _is_over(self, poll: PollId) -> bool:
        known = self._shelves.polls.get(poll)
        return known is not None and known.is_over

    def _is_left(self, delivery: Delivery) -> bool:
        """Whether it was cut short, and may have left something in a public place that is no longer true."""
        poll = poll_shown(delivery.message)
        return delivery.recipient.kind is RecipientKind.CHANNEL and poll is not None and self._is_over(poll)

    def _in(self, state: DeliveryState) -> list[Delivery]:
        return [delivery for delivery in self._shelves.deliveries.values() if delivery.state is state]

    def _of(self, campaign: CampaignId | None) -> list[Delivery]:
        if campaign is None:
            return list(self._shelves.deliveries.values())
        return self._about({each.id for each in self._shelves.occurrences.values() if each.campaign == campaign})

    def _about(self, occurrences: Collection[OccurrenceId]) -> list[Delivery]:
        every = list(self._shelves.deliveries.values())
        said = {each.id for each in every if each.occurrence in occurrences}
        return [each for each in every if each.id in said or each.answers in said]
