"""What a rehearsal found: a campaign played from beginning to end with invented people, before anybody reads it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.campaign import StepKind
from core.delivery import DeliveryState
from core.identifiers import CampaignId, ChannelName, Locale, StepName
from core.poll import Poll, Tally
from core.post import Post
from core.preflight import Concern
from core.wording import Wording

CLOSE = timedelta(hours=2)  # what two campaigns say within this time is read as one
PUNCTUAL = timedelta(minutes=1)  # a network's pace alone makes a message wait some seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of one step as the readers of one place got it. ``channel`` is None for the private subscribers.

    ``at`` is when it was due; ``out_at`` when it was out, if that is known. ``copies`` is how many people got it in
    private, 1 for a public place; ``pieces`` how many messages of the network it takes.
    """

    step: StepName
    kind: StepKind
    at: datetime
    out_at: datetime | None
    state: DeliveryState
    network: str
    channel: ChannelName | None
    locale: Locale
    post: Post
    copies: int = 1
    pieces: int = 1

    @property
    def late(self) -> timedelta:
        """How late it was out; nothing when it was on time, or is not known to be out."""
        late = timedelta() if self.out_at is None else self.out_at - self.at
        return late if late > PUNCTUAL else timedelta()


class Quiet(StrEnum):
    """Why a step said nothing."""

    BY_NATURE = "by_nature"  # closing a poll
    MISSED = "missed"
    UNMET = "unmet"  # its condition did not hold
    STILL_TO_COME = "still_to_come"  # after the end of the rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One step at its time, and what was said. ``quiet`` is why nothing was."""

    step: StepName
    kind: StepKind
    at: datetime
    said: tuple[Said, ...]
    quiet: Quiet | None = None


class Trial(StrEnum):
    """What a network was made to do: be down, ask everybody to wait, or cut a line after it acted."""

    DOWN = "down"
    CROWDED = "crowded"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordeal:
    """One bad hour of a network. ``refused`` calls came to nothing, ``said`` is what was due there meanwhile.

    ``missed`` steps were not done any more.
    """

    network: str
    trial: Trial
    begins: datetime
    ends: datetime
    refused: int
    said: tuple[Said, ...]
    missed: int = 0

    def copies(self, state: DeliveryState) -> int:
        """How many messages stand so at the end, each private one counted."""
        return sum(each.copies for each in self.said if each.state is state)

    @property
    def late(self) -> tuple[Said, ...]:
        """Those that were out late."""
        return tuple(each for each in self.said if each.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What one person got in one week, on each network: in public, and the most that anybody got in private.

    ``pairs`` are two networks that the same person follows, by their ranks.
    """

    monday: date
    public: tuple[int, ...]
    private: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...] = ()

    @property
    def in_private(self) -> int:
        """The most that one account got."""
        return max(self.private, default=0)

    @property
    def most(self) -> int:
        """What somebody got who follows the busiest network, or two, and gets the news there in private as well."""
        return max(self._on_one, self._on_two)

    @property
    def for_two(self) -> bool:
        """Whether it is somebody with two networks who got most."""
        return self._on_two > self._on_one

    @property
    def _on_one(self) -> int:
        return max(map(sum, zip(self.public, self.private, strict=True)), default=0)

    @property
    def _on_two(self) -> int:
        return max((sum(self.public[rank] + self.private[rank] for rank in pair) for pair in self.pairs), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """What a campaign says somewhere at a time, to see whether another says something about then."""

    campaign: CampaignId
    step: StepName
    at: datetime
    channels: frozenset[ChannelName]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Two campaigns speak in the same place about the same time."""

    ours: Engagement
    theirs: Engagement


def collisions(ours: Iterable[Engagement], theirs: Iterable[Engagement]) -> Iterator[Collision]:
    """Where two campaigns speak in the same place less than ``CLOSE`` apart."""
    others = tuple(theirs)
    for mine in ours:
        for other in others:
            if abs(mine.at - other.at) < CLOSE and mine.channels & other.channels:
                yield Collision(ours=mine, theirs=other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One poll at the end. ``cast`` is how many people voted by the networks' journals alone, ``published`` in how many
    places they found its results; None and 0 for one that Parvis's own ballot never asked.
    """

    poll: Poll
    tally: Tally
    cast: int | None
    published: int

    @property
    def agrees(self) -> bool:
        """Whether as many were counted as had voted."""
        return (self.cast or 0) == self.tally.voters


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Of so many accounts, how many voted in anything, and of these, how many came back after more than six hours."""

    people: int
    took_part: int
    came_back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The invented people. ``followers`` is how many follow each network. Shares are parts of all, from 0 to 1.

    ``measured``: from how many consultations staying and arriving are known, with those of which arrivals are.
    """

    followers: tuple[tuple[str, int], ...]
    on_two: int
    subscribers: float
    turnout: float
    reminded: float
    returning: float
    again: float
    conversations: int
    dated: tuple[str, ...]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Everything, as the report tells it. ``begins`` and ``ends`` are when the town's clock stood there.

    ``verdict`` is what another program found in the journals, and ``sound`` whether it found no fault; ``doubled`` how
    many messages stand twice. ``changes`` are when clocks were put forward or back meanwhile.
    """

    town: Wording
    title: Wording
    campaign: CampaignId
    zone: str
    begins: datetime
    ends: datetime
    cast: Cast
    moments: tuple[Moment, ...]
    networks: tuple[str, ...]
    weeks: tuple[Week, ...]
    changes: tuple[datetime, ...]
    ordeals: tuple[Ordeal, ...]
    beside: tuple[Wording, ...]
    collisions: tuple[Collision, ...]
    concerns: tuple[Concern, ...]
    outcomes: tuple[Outcome, ...]
    attendance: Attendance
    verdict: str
    sound: bool
    doubled: int
    command: str

    @property
    def passed(self) -> bool:
        """Whether what was cast is what was counted and published, and nothing stands twice."""
        return self.sound and not self.doubled and all(outcome.agrees for outcome in self.outcomes)

    @property
    def said(self) -> tuple[Said, ...]:
        """All messages."""
        return tuple(each for moment in self.moments for each in moment.said)

    @property
    def busiest(self) -> Week | None:
        """The week in which somebody got most."""
        return max(self.weeks, key=lambda week: week.most, default=None)
