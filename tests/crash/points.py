"""Where processes are killed, as data: a point of the vote path or of the delivery path, and for the how-manieth time.

Every network has the boundaries of the story; what it can do of its own (know a repeated call, forget it again) adds
some. A ``lost`` call is done and its answer never comes: nobody dies of it.

The writer's thread lingers before it dies at a ``commit:before``: what must wait for the commit then has every
opportunity not to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tests.crash.networks import DISCORD, GOTOSOCIAL, MASTODON, NETWORKS, TELEGRAM, Network
from tests.crash.traps import Trap

LINGER = 0.25  # seconds
HASTE = 5.0  # seconds of the story in one of ours, where only pauses and the counts of a network are waited for


class Chapter(StrEnum):
    """The part of the story in which the process dies."""

    OPENING = "opening"
    CLOSING = "closing"


class Twist(StrEnum):
    """What has happened by the time the next process begins; FORGOTTEN: nothing is recognised any more."""

    NONE = "none"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place to die; ``then`` is where the next process dies too. ``public``: the network's own poll asks."""

    network: Network
    chapter: Chapter
    trap: Trap
    then: Trap | None = None
    twist: Twist = Twist.NONE
    public: bool = False

    @property
    def name(self) -> str:
        """One word for a command line."""
        then = f"+{self.then.point}#{self.then.nth}" if self.then else ""
        twist = f"/{self.twist.value}" if self.twist is not Twist.NONE else ""
        public = "/public" if self.public else ""
        return f"{self.network.name}{public}/{self.chapter.value}/{self.trap.point}#{self.trap.nth}{then}{twist}"

    @property
    def is_lost(self) -> bool:
        """Whether only an answer is lost, and nobody dies."""
        return self.trap.point.endswith(":lost")


def trap(point: str, nth: int = 1) -> Trap:
    """A deadly one."""
    return Trap(point=point, nth=nth, linger=LINGER if point.endswith("commit:before") else 0.0)


Table = Mapping[tuple[str, tuple[str, ...]], int]

