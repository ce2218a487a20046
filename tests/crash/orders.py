"""What a process that is to be killed is told, on its command line."""

import json
from dataclasses import asdict, dataclass

from tests.crash.traps import Effect, Trap


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a victim is told. ``unlocked``: the instance lock is not there, as on two machines with one database.

    ``fenced``: it looks whether its lanes are still its own, as every process does; else what stands behind must hold.
    """

    folder: str
    clock: str
    traps: tuple[Trap, ...] = ()
    unlocked: bool = False
    fenced: bool = True

    def written(self) -> str:
        """For a command line."""
        return json.dumps(asdict(self))


def read(text: str) -> Orders:
    """Orders from a command line."""
    given = json.loads(text)
    given["traps"] = tuple(Trap(**{**trap, "effect": Effect(trap["effect"])}) for trap in given["traps"])
    return Orders(**given)
