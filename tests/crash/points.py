"""Where processes are killed, as data: a point of the vote path or of the delivery path, and for the how-manieth time.

The writer's thread lingers before it dies at a ``commit:before``: what must wait for the commit then has every
opportunity not to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.crash.traps import Trap

LINGER = 0.25  # seconds


class Chapter(StrEnum):
    """The part of the story in which the process dies."""

    OPENING = "opening"
    CLOSING = "closing"


class Twist(StrEnum):
    """What has happened by the time the next process begins."""

    NONE = "none"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place to die; ``then`` is where the next process dies too."""

    chapter: Chapter
    trap: Trap
    then: Trap | None = None
    twist: Twist = Twist.NONE

    @property
    def name(self) -> str:
        """One word for a command line."""
        then = f"+{self.then.point}#{self.then.nth}" if self.then else ""
        twist = f"/{self.twist.value}" if self.twist is not Twist.NONE else ""
        return f"{self.chapter.value}/{self.trap.point}#{self.trap.nth}{then}{twist}"


def trap(point: str, nth: int = 1) -> Trap:
    """A deadly one."""
    return Trap(point=point, nth=nth, linger=LINGER if point.endswith("commit:before") else 0.0)


_CALL = ("before", "flight", "after")
_TRANSACTION = ("statement", "commit:before", "commit:after")
_OPENING = {
    ("open", _CALL): 1,
    ("key", ("before", "after")): 1,
    ("plan", _TRANSACTION): 1,
    ("claim", _TRANSACTION): 3,
    ("send", _CALL): 3,
    ("receipt", _TRANSACTION): 3,
    ("fetch", _CALL): 2,
    ("take_in", _TRANSACTION): 2,
    ("cast", _TRANSACTION): 2,
    ("toast", _CALL): 3,
}
_CLOSING = {
    ("close_poll", _TRANSACTION): 1,
    ("plan", _TRANSACTION): 1,
    ("claim", _TRANSACTION): 3,
    ("send", _CALL): 3,
    ("receipt", _TRANSACTION): 3,
    ("edit", _CALL): 3,
    ("shown", _TRANSACTION): 3,
}
_TWICE = (
    ("claim:commit:after", "sweep:statement"),
    ("send:after", "sweep:commit:before"),
    ("send:flight", "sweep:commit:after"),
    ("receipt:commit:before", "sweep:commit:after"),
    ("take_in:commit:before", "take_in:commit:after"),
    ("take_in:commit:after", "cast:commit:before"),
    ("take_in:commit:after", "cast:commit:after"),
    ("cast:commit:before", "cast:commit:before"),
)
_BEFORE_A_TWIST = (
    ("plan:commit:after", 1), ("claim:statement", 1), ("claim:commit:before", 2), ("claim:commit:after", 2),
    ("send:before", 1), ("send:after", 2), ("receipt:commit:before", 1), ("receipt:commit:after", 1),
)  # fmt: skip
_FAST = frozenset({
    "opening/open:after#1", "opening/key:after#1", "opening/plan:statement#1", "opening/plan:commit:before#1",
    "opening/plan:commit:after#1", "opening/claim:commit:before#1", "opening/claim:commit:after#2",
    "opening/send:before#1", "opening/send:flight#2", "opening/send:after#1", "opening/receipt:statement#1",
    "opening/receipt:commit:before#2", "opening/receipt:commit:after#1", "opening/fetch:after#1",
    "opening/take_in:statement#1", "opening/take_in:commit:before#1", "opening/take_in:commit:after#1",
    "opening/cast:statement#1", "opening/cast:commit:before#1", "opening/cast:commit:after#2",
    "opening/toast:before#1", "opening/toast:after#2", "opening/send:after#1+sweep:commit:before#1",
    "opening/claim:statement#1/cancelled", "opening/plan:commit:after#1/too_late",
    "closing/close_poll:commit:before#1", "closing/close_poll:commit:after#1", "closing/plan:commit:after#1",
    "closing/receipt:commit:before#1", "closing/edit:after#1",
})  # fmt: skip


def _every() -> Iterator[Point]:
    for chapter, table in ((Chapter.OPENING, _OPENING), (Chapter.CLOSING, _CLOSING)):
        for (name, phases), times in table.items():
            for phase in phases:
                for nth in range(1, times + 1):
                    yield Point(chapter=chapter, trap=trap(f"{name}:{phase}", nth))
    for first, second in _TWICE:
        yield Point(chapter=Chapter.OPENING, trap=trap(first), then=trap(second))
    for twist in (Twist.CANCELLED, Twist.TOO_LATE):
        for name, nth in _BEFORE_A_TWIST:
            yield Point(chapter=Chapter.OPENING, trap=trap(name, nth), twist=twist)


ALL = {point.name: point for point in _every()}
FAST = tuple(name for name in ALL if name in _FAST)
