"""What a typed /vote or /withdraw means: an act on a poll, or something to answer instead.

A link to the ballot of a poll comes in as «/vote <poll>»; a link older than the town's memory gets the welcome of a
newcomer.
"""

from dataclasses import dataclass, replace

from bots.answering import private_only
from bots.catalogue import Name
from bots.desk import Desk, Request, voter
from bots.newcomers import welcome
from bots.polls import ballots_of, my_votes, open_polls
from bots.typed import looks_like_a_name, named, options
from core.errors import PollIsClosed, PollIsNotOpenYet, UnknownOption, UnknownPoll
from core.messages import Answered, BallotRefused, PrivateOnly
from core.poll import Act, Fill, Poll, PollState, Withdraw
from core.ports.store import Books


@dataclass(frozen=True, slots=True)
class Aim:
    """An act of voting, and the poll it is about."""

    poll: Poll
    act: Act


def meaning(desk: Desk, books: Books, request: Request) -> Aim | Answered:
    """What this command asks for."""
    if not request.handle.private and request.handle.press is None:
        return _in_private(desk, request, books.polls.all())
    polls = books.polls.all()
    opened = open_polls(desk, request, polls).polls
    if request.name is Name.WITHDRAW:
        return _withdrawal(desk, books, request, polls, opened)
    return _vote(desk, books, request, polls, opened)


def _vote(
    desk: Desk, books: Books, request: Request, polls: tuple[Poll, ...], opened: tuple[Poll, ...]
) -> Aim | Answered:
    if not request.arguments:
        return open_polls(desk, request, opened)
    only = _only(request, opened)
    chosen = options(only, request.arguments) if only else None  # before the end of a poll's name
    if only is not None and chosen is not None:
        return Aim(only, Fill(chosen))
    poll = named(request.arguments[0], polls)
    if poll is None:
        return BallotRefused(reason=UnknownOption.reason) if only else _astray(desk, books, request, opened)
    if not request.arguments[1:]:
        return open_polls(desk, request, (poll,)) if poll in opened else _shut(poll)
    chosen = options(poll, request.arguments[1:])
    return BallotRefused(reason=UnknownOption.reason) if chosen is None else Aim(poll, Fill(chosen))


def _only(request: Request, opened: tuple[Poll, ...]) -> Poll | None:
    """The one open poll, which needs no name, unless another is named."""
    return opened[0] if len(opened) == 1 and not looks_like_a_name(request.arguments[0]) else None


def _in_private(desk: Desk, request: Request, polls: tuple[Poll, ...]) -> PrivateOnly:
    """Where to do it instead; what was chosen is not repeated before others."""
    poll = named(request.arguments[0], polls) if request.arguments else None
    opened = open_polls(desk, request, polls).polls
    if poll is None and len(opened) == 1:
        poll = opened[0]
    return private_only(request.name, poll.id if poll else None)


def _astray(desk: Desk, books: Books, request: Request, opened: tuple[Poll, ...]) -> Answered:
    if not looks_like_a_name(request.arguments[0]):
        return replace(open_polls(desk, request, opened), uncounted=True)
    return BallotRefused(reason=UnknownPoll.reason) if request.arguments[1:] else welcome(desk, request, books)


def _shut(poll: Poll) -> BallotRefused:
    planned = poll.state is PollState.PLANNED
    return BallotRefused(reason=PollIsNotOpenYet.reason if planned else PollIsClosed.reason)


def _withdrawal(
    desk: Desk, books: Books, request: Request, polls: tuple[Poll, ...], opened: tuple[Poll, ...]
) -> Aim | Answered:
    if request.arguments:
        poll = named(request.arguments[0], polls)
        return BallotRefused(reason=UnknownPoll.reason) if poll is None else Aim(poll, Withdraw())
    given = ballots_of(desk, books, voter(desk, books, request.person.ref), opened)
    standing = [poll for poll, ballot in given if ballot.options]
    if len(standing) == 1:
        return Aim(standing[0], Withdraw())
    return my_votes(desk, request, books, opened)
