"""The hands at work while an account listens, and the short queues between them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bots.attendant import Attendant
from bots.booth import Booth, Turn
from bots.desk import Desk
from bots.ear import Ear
from bots.hearing import Ballot, Heard, Unheard, hear
from bots.memory import Memory
from bots.storekeeper import Pause, Storekeeper
from bots.voice import Counterpart, Voice
from bots.watch import to_remove
from core.errors import Rival, Unauthorised
from core.ports.store import Intake
from core.ports.words import Words

T = TypeVar("T")

_MOST_BATCHES = 4  # in hand, of each kind; a batch is one fetch


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
        self._votes: asyncio.Queue[Turn] = asyncio.Queue(_MOST_BATCHES)
        self._rest: asyncio.Queue[Sequence[Heard | Unheard]] = asyncio.Queue(_MOST_BATCHES)
        self._pieces = 0

    @property
    def busy(self) -> bool:
        """Whether anything heard is not yet dealt with, or its answer not yet handed over to the platform."""
        return self._pieces > 0 or self._voice.busy

    async def listen(self) -> Unauthorised | Rival:
        """Hear and deal with everything, until the platform refuses the account."""
        workers = (
            self._tasks.create_task(self._work(self._votes, self._booth.settle)),
            self._tasks.create_task(self._work(self._rest, self._attendant.settle)),
        )
        try:
            await self._wake()
            while True:
                updates = await self._ear.fetch()
                if updates or self._memory.kept:
                    self._pieces += 1
                    await self._hand_over(await self._ear.take_in(updates))
                    self._pieces -= 1
        except (Unauthorised, Rival) as refusal:
            await self._nothing_in_hand()
            return refusal
        finally:
            for worker in workers:
                worker.cancel()

    async def sweep(self) -> None:
        """Carry out the removals that a crash, or a platform out of reach, left undone; report what was strange."""
        self._voice.report()
        self._voice.give(await self._desk.store.read(lambda books: to_remove(self._desk, books)))

    async def _wake(self) -> None:
        if self._memory.refused:
            self._tasks.create_task(self._booth.forget_refused())
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
        if votes:
            self._pieces += 1
            await self._votes.put(self._booth.turn(votes))
        if rest:
            self._pieces += 1
            await self._rest.put(rest)

    async def _work(self, queue: asyncio.Queue[T], settle: Callable[[T], Awaitable[None]]) -> None:
        while True:
            piece = await queue.get()
            await settle(piece)
            queue.task_done()
            self._pieces -= 1
