"""How people take part, as others did before them: when they come, how long they stay, whether they come back.

The figures are in ``habits.toml``, computed from public consultations by ``scripts/measure_habits.py``. What no table
tells, such as the part of a town that takes part at all, is in ``sandbox.crowd``.
"""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

SITTING = timedelta(hours=6)  # who is back after a longer pause has come back: so it was counted
TABLE = Path(__file__).parent / "habits.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """``arrivals``, by consultation, is when each equal part of its people had come, in parts of its length.

    ``staying`` is which part of those who begin answers at least so many questions; ``returning`` the part that comes
    back after more than ``SITTING``, ``again`` that answers a question a second time. ``conversations`` is in how many
    the staying was counted.
    """

    arrivals: Mapping[str, tuple[float, ...]]
    staying: Mapping[int, float]
    returning: float
    again: float
    conversations: int

    def arrival(self, dice: random.Random) -> float:
        """When somebody comes, from 0 (at once) to 1 (at the very end): as the people of one of the consultations."""
        quantiles = dice.choice([*self.arrivals.values()])
        place, rest = divmod(dice.random() * (len(quantiles) - 1), 1)
        before, after = quantiles[int(place) : int(place) + 2]
        return before + rest * (after - before)

    def stays(self, question: int) -> float:
        """How probably somebody who answered the question before answers this one (the second is 2) as well."""
        return self._left_at(question) / self._left_at(question - 1)

    def _left_at(self, question: int) -> float:
        """Which part answers at least so many, between the counted numbers along a line; after the last as there."""
        known = [(1, 1.0), *sorted(self.staying.items())]
        for (few, most), (many, least) in pairwise(known):
            if question <= many:
                return most + (least - most) * (question - few) / (many - few)
        return known[-1][1]


def measured(table: Path = TABLE) -> Habits:
    """Those of the table. Blocks."""
    found = tomllib.loads(table.read_text(encoding="utf-8"))
    return Habits(
        arrivals={name: tuple(parts) for name, parts in found["arrivals"].items()},
        staying={int(number): share for number, share in found["staying"].items()},
        returning=found["returning"],
        again=found["again"],
        conversations=found["conversations"],
    )
