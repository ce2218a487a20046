"""Sanctions: what should be true of a person, or of a chat, and until when; who may decide it.

A sanction is a decision, not a call: it says what should be, and ``delivery.sanctions`` compares that with what is,
again and again. So nothing is undone by a restart, by somebody who leaves and comes back, or by a hand on the network's
own buttons; and where two overlap, the end of one is not the end of the other.

| kind      | of     | what it is                                      | decided by                                 |
|-----------|--------|-------------------------------------------------|--------------------------------------------|
| warning   | person | it counts, nothing else                         | the rules, or a moderator                  |
| mute      | person | they read, and write nothing                    | the rules up to 24 hours; a moderator      |
| ban       | person | they are out                                    | a moderator; without an end, two           |
| limit     | person | their whole server shows them to followers only | a moderator                                |
| suspend   | person | their account on their server is closed         | two moderators                             |
| slow-mode | chat   | everybody waits between two messages            | the rules up to 24 hours; a moderator      |
| lock      | chat   | nobody writes                                   | a moderator                                |

Nobody of the staff is ever sanctioned, whatever the rules or anybody say; nor is who runs the chat, on the network's
word. What counts against somebody are their *strikes*: each ends by itself, one that was annulled counts no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from core.errors import ParvisError
from core.identifiers import AccountName, Address, CaseNumber, MemberKey, PersonRef, SanctionId
from core.moderation import Severity
from core.staff import SERVICE, Act, Staff

LONGEST_AUTOMATIC = timedelta(hours=24)
PROPOSED_FOR = timedelta(days=7)  # what nobody seconds by then is proposed no more
LONGEST_PASSING = timedelta(days=365)  # what is meant to last longer is for ever
STRIKES_COUNT = timedelta(days=90)


class SanctionKind(StrEnum):
    """See the table of this module."""

    WARNING = "warning"
    MUTE = "mute"
    BAN = "ban"
    LIMIT = "limit"
    SUSPEND = "suspend"
    SLOW_MODE = "slow-mode"
    LOCK = "lock"


OF_A_CHAT = frozenset({SanctionKind.SLOW_MODE, SanctionKind.LOCK})
_LEFT_TO_RULES = frozenset({SanctionKind.WARNING, SanctionKind.MUTE, SanctionKind.SLOW_MODE})


class SanctionState(StrEnum):
    """Where a decision stands."""

    PROPOSED = "proposed"  # it waits for a second person
    STANDING = "standing"  # it should be, until its end
    ENDING = "ending"  # it should not be any more, and the network may not know
    ENDED = "ended"


class Obstacle(StrEnum):
    """Why nothing was decided."""

    IMMUNE = "immune"  # one of the staff
    NO_RIGHT = "no-right"
    NEEDS_A_HUMAN = "needs-a-human"  # too much for a rule
    NEEDS_ANOTHER = "needs-another"  # whoever proposed it cannot second it
    PROPOSER_LEFT = "proposer-left"  # whoever proposed it may not any more
    SETTLED = "settled"  # it is decided, or over, or there is none


class NotSanctioned(ParvisError):
    """Nothing was decided and nothing was changed; ``obstacle`` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        """Carry the reason."""
        super().__init__(obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who it is about. ``number`` is what the network calls the account for ever; stored sealed, never logged."""

    person: PersonRef
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is done, and for how long; None: for ever."""

    kind: SanctionKind
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A measure against somebody, or about a chat (``subject`` None). ``pause`` is that of a slow mode.

    ``case`` is the case that it follows from.
    """

    measure: Measure
    account: AccountName
    chat: Address
    subject: Subject | None = None
    pause: timedelta = timedelta()
    case: CaseNumber | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a measure that does not fit what it is about, or that ends before it begins."""
        kind, lasts = self.measure.kind, self.measure.lasts
        if (self.subject is None) is not (kind in OF_A_CHAT):
            raise ValueError(f"a {kind} is about a person or about a chat, not both")
        if (self.pause > timedelta()) is not (kind is SanctionKind.SLOW_MODE):
            raise ValueError("a slow mode has a pause, and nothing else has")
        if lasts is not None and lasts <= timedelta():
            raise ValueError("a measure lasts some time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """A decision, and how its carrying out stands. ``subject`` is a keyed hash, ``sealed`` the person; none: a chat.

    ``ours``: the network was told by us, so that it is for us to undo it; ``before`` is how a chat was set up until
    then, in the network's own words. ``look_at`` is when it is next compared with what is; ``failing_since`` and
    ``trouble`` say why that did not succeed.
    """

    id: SanctionId
    kind: SanctionKind
    account: AccountName
    chat: Address
    subject: bytes = b""
    sealed: bytes = b""
    pause: timedelta = timedelta()
    since: datetime
    until: datetime | None
    by: MemberKey
    seconded_by: MemberKey | None = None
    case: CaseNumber | None = None
    state: SanctionState
    annulled: bool = False
    ended_at: datetime | None = None
    ended_by: MemberKey | None = None
    ours: bool = False
    before: str = ""
    look_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    trouble: str = ""

    def is_proposed(self, at: datetime) -> bool:
        """Whether it waits for a second person, and not for too long."""
        return self.state is SanctionState.PROPOSED and at - self.since < PROPOSED_FOR

    def is_in_force(self, at: datetime) -> bool:
        """Whether it should be so at this instant; the end is the first instant without it."""
        return self.state is SanctionState.STANDING and (self.until is None or at < self.until)


# ── the ladder ──

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
_WARN = Measure(kind=SanctionKind.WARNING, lasts=STRIKES_COUNT)
_MUTED = tuple(Measure(kind=SanctionKind.MUTE, lasts=lasts) for lasts in (_HOUR, _DAY))
_OUT = tuple(Measure(kind=SanctionKind.BAN, lasts=lasts) for lasts in (_WEEK, None))

LADDER: Mapping[Severity, tuple[Measure, ...]] = MappingProxyType(
    {
        Severity.MINOR: (_WARN, _WARN, *_MUTED),
        Severity.SERIOUS: (_WARN, *_MUTED, _OUT[0]),
        Severity.GRAVE: (_MUTED[1], *_OUT),
    }
)
"""What follows by the weight of the article: the first time, the second, and so on; the last again and again."""


def measure_for(severity: Severity, strikes: int) -> Measure:
    """What somebody with so many strikes deserves."""
    rungs = LADDER[severity]
    return rungs[min(strikes, len(rungs) - 1)]


def left_to_rules(measure: Measure) -> Measure:
    """As much of it as nobody needs to decide: a mute of a day, where it is more than that."""
    if _is_left_to_rules(measure):
        return measure
    return Measure(kind=SanctionKind.MUTE, lasts=LONGEST_AUTOMATIC)


def spelt(measure: Measure) -> str:
    """As a moderator types it, for a log that holds nobody's words: «ban 7d»; without a length: for ever."""
    return measure.kind.value if measure.lasts is None else f"{measure.kind.value} {measure.lasts.days}d"


def strikes(sanctions: Iterable[Sanction], at: datetime) -> int:
    """How many of somebody's sanctions still count."""
    decided = (each for each in sanctions if each.state is not SanctionState.PROPOSED and not each.annulled)
    return sum(at - each.since < STRIKES_COUNT for each in decided)


# ── who may decide ──


def needs_two(measure: Measure) -> bool:
    """Whether it is one of the gravest, which two people decide."""
    for_ever = measure.lasts is None or measure.lasts > LONGEST_PASSING
    return measure.kind is SanctionKind.SUSPEND or (measure.kind is SanctionKind.BAN and for_ever)


def is_immune(staff: Staff, account: AccountName, number: str) -> bool:
    """Whether nobody may touch them: they are of the staff."""
    return staff.behind(account, number) is not None


def obstacle(order: Order, *, by: MemberKey, staff: Staff) -> Obstacle | None:
    """What keeps somebody, or the service itself, from ordering this."""
    if order.subject is not None and is_immune(staff, order.account, order.subject.number):
        return Obstacle.IMMUNE
    if by == SERVICE:
        return None if _is_left_to_rules(order.measure) else Obstacle.NEEDS_A_HUMAN
    return None if staff.may(by, Act.SANCTION) else Obstacle.NO_RIGHT


def _is_left_to_rules(measure: Measure) -> bool:
    if measure.kind is SanctionKind.WARNING:
        return True
    return measure.kind in _LEFT_TO_RULES and measure.lasts is not None and measure.lasts <= LONGEST_AUTOMATIC


# ── what should be ──


def wanted(sanctions: Iterable[Sanction], kind: SanctionKind, at: datetime) -> Sanction | None:
    """The one of this kind that lasts longest, of those in force; a slow mode: the one with the longest pause."""
    standing = [each for each in sanctions if each.kind is kind and each.is_in_force(at)]
    return max(standing, key=lambda each: (each.pause, each.until is None, each.until or at), default=None)
