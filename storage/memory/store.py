"""The in-memory store: one transaction at a time, undone by going back to a snapshot."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from core.poll import Ballot, Outcome, Vote
from core.ports.store import Books, Guard
from storage.memory.alerts import Alerts
from storage.memory.arrivals import Arrivals
from storage.memory.audit import Audit
from storage.memory.bonds import Bonds
from storage.memory.campaigns import Campaigns
from storage.memory.cases import Cases
from storage.memory.citizens import Citizens
from storage.memory.corrections import Corrections
from storage.memory.deliveries import Deliveries
from storage.memory.feeds import Feeds
from storage.memory.inbox import Inbox
from storage.memory.journal import Journal
from storage.memory.lanes import Lanes
from storage.memory.natives import Natives
from storage.memory.polls import Polls
from storage.memory.replies import Replies
from storage.memory.reports import Reports
from storage.memory.requests import Requests
from storage.memory.reviews import Reviews
from storage.memory.sanctions import Sanctions
from storage.memory.shelves import Shelves
from storage.memory.town import Facts
from storage.voting import Box, cast_into

T = TypeVar("T")


class MemoryBooks:
    """The books of one transaction."""

    def __init__(self, shelves: Shelves) -> None:
        self.inbox = Inbox(shelves)
        self.polls = Polls(shelves)
        self.campaigns = Campaigns(shelves)
        self.deliveries = Deliveries(shelves)
        self.corrections = Corrections(shelves)
        self.natives = Natives(shelves)
        self.citizens = Citizens(shelves, self.deliveries)
        self.bonds = Bonds(shelves)
        self.replies = Replies(shelves)
        self.cases = Cases(shelves)
        self.sanctions = Sanctions(shelves)
        self.journal = Journal(shelves)
        self.arrivals = Arrivals(shelves)
        self.reports = Reports(shelves)
        self.requests = Requests(shelves)
        self.alerts = Alerts(shelves)
        self.reviews = Reviews(shelves)
        self.feeds = Feeds(shelves)
        self.audit = Audit(shelves)
        self.town = Facts(shelves)
        self.lanes = Lanes(shelves)


class MemoryStore:
    """See ``core.ports.store.Store``."""

    def __init__(self) -> None:
        self._shelves = Shelves()
        self._turn = asyncio.Lock()

    async def write(self, work: Callable[[Books], T]) -> T:
        """Run ``work``; its error undoes it."""
        async with self._turn:
            await asyncio.sleep(0)  # as with any database, others run while this one waits
            before = self._shelves.snapshot()
            done = False
            try:
                result = work(MemoryBooks(self._shelves))
                done = True
            finally:
                if not done:
                    self._shelves = before
            return result

    async def read(self, work: Callable[[Books], T]) -> T:
        """Run ``work`` on what is held now."""
        async with self._turn:
            await asyncio.sleep(0)
            return work(MemoryBooks(self._shelves))

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Store votes and forget their intakes, unless ``guard`` raises."""
        async with self._turn:
            await asyncio.sleep(0)
            if guard is not None:
                guard(MemoryBooks(self._shelves))
            outcomes = self._cast(votes)
            MemoryBooks(self._shelves).inbox.done(vote.order for vote in votes)
            return tuple(outcomes)

    async def housekeep(self) -> None:
        """Nothing to tidy."""

    async def close(self) -> None:
        """Nothing to let go of."""

    def _cast(self, votes: Sequence[Vote]) -> list[Outcome]:
        ballots = self._shelves.ballots
        boxes = {poll.id: Box(poll, {}) for poll in self._shelves.polls.values()}
        for vote in votes:
            ballot = ballots.get((vote.poll, vote.voter))
            if ballot is not None:
                boxes[vote.poll].ballots[vote.voter] = (ballot.options, ballot.order, ballot.via)
        outcomes = cast_into(boxes, votes)
        for poll, box in boxes.items():
            ballots.update(((poll, voter), Ballot(poll, voter, *kept)) for voter, kept in box.changed.items())
        return outcomes
