"""The lane ``send:<account>``: what is due goes out, the most urgent first, many chats at once, in order within each.

The lane never asks the clock again and again: it rests until its bell rings or until an instant that it knows. Whoever
plans a delivery rings the bell; a tick rings it too, for what another process has planned.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from core.audience import Destination
from core.case_messages import MessageRestored
from core.delivery import DeliveryState
from core.errors import StorageError, Superseded, Unauthorised
from core.identifiers import DeliveryId, MessageId
from core.messages import Delivered, Illegible
from core.ports.clock import Clock
from core.ports.platform import Sender
from core.ports.store import Books, Store
from core.ports.words import Words
from core.staff_messages import StaffAlert
from delivery.bells import Bell, Hands
from delivery.courier import Carried, Courier
from delivery.directory import Directory
from delivery.line import Candidate, Line
from delivery.sobriety import least_urgent
from delivery.trouble import Trouble

FEW, MANY = 64, 4096  # deliveries looked at together; more while those at the front wait for one chat
PAUSE = timedelta(seconds=5)  # while the store is away

log = logging.getLogger("parvis.delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agenda:
    """What the ledger says to do. ``gone`` hold candidates up although they are not to be sent any more."""

    candidates: tuple[Candidate, ...] = ()
    gone: frozenset[DeliveryId] = frozenset()
    next_due: datetime | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a delivery goes, what it says, and which message of ours it answers."""

    destination: Destination | None
    message: Delivered | Illegible | None
    answers: MessageId | None = None


