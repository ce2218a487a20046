"""The networks' own polls are followed: looked at while they are open, ended when ours closes, and asked for the final
totals until they are known.

| the poll                                   | looked at                                                        |
|--------------------------------------------|------------------------------------------------------------------|
| is open                                    | every 5 minutes; every 30 seconds in the last 10 minutes         |
| is open, and the network said it changed   | 10 seconds after the last look                                   |
| is over, its totals not final              | ended at once, then asked again: 5, 10, 20, 40 s, every minute   |
| is over for a day (*)                      | no more: what was last seen is all that will be known            |
| is out of our reach                        | as above: we may be let in again                                 |
| is no longer there                         | no more                                                          |

(*) counted from its hour; where only the hour can end it, from when it was stopped, if it was.

One that fails in a way nobody foresaw is asked again like one whose network is away: it stops no other.

Ending may be repeated freely, so that nothing need be remembered of it: after a restart it is ended again. While the
town is held nothing is asked and nothing ended.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from core.errors import Moved, PlatformError, Rejected, StorageError, Unreachable
from core.identifiers import AccountName, NativePollId
from core.native import NativeTally, Sighting
from core.ports.books.natives import Hosted
from core.ports.clock import Clock
from core.ports.platform import Platform
from core.ports.store import Books, Store
from delivery.bells import Hands
from delivery.trouble import Trouble

USUAL = timedelta(minutes=5)
NEAR, NEAR_THE_END = timedelta(seconds=30), timedelta(minutes=10)
ASKED = timedelta(seconds=10)
AGAIN, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=1)
GIVEN_UP_AFTER = timedelta(days=1)

log = logging.getLogger("parvis.delivery")

_Key: TypeAlias = tuple[AccountName, NativePollId]


@dataclass(frozen=True, slots=True)
class _Looked:
    """When a poll was last looked at, and how often it was ended."""

    at: datetime
    ended: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    key: _Key
    hosted: Hosted
    over: bool
    too_old: bool


class NativePolls:
    """Follows the networks' own polls of all accounts. Looks follow a tick, and may overlap."""

    def __init__(
        self, *, store: Store, clock: Clock, platforms: Mapping[AccountName, Platform], wake: Callable[[], None]
    ) -> None:
        """``wake`` is called when a final total is known: results may wait for it."""
        self._store = store
        self._clock = clock
        self._platforms = platforms
        self._wake = wake
        self._hands = Hands()
        self._in_hand: set[_Key] = set()
        self._looked: dict[_Key, _Looked] = {}
        self._trouble = Trouble("native_polls")

    @property
    def busy(self) -> bool:
        """Whether something is read or stored; a call that waits for its turn is rest."""
        return self._hands.busy

    async def look(self) -> None:
        """Look at what is due; returns when every network answered. Nothing while the store is away."""
        with self._hands.at_work():
            try:
                tasks = await self._store.read(partial(self._due, self._clock.now()))
            except StorageError as error:
                self._trouble.begins(error)
                return
            self._trouble.ends()
            mine = [task for task in tasks if task.key not in self._in_hand]
            self._in_hand |= {task.key for task in mine}
            with self._hands.at_rest():
                async with asyncio.TaskGroup() as group:
                    for task in mine:
                        looking = group.create_task(self._look_at(task))
                        looking.add_done_callback(partial(self._let_go, task.key))

    def _due(self, now: datetime, books: Books) -> list[_Task]:
        if books.town.fact("held") is not None:
            return []
        found = [self._task(now, books, hosted) for hosted in books.natives.unsettled()]
        return [task for task in found if task is not None]

    def _task(self, now: datetime, books: Books, hosted: Hosted) -> _Task | None:
        name, platform, poll = hosted.receipt.poll, self._platforms.get(hosted.account), books.polls.get(hosted.poll)
        if name is None or poll is None or platform is None or platform.capabilities.native_poll is None:
            return None
        key = (hosted.account, name)
        over = poll.is_over or now >= poll.closes_at
        looked = self._looked.get(key)
        pause = _pause(looked.ended) if over and looked else _between(hosted, poll.closes_at - now)
        if looked is not None and now < looked.at + pause:
            return None
        address = books.town.address(hosted.account, hosted.receipt.address)
        there = replace(hosted, receipt=replace(hosted.receipt, address=address))
        ends = poll.closes_at if platform.capabilities.native_poll.ends_early else poll.closed_at or poll.closes_at
        return _Task(key=key, hosted=there, over=over, too_old=now >= ends + GIVEN_UP_AFTER)

    async def _look_at(self, task: _Task) -> None:
        before, now = self._looked.get(task.key), self._clock.now()
        self._looked[task.key] = _Looked(now, task.over + (before.ended if before else 0))
        tally: NativeTally | None = None
        try:
            tally = await self._ask(task)
        except Moved as error:
            moved = (task.hosted.account, task.hosted.receipt.address, error.to)
            await self._keep(lambda books: books.town.moved(*moved))
            return
        except Unreachable as error:  # rights and members come back
            _waits(task, error)
        except Rejected as error:
            fields = {"delivery": task.hosted.delivery, "account": task.hosted.account, "detail": error.detail}
            log.warning("native_poll_lost", extra=fields)
            await self._keep(lambda books: books.natives.give_up(*task.key))
            return
        except PlatformError as error:
            _waits(task, error)
        except Exception:  # the supervisor of polls: those of other networks are in the middle of calls
            log.exception("native_poll_fault", extra={"delivery": task.hosted.delivery})
        await self._learn(task, tally, now)

    async def _ask(self, task: _Task) -> NativeTally | None:
        platform = self._platforms[task.hosted.account]
        return await (platform.end if task.over else platform.tally)(task.hosted.receipt)

    async def _learn(self, task: _Task, tally: NativeTally | None, at: datetime) -> None:
        if tally is not None:
            await self._keep(lambda books: books.natives.see(*task.key, Sighting(tally=tally, at=at)))
        final = tally is not None and tally.final
        if task.too_old and not final:
            log.warning("native_poll_given_up", extra={"delivery": task.hosted.delivery})
            await self._keep(lambda books: books.natives.give_up(*task.key))
        if final or task.too_old:
            self._looked.pop(task.key, None)
            self._wake()

    async def _keep(self, work: Callable[[Books], None]) -> None:
        with self._hands.at_work():
            try:
                await self._store.write(work)
            except StorageError as error:  # a later look asks again
                self._trouble.begins(error)

    def _let_go(self, key: _Key, _: "asyncio.Task[None]") -> None:
        self._in_hand.discard(key)


def _waits(task: _Task, error: PlatformError) -> None:
    log.debug("native_poll_waits", extra={"delivery": task.hosted.delivery, "error": type(error).__name__})


def _pause(ended: int) -> timedelta:
    """How long after the last end it is asked again; not at all before the first."""
    return min(AGAIN * 2 ** (ended - 1), LONGEST_PAUSE) if ended else timedelta()


def _between(hosted: Hosted, left: timedelta) -> timedelta:
    if hosted.asked:
        return ASKED
    return NEAR if left <= NEAR_THE_END else USUAL
