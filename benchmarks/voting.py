"""What the benchmarks of voting through a network share: contenders against a server, CPU for a vote, waits."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.arguments import wanted
from benchmarks.machine import versions
from benchmarks.presses import Load, server
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Measures, Race, Role, apart, race

Work = Callable[[str, Load, str], Measures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One bot that votes are pressed at."""

    name: str
    what: str
    role: Role
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """The most CPU that one may take for each vote, as a part of what another takes; without ``part`` only told."""

    mine: str = "parvis"
    theirs: str
    part: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voting:
    """Votes through one network. ``package`` holds its server; ``longest_wait`` is for 99 citizens of 100, in s."""

    package: str
    what: str
    sizes: Mapping[str, int]
    distributions: tuple[str, ...]
    rivals: tuple[Rival, ...]
    costs: tuple[Most, ...]
    longest_wait: int
    notes: tuple[str, ...]

    def measure(self, given: Sequence[str] | None = None) -> None:
        """Measure, print, keep."""
        asked = wanted(self.package, self.what, rounds=3, sizes=self.sizes, given=given)
        load = Load(**asked.sizes)
        found = race([self._contender(rival, load) for rival in self.rivals], rounds=asked.rounds)
        report = Report(
            name=self.package.replace("_", "-"),
            what=self.what,
            race=found,
            aims=self._aims(found),
            settings=asked.sizes,
            versions=versions(*self.distributions),
            notes=self.notes,
        )
        asked.finish(report)

    def _contender(self, rival: Rival, load: Load) -> Contender:
        def run(_: object) -> Measures:
            with (
                server(f"benchmarks.{self.package}.server") as url,
                tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as folder,
            ):
                return apart(rival.work, url, load, folder)

        return Contender(name=rival.name, what=rival.what, role=rival.role, run=run)

    def _aims(self, found: Race) -> tuple[Aim, ...]:
        cpu = [
            Aim(
                what=f"CPU: {most.mine} / {most.theirs}",
                ratios=found.ratios(most.mine, most.theirs, "CPU µs/vote"),
                bound=most.part,
                at_least=False,
            )
            for most in self.costs
        ]
        waits = [wait / (self.longest_wait * 1000) for wait in found.all("parvis", "p99 ms")]
        return (*cpu, Aim(what=f"p99 wait of parvis / {self.longest_wait} s", ratios=waits, bound=1, at_least=False))
