"""A race told: as a table in the terminal, as Markdown for people, as JSON for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.machine import commit, machine
from benchmarks.rounds import Aim, Race

RESULTS = Path(__file__).parent / "results"
_ASKED = 100  # from here on a number is told without decimals
_RATIOS = "Ratios (median of the rounds)"
_VERDICTS = {None: "", True: "reached", False: "missed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a benchmark found. ``settings`` are the sizes it ran with, ``notes`` what a reader must know."""

    name: str
    what: str
    race: Race
    aims: Sequence[Aim]
    settings: Mapping[str, int]
    versions: Mapping[str, str]
    notes: Sequence[str] = ()

    def show(self) -> None:
        """Print the tables."""
        console = Console()
        headings, rows = self._grid()
        console.print(_table(self.what, headings, rows))
        if self.aims:
            console.print(_table(_RATIOS, *_told(self.aims)))
        for line in self._facts():
            console.print(line, highlight=False)

    def save(self, folder: Path = RESULTS) -> None:
        """Write ``<name>.json`` and ``<name>.md``."""
        folder.mkdir(parents=True, exist_ok=True)
        whole = json.dumps(self._values(), indent=1, ensure_ascii=False)
        (folder / f"{self.name}.json").write_text(whole + "\n", encoding="utf-8")
        (folder / f"{self.name}.md").write_text(self._markdown(), encoding="utf-8")

    def _measures(self) -> list[str]:
        found: dict[str, None] = {}
        for contender in self.race.contenders:
            found |= dict.fromkeys(self.race.measures(contender.name))
        return list(found)

    def _grid(self) -> tuple[list[str], list[list[str]]]:
        measures = self._measures()
        rows = [
            [each.role.value, each.name, *(self._cell(each.name, measure) for measure in measures)]
            for each in self.race.contenders
        ]
        return ["", "contender", *measures], rows

    def _cell(self, name: str, measure: str) -> str:
        return number(self.race.median(name, measure)) if measure in self.race.measures(name) else ""

    def _facts(self) -> list[str]:
        sizes = ", ".join(f"{name} {value:,}" for name, value in self.settings.items())
        return [
            *(f"«{each.name}»: {each.what}." for each in self.race.contenders if each.what),
            *self.notes,
            f"Sizes: {sizes}; {len(self.race.rounds)} rounds, medians.",
            "Versions: " + ", ".join(f"{name} {value}" for name, value in self.versions.items()) + ".",
            f"Machine: {machine()}.",
            f"Measured {datetime.now(UTC):%Y-%m-%d} at commit {commit() or 'unknown'}.",
        ]

    def _markdown(self) -> str:
        parts = [f"# {self.what}", _pipes(*self._grid())]
        if self.aims:
            parts += [f"{_RATIOS}:", _pipes(*_told(self.aims))]
        return "\n\n".join([*parts, "\n".join(f"- {fact}" for fact in self._facts())]) + "\n"

    def _values(self) -> dict[str, object]:
        return {
            "name": self.name,
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "commit": commit(),
            "machine": machine(),
            "versions": dict(self.versions),
            "settings": dict(self.settings),
            "aims": [
                {"what": aim.what, "value": aim.value, "rounds": aim.ratios, "bound": aim.bound, "reached": aim.reached}
                for aim in self.aims
            ],
            "contenders": {
                each.name: {
                    "role": each.role,
                    "what": each.what,
                    "rounds": [dict(measured[each.name]) for measured in self.race.rounds],
                }
                for each in self.race.contenders
            },
            "notes": list(self.notes),
        }


def number(value: float) -> str:
    """A number with about three significant digits, thousands apart."""
    if abs(value) >= _ASKED:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _ASKED / 10 else f"{value:.2f}"


def _told(aims: Iterable[Aim]) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            aim.what,
            number(aim.value),
            f"{number(min(aim.ratios))} to {number(max(aim.ratios))}",
            "" if aim.bound is None else f"{'at least' if aim.at_least else 'at most'} {number(aim.bound)}",
            _VERDICTS[aim.reached],
        ]
        for aim in aims
    ]
    return ["ratio", "measured", "rounds", "aim", ""], rows


def _table(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for rank, heading in enumerate(headings):
        table.add_column(heading, justify="left" if rank < 2 else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _pipes(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