_CALL = ("before", "flight", "after")
_TRANSACTION = ("statement", "commit:before", "commit:after")
_OPENING: Table = {
    ("open", _CALL): 1,
    ("key", ("before", "after")): 1,
    ("plan", _TRANSACTION): 1,
    ("claim", _TRANSACTION): 2,
    ("send", _CALL): 2,
    ("receipt", _TRANSACTION): 2,
    ("fetch", _CALL): 2,
    ("take_in", _TRANSACTION): 2,
    ("cast", _TRANSACTION): 2,
    ("toast", _CALL): 3,
}
_CLOSING: Table = {
    ("close_poll", _TRANSACTION): 1,
    ("plan", _TRANSACTION): 1,
    ("claim", _TRANSACTION): 2,
    ("send", _CALL): 2,
    ("receipt", _TRANSACTION): 2,
    ("edit", _CALL): 2,
    ("shown", _TRANSACTION): 2,
}
_PUBLIC_OPENING: Table = {
    ("claim", _TRANSACTION): 1,
    ("send", (*_CALL, "lost")): 2,
    ("receipt", _TRANSACTION): 2,
    ("tally", ("before", "after")): 1,
    ("see", _TRANSACTION): 1,
}
_PUBLIC_CLOSING: Table = {
    ("close_poll", _TRANSACTION): 1,
    ("end", (*_CALL, "lost")): 2,
    ("see", _TRANSACTION): 2,
    ("plan", _TRANSACTION): 1,
    ("receipt", _TRANSACTION): 1,
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
_OF_BOTH_PATHS = (  # in one story that of a delivery, then that of a vote
    ("telegram", "plan:statement#1", "fetch:after#1"),
    ("telegram", "send:flight#2", "toast:after#2"),
    ("telegram", "send:after#1", "take_in:commit:after#1"),
    ("telegram", "receipt:commit:before#2", "cast:commit:before#1"),
    ("discord", "open:after#1", "toast:before#1"),
    ("discord", "send:flight#2", "cast:commit:before#1"),
    ("discord", "send:after#1", "take_in:commit:before#1"),
    ("mastodon", "key:after#1", "cast:commit:before#1"),
    ("mastodon", "send:after#1", "take_in:commit:before#1"),
)
_BEFORE_A_TWIST = (
    ("plan:commit:after", 1), ("claim:statement", 1), ("claim:commit:before", 2), ("claim:commit:after", 2),
    ("send:before", 1), ("send:after", 2), ("receipt:commit:before", 1), ("receipt:commit:after", 1),
)  # fmt: skip
_IN_DOUBT = (
    (Twist.FORGOTTEN, "send:after", None),
    (Twist.FORGOTTEN, "send:flight", None),
    (Twist.FORGOTTEN, "send:after", "claim:commit:after"),
    (Twist.FORGOTTEN, "send:after", "sweep:commit:after"),
    (Twist.TOO_LATE, "send:after", None),
)
# Telegram tells totals by itself, and its poll ends at its hour; on Mastodon nobody can end one: how it stands is read.
_UNASKED = {
    "telegram": ("tally:before", "tally:after", "end:lost"),
    "mastodon": ("end:flight", "end:lost"),
    "gotosocial": ("end:flight", "end:lost"),
}
_UNHEARD = frozenset({"fetch:flight"})  # on Discord events come by themselves
_FAST = frozenset({
    "telegram/public/closing/see:commit:before#1", "telegram/opening/send:after#1+sweep:commit:before#1",
    "telegram/opening/claim:statement#1/cancelled", "telegram/opening/plan:commit:after#1/too_late",
    "telegram/closing/close_poll:commit:after#1",
    "discord/public/closing/end:after#1", "discord/closing/edit:after#1",
    "discord/opening/send:after#1+sweep:commit:after#1/forgotten",
    "mastodon/closing/receipt:commit:before#1", "mastodon/opening/send:after#1/too_late",
    "gotosocial/opening/send:after#1", "gotosocial/opening/send:lost#2",
    *(f"{network}/opening/{first}+{second}" for network, first, second in _OF_BOTH_PATHS),
})  # fmt: skip


def _places(table: Table) -> Iterator[tuple[str, int]]:
    for (name, phases), times in table.items():
        yield from ((f"{name}:{phase}", nth) for phase in phases for nth in range(1, times + 1))


def _every(network: Network) -> Iterator[Point]:
    for chapter, table in ((Chapter.OPENING, _OPENING), (Chapter.CLOSING, _CLOSING)):
        for place, nth in _places(table):
            yield Point(network=network, chapter=chapter, trap=trap(place, nth))
    for first, second in _TWICE:
        yield Point(network=network, chapter=Chapter.OPENING, trap=trap(first), then=trap(second))
    for twist in (Twist.CANCELLED, Twist.TOO_LATE):
        for name, nth in _BEFORE_A_TWIST:
            yield Point(network=network, chapter=Chapter.OPENING, trap=trap(name, nth), twist=twist)
    for nth in (1, 2):
        yield Point(network=network, chapter=Chapter.OPENING, trap=trap("send:lost", nth))


def _public(network: Network) -> Iterator[Point]:
    """Around the network's own polls: how they go out, are followed, and end."""
    network = replace(network, pace=max(network.pace, HASTE), calls={**network.calls, **network.public_calls})
    for chapter, table in ((Chapter.OPENING, _PUBLIC_OPENING), (Chapter.CLOSING, _PUBLIC_CLOSING)):
        for place, nth in _places(table):
            if place not in _UNASKED.get(network.name, ()):
                yield Point(network=network, chapter=chapter, trap=trap(place, nth), public=True)


def _doubtful(network: Network) -> Iterator[Point]:
    """Deaths in doubt, where a repeated call would be recognised for a while."""
    for twist, first, second in _IN_DOUBT:
        then = trap(second) if second else None
        yield Point(network=network, chapter=Chapter.OPENING, trap=trap(first), then=then, twist=twist)


def _of_both_paths() -> Iterator[Point]:
    for network, *places in _OF_BOTH_PATHS:
        first, second = (trap(place, int(nth)) for place, _, nth in (each.partition("#") for each in places))
        yield Point(network=NETWORKS[network], chapter=Chapter.OPENING, trap=first, then=second)


def _on_all() -> Iterator[Point]:
    yield from _every(TELEGRAM)
    yield from (point for point in _every(DISCORD) if point.trap.point not in _UNHEARD)
    yield from _every(MASTODON)
    yield from (point for point in _every(GOTOSOCIAL) if point.trap.point.startswith(_DELIVERED))
    yield from (point for network in NETWORKS.values() for point in _public(network))
    yield from _of_both_paths()
    yield from (point for network in NETWORKS.values() if network.recognises for point in _doubtful(network))


_DELIVERED = ("send:", "receipt:", "claim:")  # GoToSocial differs from Mastodon in nothing else
ALL = {point.name: point for point in _on_all()}
FAST = tuple(name for name in ALL if name in _FAST)
