"""One amendment carried out: a turn, a claim committed just before each call, the calls, the outcome."""

import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from core.alert import KEPT, AlertKind, Matter, of_occurrence
from core.correction import (
    FAULT,
    SPEAKS,
    Amendment,
    AmendmentState,
    Correction,
    claimed,
    erred,
    given_up,
    postponed,
    put_off,
    settled,
)
from core.delivery import PATIENCE, Delivery, DeliveryState, Urgency
from core.errors import Gone, Moved, PlatformError, Rejected, Unreachable
from core.messages import Delivered
from core.ports.clock import Clock
from core.ports.platform import Platform
from core.ports.store import Books, Store
from core.wording import Wording
from delivery.bells import Hands
from delivery.copies import Copy
from delivery.courses import Course, Way
from delivery.sobriety import least_urgent

REPLIES_LAST = timedelta(days=7)  # what is still said of a mistake
A_WHILE = timedelta(seconds=30)  # until something that is waited for is looked at again
_SEEMS_MENDED = timedelta(minutes=5)  # while it is tried again
_NOBODY = "nobody can be reached under this name"

log = logging.getLogger("parvis.delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An amendment as it stood when it was read, and how it is to be carried out; no ``copy`` when nobody is there."""

    amendment: Amendment
    correction: Correction
    copy: Copy | None
    course: Course


class Errand:
    """Carries out one task. Raises StorageError where the store is away: the lease ends, and it is done anew."""

    def __init__(
        self, task: Task, *, platform: Platform, store: Store, clock: Clock, hands: Hands, wake: Callable[[], None]
    ) -> None:
        """``wake`` is called when a reply was planned."""
        self._task = task
        self._stands = task.amendment
        self._platform = platform
        self._store = store
        self._clock = clock
        self._hands = hands
        self._wake = wake

    async def run(self) -> None:
        """Do it."""
        course, copy = self._task.course, self._task.copy
        if course.waits:
            await self._save(postponed(self._stands, until=self._clock.now() + A_WHILE, note=course.waits))
        elif course.fault:
            await self._fail(given_up(self._stands, course.fault, at=self._clock.now()))
        elif course.settled is not None:
            await self._save(settled(self._stands, course.settled, at=self._clock.now()))
        elif copy is None:
            await self._save(settled(self._stands, AmendmentState.REFUSED, at=self._clock.now(), note=_NOBODY))
        else:
            await self._try_all(copy)

    async def erred(self, error: Exception) -> None:
        """After a fault of ours, leave it for later, or give it up after many."""
        await self._fail(erred(self._stands, error, at=self._clock.now()))

    async def _fail(self, after: Amendment) -> None:
        """A fault of ours: the staff is told of it as what it is, and the network is not blamed."""
        gives_up = after.state is AmendmentState.REFUSED
        until = self._clock.now() + KEPT if gives_up else after.due_at + _SEEMS_MENDED
        about = of_occurrence(self._task.correction.order.occurrence)
        name = after.note.removeprefix(f"{FAULT}: ")
        why = Wording(fr=name, en=name)
        matter = Matter(kind=AlertKind.FAULT, about=about, detail=why, until=until)

        def work(books: Books) -> bool:
            if not self._store_as(books, after):
                return False
            if (gives_up or after.attempts >= PATIENCE) and not self._is_private:
                books.alerts.open(matter, at=self._clock.now())
            return True

        if await self._store.write(work) and gives_up:
            self._tell(after)

    async def _try_all(self, copy: Copy) -> None:
        refusals = list(self._task.course.refusals)
        for way in self._task.course.ways:
            try:
                if await self._made(way, copy):
                    await self._settle(way, "; ".join(filter(None, (way.note, *refusals))))
            except Gone:
                await self._settle(Way(state=AmendmentState.GONE), "somebody had taken it away")
            except Unreachable as error:
                await self._settle(Way(state=AmendmentState.REFUSED), error.detail)
            except Moved as error:
                await self._follow(copy, error)
            except Rejected as error:
                refusals.append(error.detail)
                continue
            except PlatformError as error:
                await self._save(put_off(self._stands, error, at=self._clock.now()))
            return
        await self._settle(Way(state=AmendmentState.REFUSED), "; ".join(refusals))

    async def _made(self, way: Way, copy: Copy) -> bool:
        """Make the calls of a way; False when they must not be made now."""
        for part in way.parts:
            async with AsyncExitStack() as turn:
                with self._hands.at_rest():
                    await turn.enter_async_context(self._platform.turn(copy.destination.address, self._stands.urgency))
                if not await self._claim():
                    return False
                await self._platform.change(part)
        return bool(way.parts) or await self._claim()

    async def _claim(self) -> bool:
        mine = await self._store.write(self._claimed)
        self._stands = mine or self._stands
        return mine is not None

    def _claimed(self, books: Books) -> Amendment | None:
        """Say that a call is about to be made; None when it must not be made, or is somebody else's."""
        before, now = self._stands, self._clock.now()
        if books.town.fact("held") is not None or before.urgency > least_urgent(books):
            return None
        if self._task.correction.order.kind in SPEAKS and self._is_stopped(books):
            self._store_as(books, settled(before, AmendmentState.CANCELLED, at=now))
            return None
        mine = claimed(before, now)
        return mine if self._store_as(books, mine) else None

    def _is_stopped(self, books: Books) -> bool:
        return books.campaigns.is_stopped(self._task.correction.order.occurrence)

    async def _settle(self, way: Way, note: str) -> None:
        after = settled(self._stands, way.state, at=self._clock.now(), note=note)

        def work(books: Books) -> bool:
            if not self._store_as(books, after):
                return False
            if way.retracts:
                self._retract(books)
            if way.reply is not None:
                self._reply(books, way.reply, after)
            return True

        if await self._store.write(work):
            self._tell(after)
            if way.reply is not None:
                self._wake()

    def _retract(self, books: Books) -> None:
        """What was sent is retracted now; no board of it is followed any more, whatever became of its other parts."""
        delivery = cast("Delivery", books.deliveries.get(self._stands.delivery))  # its amendment, just stored, needs it
        books.deliveries.save(replace(delivery, state=DeliveryState.RETRACTED), expected=DeliveryState.SENT)
        books.deliveries.shown(delivery.id, b"", final=True)

    def _reply(self, books: Books, reply: Delivered, after: Amendment) -> None:
        now = self._clock.now()
        number = books.deliveries.reply(
            after.delivery,
            reply,
            urgency=min(after.urgency, Urgency.CAMPAIGN),
            due_at=now,
            expires_at=now + REPLIES_LAST,
        )
        books.corrections.save(
            replace(after, reply=number), expected=after.state, claimed_at=after.claimed_at, due_at=after.due_at
        )

    async def _follow(self, copy: Copy, error: Moved) -> None:
        account, old = self._stands.account, copy.destination.address
        await self._store.write(lambda books: books.town.moved(account, old, error.to))
        await self._save(postponed(self._stands, until=self._clock.now(), note="the chat has moved"))

    @property
    def _is_private(self) -> bool:
        return self._task.copy is not None and self._task.copy.destination.private

    async def _save(self, after: Amendment) -> bool:
        return await self._store.write(lambda books: self._store_as(books, after))

    def _store_as(self, books: Books, after: Amendment) -> bool:
        before = self._stands
        return books.corrections.save(after, expected=before.state, claimed_at=before.claimed_at, due_at=before.due_at)

    def _tell(self, after: Amendment) -> None:
        """One line for what a human should know, with its cure."""
        told: dict[str, object] = {"delivery": after.delivery, "state": after.state.value, "note": after.note}
        if after.state in {AmendmentState.REFUSED, AmendmentState.GONE} and not self._is_private:
            log.warning("copy_not_changed", extra={**told, "cure": "see what stands there: parvis copies"})
            return
        log.debug("copy_changed", extra=told)
