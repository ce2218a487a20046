"""Voting: by a button, by a typed command, and taking a ballot back.

All the acts of voting that came in together are prepared in one reading of the books, cast in one commit, then
answered. Casting also forgets their intakes, in the same transaction; what casts nothing has its intake forgotten
before. Doing all of it again changes nothing, because every act carries its place in the order of arrival.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from bots.answering import answer
from bots.desk import Desk, Press, Request
from bots.meanings import Aim, meaning
from core.answers import Answer
from core.errors import PollIsClosed, PollIsNotOpenYet, TooManyOptions, UnknownOption, UnknownPoll
from core.events import Handle
from core.identifiers import IntakeId, Locale, PersonRef, PollId
from core.messages import Answered, BallotCounted, BallotRefused, BallotWithdrawn
from core.poll import Choose, Outcome, Poll, PollState, Standing, Vote
from core.ports.store import Books

Ask = Press | Request

_ALL = 100_000  # more than can ever be in hand between arrival and effect
_REFUSALS: dict[Standing, str] = {
    Standing.CLOSED: PollIsClosed.reason,
    Standing.NOT_OPEN_YET: PollIsNotOpenYet.reason,
    Standing.UNKNOWN_POLL: UnknownPoll.reason,
    Standing.UNKNOWN_OPTION: UnknownOption.reason,
    Standing.TOO_MANY_OPTIONS: TooManyOptions.reason,
}
_WITHOUT_KEY: dict[PollState, str] = {
    PollState.PLANNED: PollIsNotOpenYet.reason,
    PollState.OPEN: UnknownPoll.reason,
    PollState.CLOSED: PollIsClosed.reason,
    PollState.STOPPED: PollIsClosed.reason,
}


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote to cast."""

    handle: Handle
    locale: Locale
    poll: Poll
    vote: Vote


@dataclass(frozen=True, slots=True)
class Told:
    """A message to answer; nothing to cast."""

    handle: Handle
    locale: Locale
    message: Answered


Slip = Cast | Told


async def vote(desk: Desk, asks: Sequence[Ask], *, doubted: bool = False) -> tuple[Answer, ...]:
    """Cast everything asked and say what became of each, in order. ``doubted`` when it may have been cast before.

    Raises StorageError, and then nothing was cast, or OutcomeUnknown.
    """
    slips, waiting = await desk.store.read(
        lambda books: (_prepared(desk, books, asks), _waiting(desk, books) if doubted else None)
    )
    idle = [ask.received.order for ask, slip in zip(asks, slips, strict=True) if isinstance(slip, Told)]
    if idle:
        await desk.store.write(lambda books: books.inbox.done(idle))
    votes = [slip.vote for slip in slips if isinstance(slip, Cast)]
    outcomes = iter(await desk.store.cast(votes) if votes else ())
    return tuple(_answered(slip, outcomes, waiting) for slip in slips)


async def obey(desk: Desk, request: Request) -> tuple[Answer, ...]:
    """Cast what one command asks."""
    return await vote(desk, (request,))


def counted(poll: Poll, outcome: Outcome) -> Answered:
    """What to say of the outcome of a vote."""
    if outcome.standing in _REFUSALS:
        return BallotRefused(reason=_REFUSALS[outcome.standing])
    if not outcome.options:
        return BallotWithdrawn()
    return BallotCounted(
        chosen=tuple(poll.options[option] for option in outcome.options),
        first=outcome.standing is Standing.FIRST,
        kind=poll.kind,
    )


def _answered(slip: Slip, outcomes: Iterator[Outcome], waiting: Collection[IntakeId] | None) -> Answer:
    if isinstance(slip, Told):
        return answer(slip.handle, slip.message, slip.locale)
    outcome = next(outcomes)
    was_cast = waiting is not None and slip.vote.order not in waiting and slip.vote.at < slip.poll.closes_at
    if was_cast and outcome.standing is Standing.CLOSED:  # since: the ballot that stands is the truth
        outcome = replace(outcome, standing=Standing.UNCHANGED)
    return answer(slip.handle, counted(slip.poll, outcome), slip.locale)


def _waiting(desk: Desk, books: Books) -> Collection[IntakeId]:
    """The intakes that nothing was done about: casting forgets them in its own transaction."""
    return {intake.id for intake in books.inbox.pending(desk.account, limit=_ALL)}


def _prepared(desk: Desk, books: Books, asks: Sequence[Ask]) -> list[Slip]:
    blinds = [desk.vault.blind(ask.person.ref) for ask in asks]
    chosen = books.citizens.locales(blinds)
    bonds = books.bonds.of(blinds)
    polls: dict[PollId, Poll | None] = {}
    slips: list[Slip] = []
    for ask, blind in zip(asks, blinds, strict=True):
        locale, voter = chosen.get(blind, ask.person.locale), bonds.get(blind, ask.person.ref)
        match ask:
            case Press(choice=choice):
                if choice.poll not in polls:
                    polls[choice.poll] = books.polls.get(choice.poll)
                slips.append(_pressed(desk, ask, voter, locale, polls[choice.poll]))
            case Request():
                slips.append(_asked(desk, ask, voter, locale, meaning(desk, books, ask)))
    return slips


def _pressed(desk: Desk, press: Press, voter: PersonRef, locale: Locale, poll: Poll | None) -> Slip:
    if poll is None:
        return Told(press.handle, locale, BallotRefused(reason=UnknownPoll.reason))
    return _slip(desk, press, voter, locale, Aim(poll, Choose(press.choice.option)))


def _asked(desk: Desk, request: Request, voter: PersonRef, locale: Locale, meant: Aim | Answered) -> Slip:
    return _slip(desk, request, voter, locale, meant) if isinstance(meant, Aim) else Told(request.handle, locale, meant)


def _slip(desk: Desk, ask: Ask, person: PersonRef, locale: Locale, aim: Aim) -> Slip:
    poll = aim.poll
    try:
        voter = desk.vault.voter(poll.id, person)
    except UnknownPoll:
        return Told(ask.handle, locale, BallotRefused(reason=_WITHOUT_KEY[poll.state]))
    vote = Vote(
        poll=poll.id, voter=voter, act=aim.act, order=ask.received.order, at=ask.received.at, via=ask.person.platform
    )
    return Cast(ask.handle, locale, poll, vote)
