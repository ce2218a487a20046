"""From votes to ballots, for every store alike: each vote meets the ballot that the votes before it left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.errors import PollIsClosed, PollIsNotOpenYet, Refused, TooManyOptions, UnknownOption
from core.identifiers import PollId, VoterKey
from core.poll import Ballot, Outcome, Poll, Standing, Vote, cast, standing

Key = tuple[PollId, VoterKey]

_NONE: tuple[int, ...] = ()
_STANDINGS: dict[type[Refused], Standing] = {
    PollIsClosed: Standing.CLOSED,
    PollIsNotOpenYet: Standing.NOT_OPEN_YET,
    UnknownOption: Standing.UNKNOWN_OPTION,
    TooManyOptions: Standing.TOO_MANY_OPTIONS,
}


@dataclass(slots=True)
class Box:
    """The ballots that a batch of votes touches. ``changed`` are those to store; the latest of each voter only."""

    polls: Mapping[PollId, Poll]
    ballots: dict[Key, Ballot]
    changed: dict[Key, Ballot] = field(default_factory=dict)
    _outcomes: dict[tuple[Standing, tuple[int, ...]], Outcome] = field(default_factory=dict)

    def cast(self, votes: Iterable[Vote]) -> list[Outcome]:
        """Apply the votes in order; one outcome each."""
        return [self._cast(vote) for vote in votes]

    def _cast(self, vote: Vote) -> Outcome:
        poll = self.polls.get(vote.poll)
        if poll is None:
            return self._outcome(Standing.UNKNOWN_POLL, _NONE)
        key = (vote.poll, vote.voter)
        before = self.ballots.get(key)
        try:
            after = cast(poll, before, vote)
        except Refused as refusal:
            return self._outcome(_STANDINGS[type(refusal)], before.options if before else _NONE)
        if after is not before:
            self.ballots[key] = self.changed[key] = after
        return self._outcome(standing(before, after), after.options)

    def _outcome(self, standing: Standing, options: tuple[int, ...]) -> Outcome:
        """One value for all votes that end alike: most do, and making one costs as much as the rest of the vote."""
        known = self._outcomes.get((standing, options))
        if known is None:
            known = self._outcomes[standing, options] = Outcome(standing=standing, options=options)
        return known