class Dispatcher:
    """Sends for one account. ``bell`` wakes it; at most ``at_once`` chats are served at the same time."""

    def __init__(
        self,
        *,
        platform: Sender,
        store: Store,
        words: Words,
        directory: Directory,
        clock: Clock,
        bell: Bell,
        at_once: int = 16,
        aftermath: Store | None = None,
    ) -> None:
        """``aftermath`` stores what became of calls, also when ``store`` is that of another process by now."""
        self._account = platform.account
        self._store = store
        self._directory = directory
        self._clock = clock
        self._bell = bell
        self._at_once = at_once
        self._hands = Hands()
        self._courier = Courier(
            platform=platform, store=store, words=words, clock=clock, hands=self._hands, aftermath=aftermath
        )
        self._line = Line(at_once=at_once)
        self._limit = FEW
        self._trouble = Trouble("ledger", account=self._account)
        self._refusal: Unauthorised | Superseded | None = None
        self._closing = False
        self._leaving = False
        self._running = False

    @property
    def busy(self) -> bool:
        """Whether there is something to do at once. Waiting for a turn, or for an instant, is rest."""
        return self._hands.busy or (self._running and self._bell.rung)

    async def run(self) -> None:
        """Send what falls due until cancelled or drained. Calls under way end before anything is raised.

        Raises Unauthorised when the account is refused, Superseded when another process runs the lane.
        """
        self._line = Line(at_once=self._at_once)
        self._refusal = None
        self._leaving = False
        self._running = True
        try:
            async with asyncio.TaskGroup() as group:
                while not self._over:
                    until = await self._look(group)
                    await self._bell.rest(self._clock, until)
        finally:
            self._running = False
        if self._refusal is not None:
            raise self._refusal

    async def drain(self) -> None:
        """Make no further call; return when the outcomes of those under way are stored. The lane can then be ended."""
        self._closing = True
        await self._courier.drain()
        self._bell.ring()

    def leave(self) -> None:
        """Begin nothing more; ``run`` returns when what is in hand has ended. The lane may be run again later."""
        self._leaving = True
        self._bell.ring()

    @property
    def _over(self) -> bool:
        return self._closing or self._leaving or self._refusal is not None

    async def _look(self, group: asyncio.TaskGroup) -> datetime | None:
        """Start what can be started; the next instant at which there may be more, None when nobody knows of any."""
        with self._hands.at_work():
            now = self._clock.now()
            try:
                agenda = await self._store.read(partial(self._read, now, self._line.underway, self._line.heads))
            except StorageError as error:
                self._trouble.begins(error)
                return now + PAUSE
            self._trouble.ends()
            self._line.refill(agenda.candidates, gone=agenda.gone)
            started = self._start(group)
            if agenda.full and not started and not self._line.is_full and self._limit < MANY:
                self._limit *= 2
                self._bell.ring()
            elif started:
                self._limit = FEW
            instants = (self._line.next_instant(now), agenda.next_due)
            return min((instant for instant in instants if instant is not None and instant > now), default=None)

    def _read(
        self, now: datetime, underway: frozenset[DeliveryId], heads: Mapping[DeliveryId, str], books: Books
    ) -> _Agenda:
        if books.town.fact("held") is not None:
            return _Agenda()
        least = least_urgent(books)
        due = books.deliveries.claimable(self._account, at=now, limit=self._limit, least=least)
        found = ((each, self._directory.find_place(books, self._account, each.recipient)) for each in due)
        candidates = tuple(
            Candidate(delivery=delivery, destination=destination)
            for delivery, destination in found
            if delivery.id not in underway
        )
        return _Agenda(
            candidates=candidates,
            gone=_gone(now, candidates, heads, books),
            next_due=books.deliveries.next_due(self._account, least=least),
            full=len(due) == self._limit,
        )

    def _start(self, group: asyncio.TaskGroup) -> bool:
        started = False
        while not self._over and (candidate := self._line.take(self._clock.now())) is not None:
            group.create_task(self._serve(group, candidate))
            started = True
        return started

    async def _serve(self, group: asyncio.TaskGroup, candidate: Candidate) -> None:
        with self._hands.at_work():
            again_at: datetime | None = None
            apart = False
            try:
                carried = await self._carried(candidate)
                apart = carried.apart
                if carried.delivery is not None and carried.delivery.state is DeliveryState.PLANNED:
                    again_at = carried.delivery.due_at
            except StorageError as error:
                self._trouble.begins(error)
                again_at = self._clock.now() + PAUSE
            except (Unauthorised, Superseded) as error:
                self._refusal = error
            self._line.leave(candidate, again_at=None if apart else again_at)
            if not self._start(group) or again_at is not None:
                self._bell.ring()

    async def _carried(self, candidate: Candidate) -> Carried:
        try:
            found = await self._found(candidate)
            return await self._courier.carry(
                candidate.delivery, found.destination, found.message, answers=found.answers
            )
        except (StorageError, Unauthorised, Superseded):
            raise
        except Exception as error:  # the supervisor of deliveries: those of other chats are in the middle of calls
            log.exception("delivery_fault", extra={"delivery": candidate.delivery.id})
            return Carried(await self._courier.set_aside(candidate.delivery.id, error))

    async def _found(self, candidate: Candidate) -> _Found:
        """Where it goes and what it says, read at the last moment where that names people."""
        delivery, place = candidate.delivery, candidate.destination
        told_late = isinstance(delivery.message, MessageRestored | StaffAlert)
        if place is not None and delivery.answers is None and not told_late:
            return _Found(place, delivery.message)

        def look(books: Books) -> _Found:
            found = place or self._directory.find(books, self._account, delivery.recipient)
            said = self._directory.unsealed(books, delivery.message)
            return _Found(found, said, self._directory.answered(books, delivery))

        return await self._store.read(look)


def _gone(
    now: datetime, candidates: Iterable[Candidate], heads: Mapping[DeliveryId, str], books: Books
) -> frozenset[DeliveryId]:
    """The heads that hold up candidates although they are not to be sent any more. Looks up few, however many wait."""
    chats = {candidate.chat for candidate in candidates}
    due = {candidate.delivery.id for candidate in candidates}
    before = {number for number, chat in heads.items() if chat in chats and number not in due}
    standing = (books.deliveries.get(number) for number in before)
    alive = (head for head in standing if head is not None and head.state is DeliveryState.PLANNED)
    return frozenset(before - {head.id for head in alive if now < head.expires_at})
