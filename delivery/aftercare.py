"""What is ordered about what is out is carried to every copy, and each copy's outcome is written down.

An amendment is claimed inside the turn of its call, as a delivery is, so that nothing is said that was frozen or
cancelled while it waited. Its calls may all be made again: one whose lease ended is simply carried out anew. A reply
is planned in the transaction that settles the amendment, and goes out as any delivery does: once.

In one chat one is carried out after the other; chats hold up nobody else. While the town is held nothing is changed.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeAlias

from core.correction import Amendment, Correction
from core.delivery import Delivery
from core.errors import StorageError
from core.identifiers import AccountName, CorrectionId, DeliveryId
from core.ports.clock import Clock
from core.ports.platform import Platform
from core.ports.store import Books, Store
from core.ports.words import Words
from delivery.bells import Hands
from delivery.copies import copy_of
from delivery.courses import Course, course
from delivery.directory import Directory
from delivery.errand import Errand, Task
from delivery.sobriety import least_urgent
from delivery.trouble import Trouble

MOST = 300  # amendments of an account in hand together: a few seconds of a platform's pace

log = logging.getLogger("parvis.delivery")

_Key: TypeAlias = tuple[CorrectionId, DeliveryId]


class Aftercare:
    """Carries corrections to the copies of all accounts. Looks follow a tick, and may overlap."""

    def __init__(
        self,
        *,
        store: Store,
        words: Words,
        directory: Directory,
        clock: Clock,
        platforms: Mapping[AccountName, Platform],
        wake: Callable[[], None],
        most: int = MOST,
    ) -> None:
        """``wake`` is called when a reply was planned. ``most`` amendments of an account are in hand together."""
        self._store = store
        self._words = words
        self._directory = directory
        self._clock = clock
        self._platforms = platforms
        self._wake = wake
        self._most = most
        self._hands = Hands()
        self._in_hand: set[_Key] = set()
        self._trouble = Trouble("aftercare")

    @property
    def busy(self) -> bool:
        """Whether something is read, called or stored; waiting for a turn is rest."""
        return self._hands.busy

    async def look(self) -> None:
        """Carry out what is due; returns when it is done, refused or put off. Nothing while the store is away."""
        with self._hands.at_work():
            try:
                found = await self._store.read(partial(self._due, self._clock.now()))
            except StorageError as error:
                self._trouble.begins(error)
                return
            self._trouble.ends()
            chats: defaultdict[tuple[str, str], list[Task]] = defaultdict(list)
            for task in found:
                if _key(task.amendment) not in self._in_hand:
                    chats[_chat(task)].append(task)
                    self._in_hand.add(_key(task.amendment))
            with self._hands.at_rest():
                async with asyncio.TaskGroup() as group:
                    for tasks in chats.values():
                        group.create_task(self._carry_out(tasks)).add_done_callback(partial(self._let_go, tasks))

    def _due(self, now: datetime, books: Books) -> list[Task]:
        if books.town.fact("held") is not None:
            return []
        least = least_urgent(books)
        return [
            self._task(books, amendment, correction, delivery, now)
            for account in self._platforms
            for amendment in books.corrections.claimable(account, at=now, limit=self._most, least=least)
            if (correction := books.corrections.get(amendment.correction)) is not None
            if (delivery := books.deliveries.get(amendment.delivery)) is not None
        ]

    def _task(
        self, books: Books, amendment: Amendment, correction: Correction, delivery: Delivery, now: datetime
    ) -> Task:
        copy = copy_of(books, delivery, self._directory)
        chosen = Course()
        if copy is not None:
            try:
                platform = self._platforms[amendment.account]
                chosen = course(copy, correction, platform=platform, words=self._words, now=now)
            except Exception as error:  # the outbound guard: what cannot be written is given up, the others go on
                log.exception("amendment_unwritable", extra={"delivery": delivery.id})
                chosen = Course(fault=type(error).__name__)
        return Task(amendment=amendment, correction=correction, copy=copy, course=chosen)

    async def _carry_out(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            with self._hands.at_work():
                await self._guarded(task)

    async def _guarded(self, task: Task) -> None:
        errand = Errand(
            task,
            platform=self._platforms[task.amendment.account],
            store=self._store,
            clock=self._clock,
            hands=self._hands,
            wake=self._wake,
        )
        try:
            try:
                await errand.run()
            except StorageError:
                raise
            except Exception as error:  # the supervisor of amendments: those of other chats are in the middle of calls
                log.exception("amendment_fault", extra={"delivery": task.amendment.delivery})
                await errand.erred(error)
        except StorageError as error:  # its lease ends, and it is carried out anew
            log.debug("amendment_waits", extra={"delivery": task.amendment.delivery, "error": type(error).__name__})

    def _let_go(self, tasks: Sequence[Task], _: "asyncio.Task[None]") -> None:
        self._in_hand -= {_key(task.amendment) for task in tasks}


def _key(amendment: Amendment) -> _Key:
    return amendment.correction, amendment.delivery


def _chat(task: Task) -> tuple[str, str]:
    where = str(task.amendment.delivery) if task.copy is None else task.copy.destination.address
    return task.amendment.account, where
