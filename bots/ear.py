"""Hearing without losing: an update is confirmed to the platform only once it is stored.

The next fetch names the number after the last one stored, which is what confirms. While the store takes nothing,
updates stay unconfirmed and come again, except for votes: pressing a button is answered within seconds or never, so a
vote that could not be stored is answered «not recorded», and skipped when it comes again. Where refused votes are
the first in line, the next fetch confirms them too, so that they are gone even if the process dies. A store that is
only slow gets votes answered «being recorded»; these are kept until it takes them, and count from when they were
first heard. Who leaves the lane to another process stores them first. Where that cannot be done, the platform tells
them to the other one, or, if it tells everything once, their voters are told that nothing is recorded.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter

from bots.ballots import Ask
from bots.booth import replied
from bots.desk import Desk
from bots.inbound import guarded
from bots.memory import Kept, Memory
from bots.outage import Outage
from bots.router import vote_asked
from bots.storekeeper import Pause, Storekeeper
from bots.voice import Voice
from core.errors import OutcomeUnknown, PlatformError, Rival, StorageError, Superseded, Unauthorised, Unavailable
from core.events import Incoming, Received
from core.identifiers import AccountName, IntakeId
from core.messages import BallotBeingRecorded, NotRecorded
from core.ports.books.inbox import Intake
from core.ports.platform import Cursor, Listener, Update
from core.ports.store import Books

_LONGEST_PAUSE = timedelta(seconds=30)
_LAST_CHANCE = 3  # times the patience of a voter: what the store has when the lane is left
ALL = 100_000  # more than can ever be in hand between arrival and effect


class Ear:
    """Fetches the updates of one account and stores them."""

    def __init__(
        self,
        *,
        desk: Desk,
        listener: Listener,
        voice: Voice,
        keeper: Storekeeper,
        pause: Pause,
        memory: Memory,
        patience: float,
    ) -> None:
        self._desk = desk
        self._listener = listener
        self._voice = voice
        self._keeper = keeper
        self._pause = pause
        self._patience = patience
        self._memory = memory
        self._outage = Outage("connection", desk.account, longest=_LONGEST_PAUSE)
        self._cursor: Cursor | None = None
        self._moved_at = desk.clock.now()

    async def wake(self) -> tuple[Intake, ...]:
        """Find the place where listening stopped. Returns what was stored before and is not yet dealt with."""
        account = self._desk.account
        cursor, pending = await self._keeper.outlast(
            lambda books: (books.inbox.cursor(account), books.inbox.pending(account, limit=ALL))
        )
        if cursor is not None:
            self._cursor, self._moved_at = cursor
        return pending

    async def fetch(self) -> Sequence[Update]:
        """Wait for updates, through any number of interruptions. Raises Unauthorised or Rival."""
        while True:
            await self._begin_anew_if_old()
            try:
                updates = await self._listener.fetch(self._cursor)
            except (Unauthorised, Rival):  # trying again would only disturb: a human must act
                raise
            except PlatformError as error:
                await self._pause(self._wait(error).total_seconds())
            else:
                self._outage.back()
                return updates

    async def take_in(self, updates: Sequence[Update]) -> tuple[Intake, ...]:
        """Store these and those kept. Returns the new ones; none, after a pause, when the store takes nothing now."""
        now = self._desk.clock.now()
        heard = {**{update.number: Kept(update, now) for update in updates}, **self._memory.kept}
        fresh = [kept for number, kept in sorted(heard.items()) if number not in self._memory.passed_over]
        last = max(heard)
        place = Cursor(last + 1, heard[last].update.mark)
        slow = self._voice.later(self._patience, partial(self._promise, fresh))
        try:
            intakes = await self._stored(fresh, cursor=place)
        except StorageError as error:
            self._refuse(fresh)
            self._skip_refused(heard)
            await self._keeper.rest(error)
            return ()
        finally:
            slow.cancel()
        self._keeper.works()
        self._memory.kept.clear()
        self._memory.passed_over = {number for number in self._memory.passed_over if number > last}
        self._cursor, self._moved_at = place, self._desk.clock.now()
        return intakes

    async def leave(self) -> None:
        """Keep the promises that were made, or take them back: nothing is fetched here any more."""
        if not self._memory.kept:
            return
        slow = self._voice.later(_LAST_CHANCE * self._patience, self._take_back)
        try:
            await self._desk.store.write(self._take_kept)
        except (StorageError, Superseded):
            self._take_back()
        finally:
            slow.cancel()
        self._memory.kept.clear()

    def _take_kept(self, books: Books) -> None:
        """Store what is kept, in a transaction that may come after its voters were told that it is not recorded."""
        _taken(books, self._desk.account, [kept for _, kept in sorted(self._memory.kept.items())])

    def _take_back(self) -> None:
        """Tell those who were promised something that it is not recorded, unless their votes come again."""
        kept = tuple(self._memory.kept.values())
        self._memory.kept.clear()
        self._memory.told.difference_update(each.update.number for each in kept)
        if not self._listener.capabilities.comes_again:
            self._refuse(kept)

    async def _stored(self, fresh: Sequence[Kept], *, cursor: Cursor) -> tuple[Intake, ...]:
        account, now = self._desk.account, self._desk.clock.now()
        numbers = {kept.update.number for kept in fresh}

        def store(books: Books) -> tuple[Intake, ...]:
            taken = _taken(books, account, fresh)
            if cursor.number - 1 not in numbers:  # votes that were refused stand last
                books.inbox.take_in(account, (), cursor=cursor, at=now)
            return taken

        def look(books: Books) -> tuple[Intake, ...]:
            store(books)
            return tuple(intake for intake in books.inbox.pending(account, limit=ALL) if intake.number in numbers)

        try:
            return await self._desk.store.write(store)
        except OutcomeUnknown:
            return await self._keeper.outlast(look)

    async def _begin_anew_if_old(self) -> None:
        """Forget a place in a numbering that may have ended."""
        now = self._desk.clock.now()
        last = self._listener.capabilities.numbers_last
        if self._cursor is None or last is None or now - self._moved_at < last:
            return
        account = self._desk.account
        await self._keeper.outlast(lambda books: books.inbox.take_in(account, (), cursor=Cursor(0), at=now))
        self._cursor = None
        self._memory.passed_over.clear()

    def _wait(self, error: PlatformError) -> timedelta:
        pause = self._outage.lost(error)
        told = error.retry_after if isinstance(error, Unavailable) else None
        return pause if told is None else told

    def _promise(self, fresh: Sequence[Kept]) -> None:
        """Say that presses are being recorded, and keep them until they are."""
        for kept, ask in self._presses(fresh):
            self._voice.give((replied(ask, BallotBeingRecorded()),))
            self._memory.told.add(kept.update.number)
            self._memory.kept[kept.update.number] = kept

    def _refuse(self, fresh: Sequence[Kept]) -> None:
        """Say that presses are not recorded, and remember to pass over them."""
        for kept, ask in self._presses(fresh):
            self._memory.passed_over.add(kept.update.number)
            self._voice.give((replied(ask, NotRecorded()),))

    def _skip_refused(self, heard: Mapping[int, Kept]) -> None:
        """Confirm, with the next fetch, the refused votes that stand before everything else."""
        passed_over = self._memory.passed_over
        waiting = min((number for number in heard if number not in passed_over), default=max(heard) + 1)
        before = [number for number in sorted(heard) if number < waiting]
        if before:
            self._cursor = Cursor(waiting, heard[before[-1]].update.mark)

    def _presses(self, fresh: Sequence[Kept]) -> list[tuple[Kept, Ask]]:
        """The votes among them that were pressed and have no answer yet."""
        found: list[tuple[Kept, Ask]] = []
        for kept in fresh:
            events: tuple[Incoming, ...] = ()
            with guarded():  # what cannot be read is dealt with once it is stored
                events = self._listener.understand(kept.update.body, self._now)
            asks = [vote_asked(event) for event in events if kept.update.number not in self._memory.told]
            found.extend((kept, ask) for ask in asks if ask is not None and ask.handle.press is not None)
        return found

    @property
    def _now(self) -> Received:
        """Where an update stands that has no place in the arrivals yet."""
        return Received(account=self._desk.account, order=IntakeId(0), at=self._desk.clock.now())


def _taken(books: Books, account: AccountName, heard: Sequence[Kept]) -> tuple[Intake, ...]:
    """Store these, each as of when it was heard."""
    taken: tuple[Intake, ...] = ()
    for at, run in groupby(heard, key=attrgetter("at")):
        updates = [kept.update for kept in run]
        place = Cursor(updates[-1].number + 1, updates[-1].mark)
        taken += books.inbox.take_in(account, updates, cursor=place, at=at)
    return taken
