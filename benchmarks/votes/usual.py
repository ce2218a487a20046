"""The usual way: a handler that gets a row, sets it and commits, for each vote, by the same SQLModel classes."""

import asyncio
import time
from collections.abc import Callable

from pysqlite3 import dbapi2
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from benchmarks.rounds import Measures, percentiles
from benchmarks.votes.town import Prepared
from storage.tables import BallotRow, IntakeRow

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")
Row = tuple[str, bytes, str, int, str]


def one_by_one(town: Prepared) -> Measures:
    """One handler after the other in one thread: nobody waits for a lock."""
    engine = usual_engine(town.url)
    waits: list[float] = []
    began, cpu = time.perf_counter(), time.process_time()
    for row in town.rows:
        asked = time.perf_counter()
        _vote(engine, row)
        waits.append(time.perf_counter() - asked)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    engine.dispose()
    return _told(town, waits, wall, cpu)


def side_by_side(town: Prepared, clients: int) -> Measures:
    """Handlers of so many clients at a time, in the threads that asyncio gives them."""
    return asyncio.run(_crowd(town, clients))


async def _crowd(town: Prepared, clients: int) -> Measures:
    engine = usual_engine(town.url)
    waiting = iter(town.rows)
    waits: list[float] = []

    async def client() -> None:
        for row in waiting:
            asked = time.perf_counter()
            await asyncio.to_thread(_vote_again, engine, row)
            waits.append(time.perf_counter() - asked)

    began, cpu = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    engine.dispose()
    return _told(town, waits, wall, cpu)


def _vote_again(engine: Engine, row: Row) -> None:
    """Two first votes of one citizen at a time collide on PostgreSQL: the second is made again."""
    try:
        _vote(engine, row)
    except IntegrityError:
        _vote(engine, row)


def _vote(engine: Engine, row: Row) -> None:
    poll, voter, options, order, via = row
    with Session(engine) as session:
        ballot = session.get(BallotRow, (poll, voter))
        if ballot is None:
            session.add(BallotRow(poll=poll, voter=voter, options=options, order=order, via=via))
        else:
            ballot.options, ballot.order = options, order
        session.delete(session.get(IntakeRow, order))
        session.commit()


def usual_engine(url: str) -> Engine:
    """An engine as documented, with the durability of the store."""
    if not url.startswith("sqlite"):
        return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    engine = create_engine(url, module=dbapi2, connect_args={"check_same_thread": False, "timeout": 60})

    @event.listens_for(engine, "connect")
    def prepare(connection: dbapi2.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: object) -> None:
        execute: Callable[[str], object] = connection.exec_driver_sql  # type: ignore[attr-defined]  # SQLAlchemy's
        execute("BEGIN IMMEDIATE")

    return engine


def _told(town: Prepared, waits: list[float], wall: float, cpu: float) -> Measures:
    size = len(town.votes)
    return {"votes/s": size / wall, **percentiles(waits), "CPU µs/vote": cpu / size * 1e6, "votes/commit": 1.0}
