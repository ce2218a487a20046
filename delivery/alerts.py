"""Alerts: the staff learns what needs a human, on all its channels at once.

A look is part of the tick of the ledger: what begins, grows or ends is stored, and what is to be told is planned in the
same transaction. An alert goes out through the ledger like everything else, but before everything else, and whatever
is frozen. That it may be out twice hurts nobody: one of which nobody knows whether it is out is said again, and never
alerted about.

The time it takes, counted from the call of which nobody knows whether it was made: an answer that is lost is known to
be lost after seconds; a dead sender once its lease is over (90 s) and the next tick has come (5 s). Where the network
shows what we wrote, ``lookback`` looks then, and the staff is told when 100 s have passed and it found nothing out
(``delivery.matters``). Then one call to each network.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from core.alert import GATHERING, KEPT, MOST_AN_HOUR, MOST_CASES_AN_HOUR, Alert, AlertKind, Matter, grown
from core.audience import Recipient, RecipientKind, StaffChannel
from core.delivery import MOST_ATTEMPTS, Delivery, DeliveryState, Urgency, completed, handed_back
from core.identifiers import AlertId
from core.ports.clock import Clock
from core.ports.store import Books, Store
from core.staff_messages import StaffAlert
from delivery.bells import Hands
from delivery.briefing import Briefing, digest_of
from delivery.matters import Matters

_HOUR = timedelta(hours=1)
_FLOOD = Matter(kind=AlertKind.FLOOD, about="town")

log = logging.getLogger("parvis.delivery")


def copies(books: Books, rooms: Sequence[StaffChannel], alert: AlertId) -> Iterator[Delivery]:
    """The messages of an alert in the channels of the staff."""
    for room in rooms:
        yield from books.deliveries.to(_recipient(room, alert))


class Alerts:
    """Keeps the alerts as the matters are. ``rooms`` are the channels of the staff; ``wake`` tells of something new."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        matters: Matters,
        briefing: Briefing,
        rooms: Sequence[StaffChannel],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._matters = matters
        self._briefing = briefing
        self._rooms = tuple(rooms)
        self._wake = wake
        self._hands = Hands()

    @property
    def busy(self) -> bool:
        """Whether a look is under way."""
        return self._hands.busy

    async def look(self) -> None:
        """Store what began, grew or ended; plan what is to be told. Nothing while the town is held."""
        with self._hands.at_work():
            now = self._clock.now()
            if not await self._store.read(partial(self._concerns, now)):
                return
            for alert in await self._store.write(partial(self._attend, now)):
                told = {"alert": alert.id, "kind": alert.matter.kind.value, "about": alert.matter.about}
                log.warning("staff_alerted", extra=told)
            self._wake()

    def _concerns(self, now: datetime, books: Books) -> bool:
        """Whether there is anything to attend to: most looks change nothing."""
        if books.town.fact("held") is not None:
            return False
        return bool(books.alerts.standing() or self._matters.find(books, now))

    def _attend(self, now: datetime, books: Books) -> list[Alert]:
        """Returns what was told."""
        found = self._matters.find(books, now)
        for alert in books.alerts.standing():
            stands = alert if alert.over_at else _renewed(alert, found.pop(alert.matter.name, None), now)
            if stands != alert:
                books.alerts.save(stands)
            self._repeat(books, stands, now)
        for matter in found.values():
            books.alerts.open(matter, at=now)
        return list(self._told(books, now))

    def _told(self, books: Books, now: datetime) -> Iterator[Alert]:
        """Tell what was not told yet; when too much was, that there is more. The rest waits, and costs nothing."""
        standing = books.alerts.standing()
        told, more = _to_tell(standing, since=now - _HOUR)
        for alert in told:
            if alert.matter.kind is not AlertKind.FLOOD and books.alerts.told(since=now - _HOUR) >= MOST_AN_HOUR:
                more = True
                break
            yield self._tell(books, alert, now)
        flood = books.alerts.open(replace(_FLOOD, until=now + _HOUR), at=now) if more else None
        if flood is not None and _waits(flood):
            yield self._tell(books, flood, now)

    def _tell(self, books: Books, alert: Alert, now: datetime) -> Alert:
        """Plan the messages of an alert."""
        told = replace(alert, told_at=now, said=alert.said or digest_of(self._briefing.told(books, alert)))
        books.alerts.save(told)
        books.deliveries.plan(
            occurrence=None,
            message=StaffAlert(alert=alert.id),
            recipients=[(room.account, _recipient(room, alert.id)) for room in self._rooms],
            urgency=Urgency.ANSWER,  # before anything that was let out, too
            due_at=now,
            expires_at=now + KEPT,
        )
        return told

    def _repeat(self, books: Books, alert: Alert, now: datetime) -> None:
        """Say again what may not have been heard, while it is true; what was not said yet need not be, once it is over.

        In the end nobody asks any more whether a message to the staff is out.
        """
        over = alert.over_at is not None
        if not alert.said:  # it was never told
            return
        for copy in copies(books, self._rooms, alert.id):
            if copy.state is DeliveryState.UNCERTAIN:
                last = over or copy.attempts + 1 >= MOST_ATTEMPTS
                anew = replace(handed_back(copy), doubted_at=None, due_at=now, attempts=copy.attempts + 1)
                books.deliveries.save(completed(copy) if last else anew, expected=copy.state)
            elif over and copy.state is DeliveryState.PLANNED and not copy.done:
                books.deliveries.save(replace(copy, state=DeliveryState.CANCELLED), expected=copy.state)


def _to_tell(standing: Sequence[Alert], *, since: datetime) -> tuple[list[Alert], bool]:
    """What was not told yet, of cases only so many within the hour; and whether there are more of these."""
    cases = [each for each in standing if each.matter.kind is AlertKind.CASE]
    lately = sum(each.told_at is not None and each.told_at >= since for each in cases)
    late = frozenset([each.id for each in filter(_waits, cases)][max(MOST_CASES_AN_HOUR - lately, 0) :])
    return [each for each in filter(_waits, standing) if each.id not in late], bool(late)


def _waits(alert: Alert) -> bool:
    """Whether it is still to be told."""
    return alert.told_at is None and alert.over_at is None


def _renewed(alert: Alert, matter: Matter | None, now: datetime) -> Alert:
    """The alert as its matter stands: as it was found, or over. What grows late is to be told again."""
    if matter is None:
        ends = alert.matter.until is None or now >= alert.matter.until
        return replace(alert, over_at=now) if ends else alert
    told_at = alert.told_at
    if grown(alert.matter, matter) and told_at is not None and now - told_at >= GATHERING:
        told_at = None
    known = alert.matter.deliveries
    whole = (*known, *(each for each in matter.deliveries if each not in known))
    return replace(alert, matter=replace(matter, deliveries=whole), told_at=told_at)


def _recipient(room: StaffChannel, alert: AlertId) -> Recipient:
    return Recipient(RecipientKind.STAFF, f"{room.name}:{alert}")
