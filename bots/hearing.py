"""From a stored update to what it says, each alone: one that cannot be read takes nothing else with it."""

from dataclasses import dataclass

from bots.ballots import Ask
from bots.inbound import guarded, reason
from bots.router import vote_asked
from core.events import Incoming, Received
from core.ports.books.inbox import Intake
from core.ports.platform import Listener


@dataclass(frozen=True, slots=True)
class Ballot:
    """An update that is an act of voting."""

    intake: Intake
    ask: Ask


@dataclass(frozen=True, slots=True)
class Heard:
    """Any other update. ``events`` is empty when it says nothing to us."""

    intake: Intake
    events: tuple[Incoming, ...]


@dataclass(frozen=True, slots=True)
class Unheard:
    """An update that nobody can read."""

    intake: Intake
    why: str


def hear(listener: Listener, intake: Intake) -> Ballot | Heard | Unheard:
    """What an update says."""
    received = Received(account=intake.account, order=intake.id, at=intake.at)
    events: tuple[Incoming, ...] = ()
    with guarded() as guard:
        events = listener.understand(intake.body, received)
    if guard.failure is not None:
        return Unheard(intake, reason(guard.failure))
    ask = vote_asked(events[0]) if len(events) == 1 else None
    return Heard(intake, events) if ask is None else Ballot(intake, ask)
