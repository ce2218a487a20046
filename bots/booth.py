"""The polling booth: acts of voting, cast in bulk, and answered by the truth about the commit.

1. Stored within a second: the answer says what became of the ballot, right after the commit.
2. Slower: «being recorded» is answered at once, and nothing later. It acknowledges nothing, but Parvis goes on: the
   vote stays in the inbox, is cast as soon as the store takes it, and counts. Should it be refused in the end, its
   citizen is told so in private, for a press is answered once.
3. Refused by the store before that: «not recorded» is answered, and such a vote is never counted. Its intake is
   forgotten, uncounted, as soon as the store takes anything. Until then the refusal lives in memory only: should the
   process die before the store is back, the vote is found in the inbox and counts like any other. A citizen who voted
   again in between has one ballot all the same.
4. Unknown, because the connection broke during the commit: cast again before anything is said, which changes nothing
   if the first time succeeded, not even when the poll closed in between; when that takes long, as in 2.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from functools import partial

from bots import ballots
from bots.answering import BAD_NEWS, answer, in_private
from bots.desk import Desk
from bots.hearing import Ballot
from bots.inbound import guarded, reason
from bots.memory import Memory
from bots.storekeeper import Storekeeper
from bots.voice import Voice
from core.answers import Answer, Say, Toast
from core.errors import OutcomeUnknown, StorageError
from core.identifiers import IntakeId
from core.messages import Answered, BallotBeingRecorded, NotRecorded
from core.ports.store import Books

log = logging.getLogger("parvis.bots")

_TRIES = 3


class Turn:
    """Votes that came in together. ``told`` are the numbers of the updates answered «being recorded»."""

    __slots__ = ("_slow", "_told", "_voice", "ballots")

    def __init__(self, ballots: Sequence[Ballot], *, voice: Voice, told: set[int], patience: float) -> None:
        self.ballots = ballots
        self._voice = voice
        self._told = told
        self._slow = voice.later(patience, self.promise)

    @property
    def untold(self) -> list[Ballot]:
        """Those still waiting for an answer."""
        return [ballot for ballot in self.ballots if ballot.intake.number not in self._told]

    def promise(self) -> None:
        """Say that these are being recorded."""
        untold = self.untold
        self._voice.give(replied(ballot.ask, BallotBeingRecorded()) for ballot in untold)
        self._told.update(ballot.intake.number for ballot in untold)

    def answer(self, answers: Iterable[Answer]) -> None:
        """Give the answers, one per vote, to those who had none; a promise that is not kept is told as well."""
        for ballot, given in zip(self.ballots, answers, strict=True):
            if ballot.intake.number not in self._told:
                self._voice.give((given,))
            elif isinstance(given, Toast | Say) and isinstance(given.message, BAD_NEWS):
                self._voice.give((in_private(ballot.ask.person, given),))
        self.end()
        self._told.difference_update(ballot.intake.number for ballot in self.ballots)

    def end(self) -> None:
        """Nobody waits any more."""
        self._slow.cancel()


class Booth:
    """Casts the votes of one account."""

    def __init__(
        self,
        *,
        desk: Desk,
        voice: Voice,
        keeper: Storekeeper,
        tasks: asyncio.TaskGroup,
        memory: Memory,
        patience: float,
    ) -> None:
        self._desk = desk
        self._tasks = tasks
        self._voice = voice
        self._keeper = keeper
        self._told = memory.told
        self._refused = memory.refused
        self._patience = patience

    def turn(self, ballots: Sequence[Ballot]) -> Turn:
        """Begin to count the time that these voters wait."""
        return Turn(ballots, voice=self._voice, told=self._told, patience=self._patience)

    async def settle(self, turn: Turn) -> None:
        """Cast these votes and answer them; when this returns, each is stored, refused or set aside."""
        why = ""
        for _ in range(_TRIES):
            with guarded() as guard:
                await self._cast(turn)
            if guard.failure is None:
                return turn.end()
            if len(turn.ballots) > 1:
                return await self._one_by_one(turn)
            why = reason(guard.failure)
        return await self._set_aside(turn, why)

    async def forget_refused(self) -> None:
        """Forget the intakes of refused votes as soon as the store takes it."""
        while self._refused:
            orders = tuple(self._refused)
            await self._keeper.outlast(partial(_forget, orders))
            self._refused.difference_update(orders)

    async def _one_by_one(self, turn: Turn) -> None:
        turn.end()
        for ballot in turn.ballots:
            await self.settle(self.turn((ballot,)))

    async def _cast(self, turn: Turn) -> None:
        certain = True
        while turn.ballots:
            try:
                answers = await ballots.vote(self._desk, [ballot.ask for ballot in turn.ballots], doubted=not certain)
            except OutcomeUnknown as error:
                if not certain:
                    await self._keeper.rest(error)
                certain = False
            except StorageError as error:
                if certain:
                    self._refuse(turn)
                if turn.ballots:
                    await self._keeper.rest(error)
            else:
                self._keeper.works()
                return turn.answer(answers)
        return None

    def _refuse(self, turn: Turn) -> None:
        """Refuse those who wait; the others have a promise."""
        untold = turn.untold
        if untold and not self._refused:
            self._tasks.create_task(self.forget_refused())
        self._refused.update(ballot.intake.id for ballot in untold)
        self._voice.give(replied(ballot.ask, NotRecorded()) for ballot in untold)
        turn.ballots = [ballot for ballot in turn.ballots if ballot.intake.id not in self._refused]

    async def _set_aside(self, turn: Turn, why: str) -> None:
        """A fault of ours: the vote cannot be counted."""
        log.error("vote_set_aside", extra={"account": self._desk.account, "error": why})
        await self._keeper.quarantine(turn.ballots[0].intake, why, told=True)
        turn.answer([replied(turn.ballots[0].ask, NotRecorded())])


def replied(ask: ballots.Ask, message: Answered) -> Answer:
    """An answer made without the books: in the language of the person's application."""
    return answer(ask.handle, message, ask.person.locale)


def _forget(orders: tuple[IntakeId, ...], books: Books) -> None:
    books.inbox.done(orders)
