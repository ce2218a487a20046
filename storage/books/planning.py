"""Planning: one message becomes deliveries, inside the database whoever many there are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Text, cast, func, literal
from sqlmodel import col, delete, select, update

from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState, Urgency
from core.identifiers import AccountName, CampaignId, DeliveryId, OccurrenceId, PollId
from core.messages import Delivered, PollReminder
from storage import bodies
from storage.books.book import PLANNED, Book, about, given_up, of_campaign
from storage.ledger import poll_shown
from storage.tables import CitizenRow, DeliveryRow, MessageRow

_KEY = ["kind", "name", "occurrence"]
_AT_ONCE = 1000


class Planning(Book):
    """The part of the ledger that grows and lets go."""

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
        waiting = iter(recipients)
        common = self._common(occurrence, message, urgency, due_at, expires_at)
        if refusal:
            common |= {"state": DeliveryState.FAILED, "note": refusal}
        adding = self._dialect.insert(DeliveryRow).on_conflict_do_nothing(index_elements=_KEY)
        new = 0
        while some := list(islice(waiting, _AT_ONCE)):
            rows = [{**common, "account": account, "kind": to.kind, "name": to.name} for account, to in some]
            new += len(self._session.connection().execute(adding.returning(DeliveryRow.id), rows).all())
        self._dialect.announce(self._session.connection())
        return new

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
        common = self._common(occurrence, message, urgency, due_at, expires_at)
        theirs = [col(CitizenRow.account), literal(RecipientKind.CITIZEN), cast(col(CitizenRow.id), Text)]
        types = DeliveryRow.metadata.tables["deliveries"].c
        same = [literal(value, types[name].type) for name, value in common.items()]
        subscribed = col(CitizenRow.subscribed) & col(CitizenRow.account).in_(accounts)
        crowd = select(*theirs, *same).where(subscribed).order_by(col(CitizenRow.id))
        adding = self._dialect.insert(DeliveryRow).from_select(["account", "kind", "name", *common], crowd)
        self._dialect.announce(self._session.connection())
        return self._change(adding.on_conflict_do_nothing(index_elements=_KEY))

    def reply(
        self, to: DeliveryId, message: Delivered, *, urgency: Urgency, due_at: datetime, expires_at: datetime
    ) -> DeliveryId:
        """Plan a reply."""
        answered = self._session.get_one(DeliveryRow, to)
        place = {"account": answered.account, "kind": answered.kind, "name": answered.name, "answers": to}
        common = self._common(None, message, urgency, due_at, expires_at)
        adding = self._dialect.insert(DeliveryRow).values({**common, **place}).returning(DeliveryRow.id)
        return DeliveryId(self._session.connection().execute(adding).scalar_one())

    def reword(self, occurrence: OccurrenceId, message: Delivered) -> int:
        """Let what is planned say this."""
        untouched = PLANNED & (col(DeliveryRow.done) == 0) & col(DeliveryRow.doubted_at).is_(None)
        planned = untouched & (col(DeliveryRow.occurrence) == occurrence)
        return self._change(update(DeliveryRow).where(planned).values(message=self._keep(message)))

    def call_off(self, occurrence: OccurrenceId) -> int:
        """Cancel what is planned of an occurrence."""
        planned = PLANNED & about([occurrence])
        return self._change(update(DeliveryRow).where(planned).values(state=given_up(DeliveryState.CANCELLED)))

    def expire(self, at: datetime) -> int:
        """Give up what is too late."""
        late = PLANNED & (col(DeliveryRow.expires_at) <= at)
        return self._change(update(DeliveryRow).where(late).values(state=given_up(DeliveryState.EXPIRED)))

    def prolong(self, urgency: Urgency, *, until: datetime) -> None:
        """Let what is planned with this urgency expire then at the earliest."""
        sooner = PLANNED & (col(DeliveryRow.urgency) == int(urgency)) & (col(DeliveryRow.expires_at) < until)
        self._change(update(DeliveryRow).where(sooner).values(expires_at=until))

    def hasten(self, campaign: CampaignId, urgency: Urgency, *, at: datetime) -> int:
        """Make what is planned of a campaign at least so urgent."""
        slower = PLANNED & of_campaign(campaign) & (col(DeliveryRow.urgency) > int(urgency))
        in_time = slower & (col(DeliveryRow.expires_at) > at)
        return self._change(update(DeliveryRow).where(in_time).values(urgency=int(urgency)))

    def cancel_for(self, recipient: Recipient) -> None:
        """Cancel what is planned for one recipient."""
        named = (col(DeliveryRow.kind) == recipient.kind) & (col(DeliveryRow.name) == recipient.name) & PLANNED
        self._change(update(DeliveryRow).where(named).values(state=given_up(DeliveryState.CANCELLED)))

    def drop_for(self, recipient: Recipient) -> int:
        """Erase all that names one recipient."""
        named = (col(DeliveryRow.kind) == recipient.kind) & (col(DeliveryRow.name) == recipient.name)
        return self._change(delete(DeliveryRow).where(named))

    def drop_reminders(self, poll: PollId) -> int:
        """Erase the private reminders of a poll."""
        reminders = select(MessageRow.id).where(MessageRow.kind == PollReminder.__name__)
        private = (col(DeliveryRow.poll) == poll) & (col(DeliveryRow.kind) == RecipientKind.CITIZEN)
        return self._change(delete(DeliveryRow).where(private & col(DeliveryRow.message).in_(reminders)))

    def count_for(self, recipient: Recipient) -> int:
        """Count what names one recipient."""
        named = (col(DeliveryRow.kind) == recipient.kind) & (col(DeliveryRow.name) == recipient.name)
        return self._session.exec(select(func.count()).select_from(DeliveryRow).where(named)).one()

    def _common(
        self,
        occurrence: OccurrenceId | None,
        message: Delivered,
        urgency: Urgency,
        due_at: datetime,
        expires_at: datetime,
    ) -> dict[str, Any]:
        return {
            "occurrence": occurrence,
            "message": self._keep(message),
            "urgency": int(urgency),
            "due_at": due_at,
            "expires_at": expires_at,
            "state": DeliveryState.PLANNED,
            "attempts": 0,
            "lease_until": None,
            "claimed_at": None,
            "doubted_at": None,
            "parts": 0,
            "done": 0,
            "asks": False,
            "note": "",
            "poll": poll_shown(message),
            "shown": None,
            "final": False,
        }

    def _keep(self, message: Delivered) -> int:
        body = bodies.message_written(message)
        known = select(MessageRow.id).where(MessageRow.digest == body.digest)
        if self._session.exec(known).first() is None:
            row = {"digest": body.digest, "kind": body.kind, "body": body.text}
            self._change(self._dialect.insert(MessageRow).values(row).on_conflict_do_nothing(index_elements=["digest"]))
        return self._session.exec(known).one()
