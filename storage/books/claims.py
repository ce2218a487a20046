"""What may be sent now, campaign after campaign, and when there is more."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core.delivery import Delivery, Urgency
from core.identifiers import AccountName
from storage.books.book import PLANNED
from storage.books.ledger import Ledger
from storage.fairness import in_order, in_turn
from storage.tables import DeliveryRow, OccurrenceRow

_BEGUN = text("earlier.claimed_at IS NOT NULL AND earlier.state IN ('planned', 'sending')")  # as in its index


class Claims(Ledger):
    """The part of the ledger that lanes ask for work."""

    def claimable(
        self, account: AccountName, *, at: datetime, limit: int, least: Urgency = Urgency.REFRESH
    ) -> tuple[Delivery, ...]:
        """List what may be sent now, in the order to send it: one look into the index per urgency and occurrence."""
        found: list[Delivery] = []
        for urgency in _down_to(least):
            if len(found) < limit:
                found += self._fairly(account, urgency, at=at, limit=limit - len(found))
        return tuple(found)

    def next_due(self, account: AccountName, *, least: Urgency = Urgency.REFRESH) -> datetime | None:
        """Say when the next is due."""
        found: list[datetime | None] = []
        for urgency in _down_to(least):
            for occurrence in self._occurrences(account, urgency):
                theirs = _waiting(account, urgency, occurrence)
                found.append(self._session.exec(select(func.min(DeliveryRow.due_at)).where(*theirs)).one())
        return min((at for at in found if at is not None), default=None)

    def _fairly(self, account: AccountName, urgency: Urgency, *, at: datetime, limit: int) -> Sequence[Delivery]:
        queues: dict[int | None, tuple[Delivery, ...]] = {}
        for occurrence in self._occurrences(account, urgency):
            due = select(DeliveryRow).where(*_waiting(account, urgency, occurrence), *_now(at))
            ordered = due.order_by(col(DeliveryRow.due_at), col(DeliveryRow.id))
            queues[occurrence] = self._read(ordered.limit(limit))
        found = in_turn(self._by_campaign(queues))[:limit]
        if sum(map(bool, queues.values())) < 2:
            return found
        return in_order(found, self._elders(found, account, urgency, at=at, limit=limit))[:limit]

    def _occurrences(self, account: AccountName, urgency: Urgency) -> Iterator[int | None]:
        """Those that something planned belongs to, and none: from one to the next in the index, however many rows."""
        yield None
        planned = (PLANNED, col(DeliveryRow.account) == account, col(DeliveryRow.urgency) == int(urgency))
        last = 0
        while True:
            following = select(func.min(DeliveryRow.occurrence)).where(*planned, col(DeliveryRow.occurrence) > last)
            found = self._session.exec(following).one()
            if found is None:
                return
            yield found
            last = found

    def _by_campaign(self, queues: dict[int | None, tuple[Delivery, ...]]) -> list[list[Delivery]]:
        known = select(OccurrenceRow).where(col(OccurrenceRow.id).in_(queues))
        campaigns: dict[int | None, str] = {row.id: row.campaign for row in self._session.exec(known)}
        together: defaultdict[object, list[Delivery]] = defaultdict(list)
        for occurrence, queue in queues.items():
            together[campaigns.get(occurrence, occurrence)] += queue
        return [*together.values()]

    def _elders(
        self, found: Sequence[Delivery], account: AccountName, urgency: Urgency, *, at: datetime, limit: int
    ) -> Iterator[Delivery]:
        """What the same recipients are to get before, although it is not yet the turn of its campaign."""
        names: defaultdict[str, set[str]] = defaultdict(set)
        for each in found:
            names[each.recipient.kind].add(each.recipient.name)
        planned = (PLANNED, col(DeliveryRow.account) == account, col(DeliveryRow.urgency) == int(urgency), *_now(at))
        for kind, theirs in names.items():
            named = (col(DeliveryRow.kind) == kind) & col(DeliveryRow.name).in_(theirs)
            ordered = select(DeliveryRow).where(*planned, named).order_by(col(DeliveryRow.due_at), col(DeliveryRow.id))
            yield from self._read(ordered.limit(limit))


def _waiting(account: AccountName, urgency: Urgency, occurrence: int | None) -> tuple[ColumnElement[bool], ...]:
    same = col(DeliveryRow.occurrence).is_(None) if occurrence is None else col(DeliveryRow.occurrence) == occurrence
    return PLANNED, col(DeliveryRow.account) == account, col(DeliveryRow.urgency) == int(urgency), same


def _now(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Due, in time, and behind nothing that is begun: see ``storage.fairness.holds_back``."""
    earlier = aliased(DeliveryRow, name="earlier")
    waits = (col(earlier.state) == "sending") | ((col(earlier.done) == 0) & (col(earlier.expires_at) > at))
    before = (
        (col(earlier.kind) == col(DeliveryRow.kind))
        & (col(earlier.name) == col(DeliveryRow.name))
        & (col(earlier.account) == col(DeliveryRow.account))
        & (col(earlier.id) < col(DeliveryRow.id))
        & (col(earlier.urgency) <= col(DeliveryRow.urgency))
    )
    held = select(earlier.id).where(before, waits, _BEGUN)
    return col(DeliveryRow.due_at) <= at, col(DeliveryRow.expires_at) > at, ~held.exists()


def _down_to(least: Urgency) -> list[Urgency]:
    return [urgency for urgency in Urgency if urgency <= least]
