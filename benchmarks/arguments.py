"""The command line that all benchmarks share."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.page import renew
from benchmarks.report import RESULTS, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for."""

    rounds: int
    sizes: Mapping[str, int]
    out: Path
    save: bool
    paths: Mapping[str, tuple[Path, ...]]

    def finish(self, report: Report) -> None:
        """Show the report, and keep it unless asked not to; in its usual place, the page follows."""
        report.show()
        if not self.save:
            return
        kept = self.out / f"{report.name}.md"
        before = kept.read_text(encoding="utf-8") if kept.exists() else ""
        report.save(self.out)
        if self.out == RESULTS:
            renew(report.name, before, kept.read_text(encoding="utf-8"))


def wanted(
    name: str,
    what: str,
    *,
    rounds: int,
    sizes: Mapping[str, int],
    given: Sequence[str] | None,
    paths: Sequence[str] = (),
) -> Wanted:
    """Read the command line; ``sizes`` names the sizes and what they are unless told otherwise.

    ``paths`` are options that name files or folders, none unless told otherwise.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=what)
    parser.add_argument("--rounds", type=int, default=rounds)
    for size, usual in sizes.items():
        parser.add_argument(f"--{size}", type=int, default=usual, help=f"usually {usual:,}")
    for path in paths:
        parser.add_argument(f"--{path}", type=Path, nargs="+", default=[], metavar="PATH")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    parser.add_argument("--no-save", action="store_true", help="only print")
    chosen = parser.parse_args(given)
    found = {size: getattr(chosen, size.replace("-", "_")) for size in sizes}
    places = {path: tuple(getattr(chosen, path)) for path in paths}
    return Wanted(rounds=chosen.rounds, sizes=found, out=chosen.out, save=not chosen.no_save, paths=places)
