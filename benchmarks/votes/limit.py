"""The database alone: what our writer does to it, with its pragmas and as many rows in a commit, and nothing else.

No client waits, no vote is judged: what comes out is known before. A commit writes one ballot of a voter, the latest,
as our writer does. SQLite is driven by apsw, the thinnest wrapper
there is, at the same SQLite version as the store, with ``executemany`` where rows change: there it is the fastest.
PostgreSQL is driven by psycopg.
"""

import gc
import json
import time
from collections.abc import Callable, Iterable, Sequence

import apsw
import psycopg

from benchmarks.rounds import Measures, percentiles
from benchmarks.votes.town import POLL, Prepared, Rows

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "mmap_size=0",
    "temp_store=MEMORY",
)
_BALLOTS = (
    'SELECT poll, voter, options, "order", via FROM json_each(?) AS named'
    " CROSS JOIN ballots WHERE poll = ? AND voter = unhex(named.value)"
)
_UPSERT = (
    'INSERT INTO ballots (poll, voter, options, "order", via) VALUES (?, ?, ?, ?, ?)'
    ' ON CONFLICT (poll, voter) DO UPDATE SET options = excluded.options, "order" = excluded."order",'
    ' via = excluded.via WHERE excluded."order" > ballots."order"'
)
_UPSERT_ALL = (
    'INSERT INTO ballots (poll, voter, options, "order", via)'
    " SELECT * FROM unnest(%s::text[], %s::bytea[], %s::text[], %s::bigint[], %s::text[])"
    ' ON CONFLICT (poll, voter) DO UPDATE SET options = excluded.options, "order" = excluded."order",'
    ' via = excluded.via WHERE excluded."order" > ballots."order"'
)


def sqlite_limit(town: Prepared, together: int) -> Measures:
    """Commit the votes on SQLite by so many; a commit's latency counts for the votes in it."""
    connection = opened(town.url)
    return _measured(town.rows, together, lambda rows: _commit(connection, rows))


def postgres_limit(town: Prepared, together: int) -> Measures:
    """The same on PostgreSQL."""
    with psycopg.connect(town.url, autocommit=True, options="-c synchronous_commit=on") as connection:
        return _measured(town.rows, together, lambda rows: _commit_all(connection, rows))


def opened(url: str) -> apsw.Connection:
    """A connection with the pragmas of our writer."""
    connection = apsw.Connection(url.removeprefix("sqlite:///"))
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _measured(rows: Rows, together: int, commit: Callable[[Rows], None]) -> Measures:
    waits: list[float] = []
    gc.collect()
    gc.freeze()  # what was prepared is nobody's burden
    began, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(rows), together):
        asked = time.perf_counter()
        commit(rows[start : start + together])
        waits.append(time.perf_counter() - asked)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {
        "votes/s": len(rows) / wall,
        **percentiles(waits),
        "CPU µs/vote": cpu / len(rows) * 1e6,
        "votes/commit": len(rows) / len(waits),
    }


def _commit(connection: apsw.Connection, rows: Rows) -> None:
    latest = {row[1]: row for row in rows}
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("SAVEPOINT wish")
    _all(connection.execute("SELECT body, state FROM polls WHERE id IN (?)", (POLL,)))
    _all(connection.execute(_BALLOTS, (json.dumps([voter.hex() for voter in latest]), POLL)))
    connection.executemany(_UPSERT, latest.values())
    connection.executemany("DELETE FROM inbox WHERE id = ?", [(row[3],) for row in rows])
    connection.execute("RELEASE SAVEPOINT wish")
    connection.execute("COMMIT")


def _commit_all(connection: psycopg.Connection, rows: Rows) -> None:
    latest = {row[1]: row for row in rows}
    connection.execute("BEGIN")
    connection.execute("SELECT pg_advisory_xact_lock(1)")
    connection.execute("SAVEPOINT wish")
    connection.execute("SELECT body, state FROM polls WHERE id = %s", (POLL,)).fetchall()
    look_up = 'SELECT poll, voter, options, "order", via FROM ballots WHERE poll = %s AND voter = ANY(%s::bytea[])'
    connection.execute(look_up, (POLL, list(latest))).fetchall()
    connection.execute(_UPSERT_ALL, tuple(map(list, zip(*latest.values(), strict=True))))
    connection.execute("DELETE FROM inbox WHERE id = ANY(%s::bigint[])", ([row[3] for row in rows],))
    connection.execute("RELEASE SAVEPOINT wish")
    connection.execute("COMMIT")


def _all(found: Iterable[object]) -> Sequence[object]:
    return tuple(found)
