"""Polls, ballots and tallies.

A ballot is one citizen's whole answer to one poll; the latest counts. ``order`` is the order of arrival given by
the store's single writer while the poll is open: it settles which press is the latest, is never exported, and is
erased at closing. An empty ballot is a withdrawn one: the row stays until closing, so that an older press that
arrives late cannot bring the vote back.

Whether a ballot still counts is decided here, inside the transaction that stores it, by the instant it was received.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from core.errors import PollIsClosed, PollIsNotOpenYet, TooManyOptions, UnknownOption
from core.identifiers import CampaignId, IntakeId, PlatformName, PollId, VoterKey
from core.wording import Wording

SEALED = IntakeId(1 << 62)  # the order of a ballot that moved to another pseudonym: no vote is later


class PollKind(StrEnum):
    """How many options a ballot may name."""

    SINGLE = "single"
    MULTIPLE = "multiple"


class Showing(StrEnum):
    """When the town sees the counts: only after closing (nobody follows the crowd), or all along."""

    AT_CLOSE = "at_close"
    LIVE = "live"


class PollState(StrEnum):
    """A poll is planned, then open, then closed for ever; or stopped with its campaign, its count never published."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question put to the town. ``closes_at`` is exclusive: a ballot received at that instant is late.

    ``closed_at`` is when it was closed, or stopped. A ``public`` one is asked by each network's own poll where it fits.
    """

    id: PollId
    campaign: CampaignId
    question: Wording
    options: tuple[Wording, ...]
    kind: PollKind = PollKind.SINGLE
    showing: Showing = Showing.AT_CLOSE
    public: bool = False
    state: PollState = PollState.PLANNED
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nobody will ever vote again."""
        return self.state in {PollState.CLOSED, PollState.STOPPED}

    def is_open(self, at: datetime) -> bool:
        """Whether a ballot received at this instant counts."""
        return self.state is PollState.OPEN and at < self.closes_at


class Ballot(NamedTuple):
    """A citizen's answer: the options chosen, by rank in ``Poll.options``, ascending. Empty when withdrawn."""

    poll: PollId
    voter: VoterKey
    options: tuple[int, ...]
    order: IntakeId
    via: PlatformName


class Choose(NamedTuple):
    """Press one option: it replaces the answer of a single-choice ballot, joins or leaves a multiple-choice one.

    A tuple, because each vote is looked up by it among those judged before.
    """

    option: int


@dataclass(frozen=True, slots=True)
class Fill:
    """Give the whole answer at once, as the typed command does."""

    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the ballot back."""


Act = Choose | Fill | Withdraw


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One act of voting as received; ``at`` is when it was stored on arrival, ``order`` its place in the arrivals."""

    poll: PollId
    voter: VoterKey
    act: Act
    order: IntakeId
    at: datetime
    via: PlatformName


class Standing(StrEnum):
    """What became of an act of voting."""

    FIRST = "first"  # the citizen's first ballot in this poll
    CHANGED = "changed"
    UNCHANGED = "unchanged"  # same answer again, or an older act than the one already counted
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    NOT_OPEN_YET = "not_open_yet"
    UNKNOWN_POLL = "unknown_poll"
    UNKNOWN_OPTION = "unknown_option"
    TOO_MANY_OPTIONS = "too_many_options"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The standing of one vote and the options the citizen's ballot now names."""

    standing: Standing
    options: tuple[int, ...] = ()


def cast(poll: Poll, before: Ballot | None, vote: Vote) -> Ballot:
    """The ballot that stands after this vote: ``before`` itself when nothing changes.

    Raises PollIsClosed, PollIsNotOpenYet, UnknownOption or TooManyOptions, and then nothing changes.
    """
    if poll.state is PollState.PLANNED:
        raise PollIsNotOpenYet
    if before is not None and vote.order <= before.order:
        return before
    if not poll.is_open(vote.at):
        raise PollIsClosed
    options = _answer(poll, before.options if before else (), vote.act)
    return Ballot(poll.id, vote.voter, options, vote.order, vote.via)


def merged(poll: PollId, ballots: Iterable[Ballot], voters: Iterable[VoterKey], into: VoterKey) -> tuple[Ballot, ...]:
    """The ballots as they stand once these voters are one, named ``into``: the latest of all, and sealed ones.

    A sealed ballot is withdrawn and later than any vote: a press under the old pseudonym that is still on its way finds
    it and changes nothing.
    """
    given = [ballot for ballot in ballots if ballot.order != SEALED]
    latest = max(given, key=lambda ballot: ballot.order, default=None)
    via = latest.via if latest is not None else PlatformName("")
    sealed = [Ballot(poll=poll, voter=voter, options=(), order=SEALED, via=via) for voter in voters if voter != into]
    return (*([] if latest is None else [latest._replace(voter=into)]), *sealed)


def standing(before: Ballot | None, after: Ballot) -> Standing:
    """How ``after`` differs from ``before``."""
    if before is None or (not before.options and after.options):
        return Standing.FIRST if after.options else Standing.WITHDRAWN
    if before.options == after.options:
        return Standing.UNCHANGED if after.options else Standing.WITHDRAWN
    return Standing.CHANGED if after.options else Standing.WITHDRAWN


def _answer(poll: Poll, before: tuple[int, ...], act: Act) -> tuple[int, ...]:
    match act:
        case Choose(option=option):
            _known(poll, option)
            return (option,) if poll.kind is PollKind.SINGLE else tuple(sorted(set(before) ^ {option}))
        case Fill(options=options):
            return _filled(poll, set(options))
        case Withdraw():
            return ()


def _filled(poll: Poll, chosen: set[int]) -> tuple[int, ...]:
    for option in chosen:
        _known(poll, option)
    if poll.kind is PollKind.SINGLE and len(chosen) > 1:
        raise TooManyOptions
    return tuple(sorted(chosen))


def _known(poll: Poll, option: int) -> None:
    if not 0 <= option < len(poll.options):
        raise UnknownOption


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The count: ``counts`` in the order of ``Poll.options``, ``voters`` the citizens whose ballot names an option.

    ``networks`` says where the ballots that count came from: how many voters by each, in the order of their names.
    """

    counts: tuple[int, ...]
    voters: int
    networks: tuple[tuple[PlatformName, int], ...] = ()

    def share(self, option: int) -> int:
        """The option's part of the voters, in whole per cent, halves up; 0 when nobody voted."""
        return (200 * self.counts[option] + self.voters) // (2 * self.voters) if self.voters else 0


def count(options: int, answers: Iterable[tuple[tuple[int, ...], PlatformName, int]]) -> Tally:
    """Count ballots given as (options named, network, how many ballots name exactly these by this network).

    Withdrawn ballots do not count.
    """
    counts = [0] * options
    voters: Counter[PlatformName] = Counter()
    for answer, network, ballots in answers:
        if answer:
            voters[network] += ballots
        for option in answer:
            counts[option] += ballots
    return Tally(counts=tuple(counts), voters=voters.total(), networks=tuple(sorted(voters.items())))
