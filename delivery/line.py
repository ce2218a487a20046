"""Who is served next: several chats at once, but one at a time and in order within each chat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.audience import Destination
from core.delivery import Delivery, Urgency
from core.identifiers import DeliveryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A delivery that may be sent now, and where it goes; private addresses are not looked up before it is served."""

    delivery: Delivery
    destination: Destination | None

    @property
    def chat(self) -> str:
        """What must stay in order."""
        return self.destination.address if self.destination else str(self.delivery.recipient)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A delivery that its chat waits for: nothing that is not more urgent overtakes it."""

    chat: str
    urgency: Urgency
    due_at: datetime


class Line:
    """The deliveries that may be sent now, those being sent, and those that others wait behind."""

    def __init__(self, *, at_once: int) -> None:
        self._at_once = at_once
        self._waiting: list[Candidate] = []
        self._served: dict[str, DeliveryId] = {}
        self._heads: dict[DeliveryId, Head] = {}

    @property
    def underway(self) -> frozenset[DeliveryId]:
        """Those being sent."""
        return frozenset(self._served.values())

    @property
    def heads(self) -> dict[DeliveryId, str]:
        """Those that others wait behind, with their chats."""
        return {number: head.chat for number, head in self._heads.items()}

    @property
    def is_full(self) -> bool:
        """Whether nobody can be served before somebody leaves."""
        return len(self._served) >= self._at_once

    def refill(self, candidates: Iterable[Candidate], *, gone: Iterable[DeliveryId] = ()) -> None:
        """Replace those who wait. Heads that are ``gone`` hold nobody up any more."""
        self._waiting = list(candidates)
        for delivery in gone:
            self._heads.pop(delivery, None)

    def take(self, now: datetime) -> Candidate | None:
        """The next to be served; its chat is then taken. None when nobody may be served now."""
        if self.is_full:
            return None
        for index, candidate in enumerate(self._waiting):
            if self._may_go(candidate, now):
                del self._waiting[index]
                self._served[candidate.chat] = candidate.delivery.id
                return candidate
        return None

    def leave(self, candidate: Candidate, *, again_at: datetime | None) -> None:
        """Free its chat; with ``again_at``, for those more urgent only, until it has been served again."""
        del self._served[candidate.chat]
        self._heads.pop(candidate.delivery.id, None)
        if again_at is not None:
            urgency = candidate.delivery.urgency
            self._heads[candidate.delivery.id] = Head(chat=candidate.chat, urgency=urgency, due_at=again_at)

    def next_instant(self, after: datetime) -> datetime | None:
        """When the next head may be served again."""
        return min((head.due_at for head in self._heads.values() if head.due_at > after), default=None)

    def _may_go(self, candidate: Candidate, now: datetime) -> bool:
        if candidate.chat in self._served or candidate.delivery.id in self.underway:
            return False
        return all(
            head.due_at <= now if number == candidate.delivery.id else candidate.delivery.urgency < head.urgency
            for number, head in self._heads.items()
            if head.chat == candidate.chat
        )
