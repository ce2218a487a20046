"""Polls and ballots, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.errors import StorageError, UnknownPoll
from core.identifiers import IntakeId, PollId, VoterKey
from core.poll import SEALED, Ballot, Poll, PollState, Tally, count, merged
from storage.memory.shelves import Counted, Shelves


class Polls:
    """See ``core.ports.books.polls.PollBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def add(self, poll: Poll) -> None:
        """Remember a new poll."""
        self._shelves.polls.setdefault(poll.id, poll)

    def get(self, poll: PollId) -> Poll | None:
        """Look it up."""
        return self._shelves.polls.get(poll)

    def all(self, *, state: PollState | None = None) -> tuple[Poll, ...]:
        """List them, the first to open first."""
        found = (poll for poll in self._shelves.polls.values() if state in {None, poll.state})
        return tuple(sorted(found, key=lambda poll: (poll.opens_at, poll.id)))

    def revise(self, poll: Poll) -> None:
        """Replace a planned poll."""
        known = self._shelves.polls.get(poll.id)
        if known is not None and known.state is PollState.PLANNED:
            self._shelves.polls[poll.id] = poll

    def drop(self, poll: PollId) -> None:
        """Forget a planned poll."""
        known = self._shelves.polls.get(poll)
        if known is not None and known.state is PollState.PLANNED:
            del self._shelves.polls[poll]

    def voted(self, poll: PollId, voters: Sequence[VoterKey]) -> frozenset[VoterKey]:
        """Say who has a ballot."""
        ballots = ((voter, self.ballot(poll, voter)) for voter in voters)
        return frozenset(voter for voter, ballot in ballots if ballot is not None and ballot.options)

    def open(self, poll: PollId) -> None:
        """Open a planned poll."""
        known = self._shelves.polls.get(poll)
        if known is not None and known.state is PollState.PLANNED:
            self._shelves.polls[poll] = replace(known, state=PollState.OPEN)

    def close(self, poll: PollId, *, at: datetime) -> Tally:
        """Close it, freeze its count and erase the order of arrival."""
        known = self._shelves.polls.get(poll)
        if known is None or known.state is PollState.PLANNED:
            raise StorageError(f"the poll {poll} never opened")
        if known.state is PollState.OPEN:
            self._end(known, PollState.CLOSED, at)
        return self.tally(poll)

    def stop(self, poll: PollId, *, at: datetime) -> None:
        """Stop it, freeze its count and erase the order of arrival."""
        known = self._shelves.polls.get(poll)
        if known is not None and known.state is PollState.OPEN:
            self._end(known, PollState.STOPPED, at)

    def tally(self, poll: PollId) -> Tally:
        """Say the count."""
        if poll in self._shelves.counted:
            return self._shelves.counted[poll].tally
        known = self._shelves.polls.get(poll)
        if known is None:
            raise UnknownPoll
        ballots = (ballot for ballot in self._shelves.ballots.values() if ballot.poll == poll)
        return count(len(known.options), ((ballot.options, ballot.via, 1) for ballot in ballots))

    def ballot(self, poll: PollId, voter: VoterKey) -> Ballot | None:
        """Look up one ballot."""
        return self._shelves.ballots.get((poll, voter))

    def merge(self, poll: PollId, voters: Sequence[VoterKey], into: VoterKey) -> None:
        """Let the latest stand."""
        keys = {(poll, voter) for voter in (*voters, into)}
        ballots = [self._shelves.ballots[key] for key in keys if key in self._shelves.ballots]
        for ballot in merged(poll, ballots, voters, into):
            self._shelves.ballots[poll, ballot.voter] = ballot

    def release(self, poll: PollId, voter: VoterKey) -> None:
        """Unseal."""
        ballot = self._shelves.ballots.get((poll, voter))
        if ballot is not None and ballot.order == SEALED:
            del self._shelves.ballots[poll, voter]

    def closed_before(self, at: datetime) -> tuple[PollId, ...]:
        """List the polls closed before."""
        return tuple(poll for poll, counted in self._shelves.counted.items() if counted.at < at)

    def _end(self, poll: Poll, state: PollState, at: datetime) -> None:
        self._shelves.counted[poll.id] = Counted(tally=self.tally(poll.id), at=at)
        self._shelves.polls[poll.id] = replace(poll, state=state, closed_at=at)
        self._erase_traces(poll.id)

    def _erase_traces(self, poll: PollId) -> None:
        for key, ballot in list(self._shelves.ballots.items()):
            if ballot.poll == poll and ballot.options:
                self._shelves.ballots[key] = ballot._replace(order=IntakeId(0))
            elif ballot.poll == poll:
                del self._shelves.ballots[key]
