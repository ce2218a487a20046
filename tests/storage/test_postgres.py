"""What is particular to PostgreSQL: rows have places and ages that would tell who voted when."""

import asyncio

import psycopg
import pytest
from sqlalchemy import make_url

from core.errors import StorageError
from core.poll import Choose
from storage.dialects.postgres import Postgres
from storage.store import SqlStore
from tests.contracts.databases import beside
from tests.contracts.doings import opened
from tests.core.examples import BRIDGE, NOON, poll, vote


def _look(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(question.encode()).fetchall()


async def test_the_place_of_a_closed_ballot_tells_nothing(postgres_url: str) -> None:
    """Rows stand in the order of the pseudonyms, all of one transaction: not in the order people came."""
    store = await SqlStore.open(postgres_url)
    await opened(store, poll())
    for order, voter in enumerate((9, 3, 7, 1, 5), start=1):
        await store.cast([vote(Choose(0), order=order, voter=bytes([voter]) * 16)])

    await store.write(lambda books: books.polls.close(BRIDGE, at=NOON))

    found = await asyncio.to_thread(_look, postgres_url, "SELECT voter, xmin::text FROM ballots ORDER BY ctid")
    assert [voter for voter, _ in found] == [bytes([voter]) * 16 for voter in (1, 3, 5, 7, 9)]
    assert len({age for _, age in found}) == 1
    await store.close()


@pytest.mark.parametrize(
    "theirs",
    ["options=-c%20lock_timeout%3D7s%20-c%20timezone%3DEurope/Paris", "options=-c%20lock_timeout%3D7s&options="],
    ids=["once", "twice"],
)
def test_the_options_of_the_operators_address_stand_beside_ours(postgres_url: str, theirs: str) -> None:
    """Their server may need them; but an answered vote is on the disk, whatever they say."""
    url = make_url(f"{postgres_url}&{theirs}&connect_timeout=3").set(drivername="postgresql+psycopg")
    engine = Postgres(url).reader()

    with engine.connect() as connection:
        shown = ("lock_timeout", "timezone", "synchronous_commit")
        settings = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in shown]
        driver = connection.connection.driver_connection
        assert driver is not None
        patience = driver.info.get_parameters()["connect_timeout"]

    assert (settings, patience) == (["7s", "UTC", "on"], "3")


async def test_housekeeping_clears_the_rows_people_passed_through(postgres_url: str) -> None:
    """A deleted row stays on the disk until it is vacuumed."""
    store = await SqlStore.open(postgres_url)
    await opened(store, poll())
    await store.cast([vote(Choose(n % 3), order=n + 1) for n in range(50)])
    await store.cast([vote(Choose(1), order=60)])

    await store.housekeep()

    question = "SELECT vacuum_count FROM pg_stat_all_tables WHERE relname IN ('inbox', 'ballots', 'quarantine')"
    assert all(count for (count,) in await asyncio.to_thread(_look, postgres_url, question))
    await store.close()


def test_a_writer_that_freezes_in_the_middle_of_its_turn_loses_it(postgres_url: str) -> None:
    """Otherwise one stopped process would stop the writing of all; whoever copies a town takes the time it needs."""
    database = Postgres(make_url(postgres_url).set(drivername="postgresql+psycopg"))

    limits = []
    for patient in (False, True):
        with database.writer(patient=patient).connect() as connection:
            limits.append(connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar())

    assert limits == ["5s", "0"]


async def test_trouble_is_over_once_something_is_written(
    postgres_server: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that takes questions alone is not back: its disk may be full."""
    caplog.set_level("INFO", "parvis.storage")
    url = await asyncio.to_thread(beside, postgres_server, "cut_off", like="town")
    store = await SqlStore.open(url)
    await store.write(lambda books: books.town.set_fact("told", "once"))
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    await asyncio.to_thread(_look, url, f"{everybody} AND pid <> pg_backend_pid()")

    with pytest.raises(StorageError):
        await store.write(lambda books: books.town.set_fact("told", "twice"))
    await store.write(lambda books: books.town.fact("told"))
    told = [record.message for record in caplog.records]
    await store.write(lambda books: books.town.set_fact("told", "twice"))

    assert (told, caplog.messages) == (["database_lost"], ["database_lost", "database_back"])
    await store.close()
