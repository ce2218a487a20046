"""Contenders taking turns, and what is read from it: medians, and ratios within the same round."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from statistics import median
from typing import TypeVar

from rich.progress import track

T = TypeVar("T")
Measures = Mapping[str, float]  # named with their unit: "votes/s", "p99 ms"
Earlier = Mapping[str, Measures]  # what those before in the same round measured


class Role(StrEnum):
    """Why somebody is in the race."""

    OURS = "ours"
    LIMIT = "limit"
    USUAL = "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One way of doing the work. ``run`` is called once a round, right after the contender named in ``after``.

    ``what`` is empty where the name says it all.
    """

    name: str
    what: str
    role: Role
    run: Callable[[Earlier], Measures]
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """What was measured: for each contender one set of measures a round."""

    contenders: tuple[Contender, ...]
    rounds: tuple[Earlier, ...]

    def median(self, name: str, measure: str) -> float:
        """The middle round."""
        return median(self.all(name, measure))

    def all(self, name: str, measure: str) -> list[float]:
        """Every round."""
        return [measured[name][measure] for measured in self.rounds]

    def measures(self, name: str) -> tuple[str, ...]:
        """What is known of a contender."""
        return tuple(self.rounds[0][name])

    def ratios(self, name: str, other: str, measure: str, *, of_other: str = "") -> list[float]:
        """One contender's measure divided by another's, round by round."""
        theirs = self.all(other, of_other or measure)
        return [mine / its for mine, its in zip(self.all(name, measure), theirs, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A ratio, and what was promised of it: that the middle round is at least, or at most, ``bound``.

    Without a bound nothing was promised.
    """

    what: str
    ratios: Sequence[float]
    bound: float | None = None
    at_least: bool = True

    @property
    def value(self) -> float:
        """The middle round."""
        return median(self.ratios)

    @property
    def reached(self) -> bool | None:
        """Whether the promise holds; None when there is none."""
        if self.bound is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def race(contenders: Sequence[Contender], *, rounds: int) -> Race:
    """Let the contenders take turns, in another order each round, whoever is compared with another right after it."""
    measured: list[Earlier] = []
    chance = random.Random(1)
    for _ in track(range(rounds), description=f"{rounds} rounds"):
        now: dict[str, Measures] = {}
        for contender in _ordered(contenders, chance):
            now[contender.name] = contender.run(now)
        measured.append(now)
    return Race(contenders=tuple(contenders), rounds=tuple(measured))


def _ordered(contenders: Sequence[Contender], chance: random.Random) -> Iterator[Contender]:
    for first in chance.sample(contenders, len(contenders)):
        if first.after is None:
            yield first
            yield from (each for each in contenders if each.after == first.name)


def apart(work: Callable[..., T], *given: object) -> T:
    """The answer of a function that ran in a new process: no memory, cache or thread of another run helps or hinders.

    ``work`` and what it is given and gives back must be picklable.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def percentiles(seconds: Sequence[float]) -> Measures:
    """The middle and the hundredth worst of some waits, in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50 ms": ordered[len(ordered) // 2] * 1000,
        "p99 ms": ordered[min(len(ordered) * 99 // 100, len(ordered) - 1)] * 1000,
    }
