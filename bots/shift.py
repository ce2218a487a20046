"""The hands at work while an account listens, and the short queues between them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bots.appeals import own_up
from bots.attendant import Attendant
from bots.booth import Booth, Turn
from bots.desk import Desk
from bots.ear import ALL, Ear
from bots.hearing import Ballot, Heard, Unheard, hear
from bots.memory import Memory
from bots.storekeeper import Pause, Storekeeper
from bots.voice import Counterpart, Voice
from bots.watch import to_remove
from core.errors import Rival, Unauthorised
from core.identifiers import IntakeId
from core.ports.books.inbox import Intake
from core.ports.words import Words

T = TypeVar("T")

_MOST_BATCHES = 4  # of votes in hand; a batch is one fetch
_AT_ONCE = 25  # of all the rest, dealt with together: what is taken in meanwhile, and a vote, waits for these at most
_MOST_WAITING = 200  # of these: while messages wait to be judged, the votes behind them are fetched


@dataclass(frozen=True, slots=True)
class _Piece(Generic[T]):
    """What waits in a queue: some work, and the intakes that it settles."""

    work: T
    intakes: frozenset[IntakeId]


class Shift:
    """One stretch of listening, from waking up to an error that nobody but a human can cure."""

    def __init__(
        self,
        *,
        desk: Desk,
        platform: Counterpart,
        words: Words,
        pause: Pause,
        patience: float,
        memory: Memory,
        tasks: asyncio.TaskGroup,
    ) -> None:
        keeper = Storekeeper(desk, pause)
        self._desk = desk
        self._platform = platform
        self._memory = memory
        self._tasks = tasks
        self._voice = Voice(desk=desk, platform=platform, words=words, pause=pause, tasks=tasks)
        self._ear = Ear(
            desk=desk,
            listener=platform,
            voice=self._voice,
            keeper=keeper,
            pause=pause,
            memory=memory,
            patience=patience,
        )
        self._booth = Booth(
            desk=desk,
            voice=self._voice,
            keeper=keeper,
            tasks=tasks,
            memory=memory,
            patience=patience,
        )
        self._attendant = Attendant(desk=desk, voice=self._voice, keeper=keeper)
        self._votes: asyncio.Queue[_Piece[Turn]] = asyncio.Queue(_MOST_BATCHES)
        self._rest: asyncio.Queue[_Piece[Sequence[Heard | Unheard]]] = asyncio.Queue(_MOST_WAITING)
        self._arriving = asyncio.Lock()  # held from storing updates until they are in hand
        self._in_hand: set[IntakeId] = set()
        self._pieces = 0

    @property
    def busy(self) -> bool:
        """Whether anything heard is not yet dealt with, or its answer not yet handed over to the platform."""
        return self._pieces > 0 or self._voice.busy

    async def listen(self) -> Unauthorised | Rival:
        """Hear and deal with everything, until the platform refuses the account."""
        workers = (
            self._tasks.create_task(self._cast()),
            self._tasks.create_task(self._attend()),
        )
        try:
            self._pieces += 1
            await self._wake()
            self._pieces -= 1
            while True:
                updates = await self._ear.fetch()
                if updates or self._memory.kept:
                    self._pieces += 1
                    async with self._arriving:
                        await self._hand_over(await self._ear.take_in(updates))
                    self._pieces -= 1
        except (Unauthorised, Rival) as refusal:
            await self._nothing_in_hand()
            return refusal
        finally:
            for worker in workers:
                worker.cancel()

    async def sweep(self) -> None:
        """Take up what was put back, and the removals that were left undone; report what was strange."""
        self._voice.report()
        self._voice.give(await self._desk.store.read(lambda books: to_remove(self._desk, books)))
        await own_up(self._desk)
        await self._take_up()

    async def leave(self) -> None:
        """Keep the promises that were made, or take them back."""
        await self._ear.leave()

    async def _take_up(self) -> None:
        """Deal with what somebody put back into the inbox, after all that is in hand. Another sweep waits for room."""
        if self._arriving.locked() or self._votes.full() or self._rest.full():
            return
        async with self._arriving:
            known = self._in_hand | self._memory.refused  # before reading: what is settled meanwhile is still known
            account = self._desk.account
            pending = await self._desk.store.read(lambda books: books.inbox.pending(account, limit=ALL))
            await self._hand_over([intake for intake in pending if intake.id not in known])

    async def _wake(self) -> None:
        if self._memory.refused:
            self._tasks.create_task(self._booth.forget_refused())
        async with self._arriving:
            pending = await self._ear.wake()
            await self._hand_over([intake for intake in pending if intake.id not in self._memory.refused])
        await self._nothing_in_hand()
        await self.sweep()

    async def _nothing_in_hand(self) -> None:
        await self._votes.join()
        await self._rest.join()

    async def _hand_over(self, intakes: Sequence[Intake]) -> None:
        heard = [hear(self._platform, intake) for intake in intakes]
        votes = [each for each in heard if isinstance(each, Ballot)]
        rest = [each for each in heard if not isinstance(each, Ballot)]
        self._in_hand.update(intake.id for intake in intakes)
        if votes:
            self._pieces += 1
            await self._votes.put(_Piece(self._booth.turn(votes), _ids(votes)))
        for first in range(0, len(rest), _AT_ONCE):
            some = rest[first : first + _AT_ONCE]
            self._pieces += 1
            await self._rest.put(_Piece(some, _ids(some)))

    async def _cast(self) -> None:
        while True:
            piece = await self._votes.get()
            await self._booth.settle(piece.work)
            self._settled(self._votes, piece)

    async def _attend(self) -> None:
        """Deal with what waits, several batches together where they are small: each time costs a commit."""
        while True:
            pieces = [await self._rest.get()]
            while not self._rest.empty() and sum(len(piece.work) for piece in pieces) < _AT_ONCE:
                pieces.append(self._rest.get_nowait())
            await self._attendant.settle([heard for piece in pieces for heard in piece.work])
            for piece in pieces:
                self._settled(self._rest, piece)

    def _settled(self, queue: asyncio.Queue[_Piece[T]], piece: _Piece[T]) -> None:
        self._in_hand -= piece.intakes
        queue.task_done()
        self._pieces -= 1


def _ids(heard: Sequence[Ballot | Heard | Unheard]) -> frozenset[IntakeId]:
    return frozenset(each.intake.id for each in heard)
