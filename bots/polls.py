"""Seeing which polls are open, and one's own ballots."""

from bots.desk import Desk, Request, voter
from core.identifiers import PersonRef
from core.messages import BallotStanding, MyVotes, OpenPolls
from core.poll import Ballot, Poll, PollState
from core.ports.store import Books


def show_polls(desk: Desk, request: Request, books: Books) -> OpenPolls:
    """Show the polls one can vote in now."""
    return open_polls(desk, request, books.polls.all(state=PollState.OPEN))


def show_my_votes(desk: Desk, request: Request, books: Books) -> MyVotes:
    """Show one's ballots wherever a key still links them to the person asking."""
    return my_votes(desk, request, books, books.polls.all())


def open_polls(desk: Desk, request: Request, polls: tuple[Poll, ...]) -> OpenPolls:
    """Those among these polls that are open."""
    return OpenPolls(polls=tuple(poll for poll in polls if poll.is_open(request.received.at)), zone=desk.town.zone)


def my_votes(desk: Desk, request: Request, books: Books, polls: tuple[Poll, ...]) -> MyVotes:
    """The ballots of the person asking in these polls, as they stand."""
    ballots = ballots_of(desk, books, voter(desk, books, request.person.ref), polls)
    return MyVotes(ballots=tuple(_standing(desk, request, poll, ballot) for poll, ballot in ballots))


def ballots_of(desk: Desk, books: Books, person: PersonRef, polls: tuple[Poll, ...]) -> tuple[tuple[Poll, Ballot], ...]:
    """A voter's ballots in those among these polls whose key still exists, withdrawn ones included."""
    linked = (poll for poll in polls if desk.vault.has_poll_key(poll.id))
    found = ((poll, books.polls.ballot(poll.id, desk.vault.voter(poll.id, person))) for poll in linked)
    return tuple((poll, ballot) for poll, ballot in found if ballot is not None)


def _standing(desk: Desk, request: Request, poll: Poll, ballot: Ballot) -> BallotStanding:
    return BallotStanding(
        poll=poll.id,
        question=poll.question,
        chosen=tuple(poll.options[option] for option in ballot.options),
        open=poll.is_open(request.received.at),
        closes_at=poll.closes_at,
        zone=desk.town.zone,
    )
