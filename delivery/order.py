"""What should be done about one target, given how it stands: pure, so that every case can be tried.

A *target* is a person in a chat, or a chat, and one kind of sanction. What should be is the one that lasts longest of
those in force; where none is, what we put up is let go of, and nothing else:

| should be | is                                   | done                                                       |
|-----------|--------------------------------------|------------------------------------------------------------|
| yes       | as it should be                      | nothing                                                    |
| yes       | not, or not long enough              | put up, and put up again when half its time is over        |
| yes       | as it should be, by an older of ours | put up anew: its own end would come too early              |
| yes       | of somebody who runs the place       | nothing, and the sanction ends                             |
| yes       | a mute of somebody who is banned     | nothing: some networks would let them in                   |
| no        | ours                                 | let go of                                                  |
| no        | somebody else's, or longer than ours | nothing, unless a moderator said to lift it                |
| no        | not                                  | nothing                                                    |
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from core.ports.moderator import Hold, Standing
from core.sanction import Sanction, SanctionKind, SanctionState, wanted

CHECKED_EVERY = timedelta(minutes=15)  # what stands is compared again: hands and returns are found by then
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
CLOSE = timedelta(minutes=1)  # networks round


class Step(Enum):
    """What a moderator is to do."""

    NOTHING = auto()
    IMPOSE = auto()
    LIFT = auto()
    SPARE = auto()  # out of reach by right: the sanctions end


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """All sanctions of one kind against one person in one chat, or about one chat, that live."""

    kind: SanctionKind
    sanctions: tuple[Sanction, ...]

    def wanted(self, at: datetime) -> Sanction | None:
        """What should be."""
        return wanted(self.sanctions, self.kind, at)

    @property
    def is_ours(self) -> bool:
        """Whether the network was told by us."""
        return any(each.ours for each in self.sanctions)

    @property
    def before(self) -> str:
        """How the chat was set up before the first of ours."""
        return next((each.before for each in self.sanctions if each.before), "")

    @property
    def is_lifted(self) -> bool:
        """Whether a moderator said to let go."""
        return any(each.state is SanctionState.ENDING for each in self.sanctions)


def next_step(target: Target, standing: Standing, at: datetime, *, longest: timedelta | None = None) -> Step:
    """What to do. ``longest`` is how long the network keeps it up at most."""
    hold = _held(standing, target.kind, at)
    should = target.wanted(at)
    if should is None:
        return Step.LIFT if hold is not None and _is_to_be_lifted(target, hold, longest) else Step.NOTHING
    if standing.immune:
        return Step.SPARE
    if target.kind is SanctionKind.MUTE and _held(standing, SanctionKind.BAN, at) is not None:
        return Step.NOTHING
    told_anew = not should.ours and (target.is_ours or (hold is not None and hold.ours is True))
    if hold is not None and _lasts(hold, should, at, longest) and not told_anew:
        return Step.NOTHING
    return Step.IMPOSE


def settled(sanction: Sanction, at: datetime, *, ours: bool) -> Sanction:
    """The sanction once the network is as it should be; one that is over has ended. ``ours``: what is kept up there."""
    calm = replace(sanction, failures=0, failing_since=None, trouble="")
    if not sanction.is_in_force(at):
        return replace(calm, state=SanctionState.ENDED, ended_at=sanction.ended_at or sanction.until or at, ours=False)
    again = at + CHECKED_EVERY
    return replace(calm, ours=ours, look_at=again if sanction.until is None else min(again, sanction.until))


def failed(sanction: Sanction, at: datetime, why: str, *, wait: timedelta | None = None) -> Sanction:
    """The sanction after a try that failed; tried again later and later. ``wait`` is what the network asked for."""
    pause = min(FIRST_PAUSE * 2 ** min(sanction.failures, 10), LONGEST_PAUSE)
    return replace(
        sanction,
        failures=sanction.failures + 1,
        failing_since=sanction.failing_since or at,
        trouble=why,
        look_at=at + max(pause, wait or pause),
    )


def _held(standing: Standing, kind: SanctionKind, at: datetime) -> Hold | None:
    """What is kept up now; some networks show what is over until the next."""
    hold = standing.holds.get(kind)
    return None if hold is None or (hold.until is not None and hold.until <= at) else hold


def _lasts(hold: Hold, should: Sanction, at: datetime, longest: timedelta | None) -> bool:
    if hold.pause != should.pause:
        return False
    if hold.until is None:
        return True
    if should.until is not None and hold.until >= should.until - CLOSE:
        return True
    return longest is not None and hold.until - at >= longest / 2


def _is_to_be_lifted(target: Target, hold: Hold, longest: timedelta | None) -> bool:
    if target.is_lifted:
        return True
    if hold.ours is not None:
        return hold.ours
    return target.is_ours and not _is_longer(target, hold, longest)


def _is_longer(target: Target, hold: Hold, longest: timedelta | None) -> bool:
    """Whether somebody else made it longer than ours, where the network would have ended ours by itself."""
    if longest is None:
        return False
    ends = max((each.until for each in target.sanctions if each.until is not None), default=None)
    return ends is not None and (hold.until is None or hold.until > ends + CLOSE)
