"""What each role does of the town's work: which lanes a process may run, and which ticks beat in it."""

from collections.abc import Iterable

from core.identifiers import LaneName
from core.ports.engine import Role
from scheduler import Tick

_LISTENS = "listen:"


def runs(role: Role, lane: LaneName) -> bool:
    """Whether a process of this role runs this lane when its turn comes."""
    hears = lane.startswith(_LISTENS)
    return role is Role.ALL or role is (Role.GATEWAY if hears else Role.WORKER)


def plans(role: Role) -> bool:
    """Whether it plans what is due, and forgets in time."""
    return role in {Role.CLOCK, Role.ALL}


def beats(role: Role, ticks: Iterable[tuple[Role, Tick]]) -> tuple[Tick, ...]:
    """The ticks of a role; those of ``Role.ALL`` beat everywhere."""
    return tuple(tick for whose, tick in ticks if role is Role.ALL or whose in {role, Role.ALL})
