"""Polls and ballots."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, bindparam, func
from sqlmodel import col, delete, select, update

from core.errors import StorageError, UnknownPoll
from core.identifiers import PlatformName, PollId, VoterKey
from core.poll import SEALED, Ballot, Outcome, Poll, PollState, Tally, Vote, count, merged
from storage import bodies
from storage.books.book import Book
from storage.dialects.base import Dialect
from storage.tables import BallotRow, PollRow
from storage.voting import Box, Kept, cast_into, ranks

# Made once: a statement made anew for each turn took as long as casting fifty votes.
_POLL = select(col(PollRow.body), col(PollRow.state), col(PollRow.closed_at)).where(
    col(PollRow.id) == bindparam("poll")
)


class Polls(Book):
    """See ``core.ports.books.polls.PollBook``."""

    def add(self, poll: Poll) -> None:
        """Remember a new poll."""
        row = {
            "id": poll.id,
            "body": bodies.written(poll),
            "state": poll.state,
            "opens_at": poll.opens_at,
            "closed_at": None,
            "tally": None,
        }
        self._change(self._dialect.insert(PollRow).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def get(self, poll: PollId) -> Poll | None:
        """Look it up."""
        found = self._session.connection().execute(_POLL, {"poll": poll}).first()
        return _poll(*found) if found else None

    def all(self, *, state: PollState | None = None) -> tuple[Poll, ...]:
        """List them, the first to open first."""
        return tuple(self._where(col(PollRow.state) == state) if state else self._where())

    def revise(self, poll: Poll) -> None:
        """Replace a planned poll."""
        planned = (col(PollRow.id) == poll.id) & (col(PollRow.state) == PollState.PLANNED)
        changed = {"body": bodies.written(poll), "opens_at": poll.opens_at}
        self._change(update(PollRow).where(planned).values(changed))

    def drop(self, poll: PollId) -> None:
        """Forget a planned poll."""
        planned = (col(PollRow.id) == poll) & (col(PollRow.state) == PollState.PLANNED)
        self._change(delete(PollRow).where(planned))

    def voted(self, poll: PollId, voters: Sequence[VoterKey]) -> frozenset[VoterKey]:
        """Say who has a ballot."""
        kept = _kept(self._session.connection(), self._dialect, poll, voters)
        return frozenset(voter for voter, (options, _, _) in kept.items() if options)

    def open(self, poll: PollId) -> None:
        """Open a planned poll."""
        planned = (col(PollRow.id) == poll) & (col(PollRow.state) == PollState.PLANNED)
        self._change(update(PollRow).where(planned).values(state=PollState.OPEN))

    def close(self, poll: PollId, *, at: datetime) -> Tally:
        """Close it, freeze its count and erase the order of arrival."""
        known = self.get(poll)
        if known is None or known.state is PollState.PLANNED:
            raise StorageError(f"the poll {poll} never opened")
        tally = self.tally(poll)
        if known.state is PollState.OPEN:
            self._end(poll, PollState.CLOSED, tally, at)
        return tally

    def stop(self, poll: PollId, *, at: datetime) -> None:
        """Stop it, freeze its count and erase the order of arrival."""
        known = self.get(poll)
        if known is not None and known.state is PollState.OPEN:
            self._end(poll, PollState.STOPPED, self.tally(poll), at)

    def tally(self, poll: PollId) -> Tally:
        """Say the count."""
        row = self._session.exec(select(PollRow).where(PollRow.id == poll)).first()
        if row is None:
            raise UnknownPoll
        if row.tally is not None:
            return bodies.read(Tally, row.tally)
        alike = select(BallotRow.options, BallotRow.via, func.count()).where(BallotRow.poll == poll)
        heaps = self._session.exec(alike.group_by(BallotRow.options, BallotRow.via))
        answers = ((ranks(options), PlatformName(via), ballots) for options, via, ballots in heaps)
        return count(len(bodies.read(Poll, row.body).options), answers)

    def ballot(self, poll: PollId, voter: VoterKey) -> Ballot | None:
        """Look up one ballot."""
        return next(self._ballots(poll, [voter]), None)

    def merge(self, poll: PollId, voters: Sequence[VoterKey], into: VoterKey) -> None:
        """Let the latest stand."""
        changed = merged(poll, self._ballots(poll, [*voters, into]), voters, into)
        mine = (col(BallotRow.poll) == poll) & (col(BallotRow.voter) == into)
        self._change(delete(BallotRow).where(mine))  # what stood there may be later than what stands now: it was sealed
        kept = {ballot.voter: (ballot.options, ballot.order, ballot.via) for ballot in changed}
        self._dialect.keep_ballots(self._session.connection(), poll, kept)

    def release(self, poll: PollId, voter: VoterKey) -> None:
        """Unseal."""
        sealed = (col(BallotRow.poll) == poll) & (col(BallotRow.voter) == voter) & (col(BallotRow.order) == SEALED)
        self._change(delete(BallotRow).where(sealed))

    def closed_before(self, at: datetime) -> tuple[PollId, ...]:
        """List the polls closed before."""
        found = self._session.exec(select(PollRow.id).where(col(PollRow.closed_at) < at).order_by(col(PollRow.id)))
        return tuple(map(PollId, found))

    def _ballots(self, poll: PollId, voters: Collection[VoterKey]) -> Iterator[Ballot]:
        kept = _kept(self._session.connection(), self._dialect, poll, voters)
        return (Ballot(poll, voter, *rest) for voter, rest in kept.items())

    def _end(self, poll: PollId, state: PollState, tally: Tally, at: datetime) -> None:
        change = update(PollRow).where(col(PollRow.id) == poll)
        self._change(change.values(state=state, closed_at=at, tally=bodies.written(tally)))
        self._dialect.close_ballots(self._session.connection(), poll)

    def _where(self, *conditions: ColumnElement[bool]) -> Iterator[Poll]:
        ordered = select(PollRow).where(*conditions).order_by(col(PollRow.opens_at), col(PollRow.id))
        return (_poll(row.body, row.state, row.closed_at) for row in self._session.exec(ordered))


def cast(connection: Connection, dialect: Dialect, votes: Sequence[Vote]) -> list[Outcome]:
    """Store the votes and forget their intakes, in the order given; one outcome each."""
    voters: defaultdict[PollId, set[VoterKey]] = defaultdict(set)
    for vote in votes:
        voters[vote.poll].add(vote.voter)
    boxes = {poll: box for poll, theirs in voters.items() if (box := _box(connection, dialect, poll, theirs))}
    outcomes = cast_into(boxes, votes)
    for poll, box in boxes.items():
        if box.changed:
            dialect.keep_ballots(connection, poll, box.changed)
    dialect.forget_intakes(connection, [vote.order for vote in votes])
    return outcomes


def _box(connection: Connection, dialect: Dialect, poll: PollId, voters: Collection[VoterKey]) -> Box | None:
    found = connection.execute(_POLL, {"poll": poll}).first()
    return Box(_poll(*found), _kept(connection, dialect, poll, voters)) if found else None


@lru_cache(maxsize=64)  # reading a poll costs as much as storing a hundred votes
def _poll(body: str, state: str, closed_at: datetime | None = None) -> Poll:
    poll = bodies.read(Poll, body)
    closes_at = poll.closes_at.astimezone(UTC)  # each vote is held against it: ten times as fast within one zone
    return replace(poll, state=PollState(state), closes_at=closes_at, closed_at=closed_at)


def _kept(connection: Connection, dialect: Dialect, poll: PollId, voters: Collection[VoterKey]) -> dict[VoterKey, Kept]:
    found = dialect.ballots_of(connection, poll, voters)
    return {voter: (ranks(options), order, via) for voter, options, order, via in found}
