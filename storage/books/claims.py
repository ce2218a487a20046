"""What may be sent now, campaign after campaign, and when there is more.

A lane asks at every tick, mostly for nothing: statements are built once, and urgencies of which nothing waits are not
asked about.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.delivery import Delivery, Urgency
from core.identifiers import AccountName
from storage.books.book import PLANNED
from storage.books.ledger import Ledger
from storage.fairness import in_order, in_turn
from storage.tables import DeliveryRow, OccurrenceRow

_BEGUN = text("earlier.claimed_at IS NOT NULL AND earlier.state IN ('planned', 'sending')")  # as in its index
_MINE = (PLANNED, col(DeliveryRow.account) == bindparam("account"))
_URGENT = (*_MINE, col(DeliveryRow.urgency) == bindparam("urgency"))
_QUEUES = (col(DeliveryRow.occurrence).is_(None), col(DeliveryRow.occurrence) == bindparam("occurrence"))


def _now() -> tuple[ColumnElement[bool], ...]:
    """Due, in time, and behind nothing that is begun: see ``storage.fairness.holds_back``."""
    at: BindParameter[datetime] = bindparam("at")
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


def _due(*which: ColumnElement[bool]) -> SelectOfScalar[DeliveryRow]:
    ordered = (
        select(DeliveryRow).where(*_URGENT, *which, *_now()).order_by(col(DeliveryRow.due_at), col(DeliveryRow.id))
    )
    return ordered.limit(bindparam("limit"))


_NEXT_URGENCY = select(func.min(DeliveryRow.urgency)).where(*_MINE, col(DeliveryRow.urgency) > bindparam("last"))
_NEXT_OCCURRENCE = select(func.min(DeliveryRow.occurrence)).where(
    *_URGENT, col(DeliveryRow.occurrence) > bindparam("last")
)
_FIRST_DUE = tuple(select(func.min(DeliveryRow.due_at)).where(*_URGENT, queue) for queue in _QUEUES)
_DUE = tuple(map(_due, _QUEUES))
_ELDERS = _due(
    col(DeliveryRow.kind) == bindparam("kind"), col(DeliveryRow.name).in_(bindparam("names", expanding=True))
)


class Claims(Ledger):
    """The part of the ledger that lanes ask for work."""

    def claimable(
        self, account: AccountName, *, at: datetime, limit: int, least: Urgency = Urgency.REFRESH
    ) -> tuple[Delivery, ...]:
        """List what may be sent now, in the order to send it: one look into the index per urgency and occurrence."""
        found: list[Delivery] = []
        for urgency in self._urgencies(account, least):
            if len(found) < limit:
                found += self._fairly(account, urgency, at=at, limit=limit - len(found))
        return tuple(found)

    def next_due(self, account: AccountName, *, least: Urgency = Urgency.REFRESH) -> datetime | None:
        """Say when the next is due."""
        found: list[datetime | None] = []
        for urgency in self._urgencies(account, least):
            for occurrence in self._occurrences(account, urgency):
                theirs = {"account": account, "urgency": urgency, "occurrence": occurrence}
                found.append(self._session.exec(_FIRST_DUE[occurrence is not None], params=theirs).one())
        return min((at for at in found if at is not None), default=None)

    def _fairly(self, account: AccountName, urgency: int, *, at: datetime, limit: int) -> Sequence[Delivery]:
        asked = {"account": account, "urgency": urgency, "at": at, "limit": limit}
        queues = {
            occurrence: self._read(_DUE[occurrence is not None], {**asked, "occurrence": occurrence})
            for occurrence in self._occurrences(account, urgency)
        }
        queues = {occurrence: queue for occurrence, queue in queues.items() if queue}
        found = in_turn(self._by_campaign(queues))[:limit]
        return found if len(queues) < 2 else in_order(found, self._elders(found, asked))[:limit]

    def _urgencies(self, account: AccountName, least: Urgency) -> Iterator[int]:
        """Those of which something is planned, the most urgent first: from one to the next in the index."""
        last = -1
        while (found := self._next(_NEXT_URGENCY, account=account, last=last)) is not None and found <= least:
            yield found
            last = found

    def _occurrences(self, account: AccountName, urgency: int) -> Iterator[int | None]:
        """Those that something planned belongs to, and none: from one to the next in the index, however many rows."""
        yield None
        last = 0
        while (found := self._next(_NEXT_OCCURRENCE, account=account, urgency=urgency, last=last)) is not None:
            yield found
            last = found

    def _next(self, statement: SelectOfScalar[int] | SelectOfScalar[int | None], **asked: object) -> int | None:
        return self._session.exec(statement, params=asked).one()

    def _by_campaign(self, queues: dict[int | None, tuple[Delivery, ...]]) -> list[list[Delivery]]:
        if len(queues) < 2:
            return [[*queue] for queue in queues.values()]
        known = select(OccurrenceRow).where(col(OccurrenceRow.id).in_(queues))
        campaigns: dict[int | None, str] = {row.id: row.campaign for row in self._session.exec(known)}
        together: defaultdict[object, list[Delivery]] = defaultdict(list)
        for occurrence, queue in queues.items():
            together[campaigns.get(occurrence, occurrence)] += queue
        return [*together.values()]

    def _elders(self, found: Sequence[Delivery], asked: dict[str, object]) -> Iterator[Delivery]:
        """What the same recipients are to get before, although it is not yet the turn of its campaign."""
        names: defaultdict[str, set[str]] = defaultdict(set)
        for each in found:
            names[each.recipient.kind].add(each.recipient.name)
        for kind, theirs in names.items():
            yield from self._read(_ELDERS, {**asked, "kind": kind, "names": [*theirs]})
