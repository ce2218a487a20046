"""From votes to ballots, for every store alike: each vote meets the ballot that the votes before it left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from core.errors import PollIsClosed, PollIsNotOpenYet, Refused, TooManyOptions, UnknownOption
from core.identifiers import IntakeId, PlatformName, PollId, VoterKey
from core.poll import Act, Ballot, Outcome, Poll, Standing, Vote, cast, standing

Options = tuple[int, ...]
Kept = tuple[Options, IntakeId, PlatformName]  # a ballot beside its poll and voter, as plain as a rush of votes needs

_NONE: Options = ()
_UNKNOWN = Outcome(standing=Standing.UNKNOWN_POLL)
_STANDINGS: dict[type[Refused], Standing] = {
    PollIsClosed: Standing.CLOSED,
    PollIsNotOpenYet: Standing.NOT_OPEN_YET,
    UnknownOption: Standing.UNKNOWN_OPTION,
    TooManyOptions: Standing.TOO_MANY_OPTIONS,
}


@dataclass(slots=True)
class Box:
    """The ballots of one poll that a batch of votes touches. ``changed`` are those to store, the latest of each voter.

    Citizens are many, answers few: what becomes of a vote that counts depends on its act and on the options chosen
    before, none by whoever has no ballot, so each such pair is judged once, and its judgement serves the others. Time
    and order are looked at each time. A judgement is there only if the poll is open, for a batch sees a poll in one
    state.
    """

    poll: Poll
    ballots: dict[VoterKey, Kept]
    changed: dict[VoterKey, Kept] = field(default_factory=dict)
    _judged: dict[tuple[Options, Act], tuple[Options, Outcome]] = field(default_factory=dict)

    def cast(self, vote: Vote) -> Outcome:
        """Apply one vote."""
        voter, order = vote.voter, vote.order
        before = self.ballots.get(voter)
        pair = (_NONE if before is None else before[0], vote.act)
        judged = self._judged.get(pair)
        if judged is None or vote.at >= self.poll.closes_at or (before is not None and order <= before[1]):
            return self._judge(vote, pair)
        options, outcome = judged
        self.ballots[voter] = self.changed[voter] = (options, order, vote.via)
        return outcome

    def _judge(self, vote: Vote, pair: tuple[Options, Act]) -> Outcome:
        kept = self.ballots.get(vote.voter)
        before = Ballot(vote.poll, vote.voter, *kept) if kept else None
        try:
            after = cast(self.poll, before, vote)
        except Refused as refusal:
            return Outcome(standing=_STANDINGS[type(refusal)], options=before.options if before else _NONE)
        outcome = Outcome(standing=standing(before, after), options=after.options)
        if after is not before:
            self.ballots[vote.voter] = self.changed[vote.voter] = (after.options, after.order, after.via)
            self._judged[pair] = after.options, outcome
        return outcome


def cast_into(boxes: Mapping[PollId, Box], votes: Iterable[Vote]) -> list[Outcome]:
    """Apply the votes in order; one outcome each."""
    outcomes: list[Outcome] = []
    for vote in votes:
        box = boxes.get(vote.poll)
        outcomes.append(_UNKNOWN if box is None else box.cast(vote))
    return outcomes


@lru_cache(maxsize=256)  # citizens are many, answers few
def written(options: Options) -> str:
    """The options as a row names them."""
    return ",".join(map(str, options))


@lru_cache(maxsize=256)
def ranks(options: str) -> Options:
    """The options that a row names."""
    return tuple(map(int, options.split(","))) if options else ()
