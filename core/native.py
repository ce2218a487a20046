"""The networks' own polls: what each can hold, whether a question fits, and the totals it reports.

An officer asks for them with ``public = true``. Where a question does not fit, Parvis's own ballot stands in, and says
why. Of a network's own poll Parvis keeps totals only, never who chose what: a newer total replaces an older one and
nothing is ever added, so that repeated or reordered news changes nothing. A total that is hidden is unknown, not zero.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.identifiers import IntakeId, PlatformName

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NativePoll:
    """What a network's own poll can hold; lengths in UTF-16 units, which no network counts more strictly.

    It lasts a multiple of ``granularity``. ``secret``: nobody sees who chose what, the town included. ``several``:
    several options may be chosen. ``ends_early``: it can be ended before its time. ``hides``: it can keep its counts to
    itself until then.
    """

    most_options: int
    longest_question: int
    longest_option: int
    shortest: timedelta
    longest: timedelta
    granularity: timedelta = _SECOND
    secret: bool
    several: bool
    ends_early: bool
    hides: bool

    @property
    def shows_choices(self) -> bool:
        """Whether others can see who chose what."""
        return not self.secret

    def lasting(self, wanted: timedelta) -> timedelta:
        """How long a poll must be made to last for people to have so long: longer, where it can be ended early."""
        steps = -(-max(wanted, self.shortest) // self.granularity)
        return min(steps * self.granularity, self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeBallot:
    """A question as a network's own poll asks it, in one language. The counts may stay hidden until it closes.

    The text of the post stands around it and does not repeat it.
    """

    question: str
    options: tuple[str, ...]
    several: bool
    closes_at: datetime
    hides: bool


class Reason(StrEnum):
    """Why a network's own poll cannot hold a question."""

    NONE = "none"  # it has no polls, or none in this place
    MANY_OPTIONS = "many_options"
    LONG_QUESTION = "long_question"
    LONG_OPTION = "long_option"
    SEVERAL = "several"
    SHORT = "short"  # in seconds, as the two below
    LONG = "long"
    UNEVEN = "uneven"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One reason, with what the question needs and what the network allows."""

    reason: Reason
    needs: int = 0
    allows: int = 0


def misfits(ballot: NativeBallot, lasts: timedelta, native: NativePoll | None) -> tuple[Misfit, ...]:
    """Why the network cannot hold this question open for so long; nothing when it can."""
    return (Misfit(Reason.NONE),) if native is None else (*_of_words(ballot, native), *_of_time(lasts, native))


def _of_words(ballot: NativeBallot, native: NativePoll) -> Iterator[Misfit]:
    sizes = (
        (Reason.MANY_OPTIONS, len(ballot.options), native.most_options),
        (Reason.LONG_QUESTION, _width(ballot.question), native.longest_question),
        (Reason.LONG_OPTION, max(map(_width, ballot.options)), native.longest_option),
        (Reason.SEVERAL, int(ballot.several), int(native.several)),
    )
    yield from (Misfit(reason, needs, allows) for reason, needs, allows in sizes if needs > allows)


def _of_time(lasts: timedelta, native: NativePoll) -> Iterator[Misfit]:
    seconds = lasts // _SECOND
    if lasts > native.longest:
        yield Misfit(Reason.LONG, seconds, native.longest // _SECOND)
    if native.ends_early:
        return
    if lasts < native.shortest:
        yield Misfit(Reason.SHORT, seconds, native.shortest // _SECOND)
    if lasts % native.granularity:
        yield Misfit(Reason.UNEVEN, seconds, native.granularity // _SECOND)


def _width(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeTally:
    """What a network says of its own poll: ``counts`` by option, None while they are hidden or unknown.

    ``voters`` is None where the network does not say it. A ``final`` one changes no more, and its counts are known.
    """

    counts: tuple[int, ...] | None
    voters: int | None = None
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A tally and when it was seen: when it came in, or when it was asked for. ``order`` is its place
    in the arrivals, None when it was asked for.
    """

    tally: NativeTally
    at: datetime
    order: IntakeId | None = None


def newest(before: Sighting | None, after: Sighting, options: int) -> Sighting | None:
    """The sighting that stands. One of unknown counts, or with counts for other options than ours, changes nothing."""
    counts = after.tally.counts
    if counts is None or len(counts) != options or (before is not None and before.tally.final):
        return before
    if before is None or after.tally.final:
        return after
    return after if _place(after) >= _place(before) else before


def _place(seen: Sighting) -> tuple[datetime, int]:
    return seen.at, seen.order or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeCount:
    """What the ``polls`` of one network say together, in the order of the options; None where nobody knows.

    ``network`` is None for those that are no longer configured.
    There are ``untold`` more, whose counts nobody knows.
    Not ``final``: some of them may still change. The same person may have voted in several of them.
    """

    network: PlatformName | None
    counts: tuple[int, ...] | None
    voters: int | None
    final: bool
    polls: int = 1
    untold: int = 0


def by_network(seen: Iterable[tuple[PlatformName | None, NativeTally]]) -> tuple[NativeCount, ...]:
    """The tallies of each network together, in the order of their names; those of no known one last."""
    networks: dict[PlatformName | None, list[NativeTally]] = {}
    for network, tally in seen:
        networks.setdefault(network, []).append(tally)
    names = sorted(networks, key=lambda name: (name is None, name or ""))
    return tuple(_together(name, networks[name]) for name in names)


def _together(network: PlatformName | None, tallies: Sequence[NativeTally]) -> NativeCount:
    known = [tally.counts for tally in tallies if tally.counts is not None]
    voters = [tally.voters for tally in tallies if tally.voters is not None]
    return NativeCount(
        network=network,
        counts=tuple(map(sum, zip(*known, strict=True))) if known else None,
        voters=sum(voters) if len(voters) == len(tallies) else None,
        final=all(tally.final for tally in tallies),
        polls=len(known) or len(tallies),
        untold=len(tallies) - len(known) if known else 0,
    )
