"""Real databases for tests: a SQLite file per test, and one PostgreSQL server per run with a database per worker.

It is emptied before each test. Whatever is made with migrations is made once, before the workers begin, and copied.
Numbers that were given are not given again, not even in an emptied database: those of a test begin anywhere above 0.
"""

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as sqlite
import pytest

from storage.migrations import upgrade
from storage.tables import Row
from tests.contracts import keeper

_EMPTY = "; ".join(f"DELETE FROM {table.name}" for table in reversed(Row.metadata.sorted_tables))  # noqa: S608  our own tables


@dataclass(frozen=True, slots=True)
class Shared:
    """A database that many tests use, one after the other, and how it is emptied."""

    url: str
    empty: Callable[[], object]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make what these tests will copy while there is still one process; a conftest that imports this asks for it."""
    asked_for = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    if any("postgres" in item.nodeid for item in session.items):  # a parameter, by which a fixture asks for it later
        asked_for.add("postgres_server")
    if not session.config.getoption("collectonly"):
        for name in asked_for & _MADE_ONCE.keys():
            _MADE_ONCE[name]()


@cache
def _town() -> Path:
    """A town in which nothing has happened."""
    folder = tempfile.mkdtemp(prefix="parvis-town-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder, "town.db")
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """An empty town, to be copied."""
    return _town()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file of its own."""
    file = shutil.copy(sqlite_template, tmp_path / "town.db")
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def shared_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """One SQLite file for those who empty it before each test."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("shared"))
    with closing(sqlite.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        yield Shared(f"sqlite:///{file}", partial(connection.executescript, f"BEGIN; {_EMPTY}; COMMIT"))


@cache
def _server() -> str:
    """A server whose database «town» is made and never used."""
    url = keeper.url()
    with psycopg.connect(url, autocommit=True) as connection:  # no test cuts the power of this server
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    upgrade(beside(url, "town"))
    return url


def let_go(url: str) -> None:
    """Make the server forget who holds the lock of this database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database here ON here.oid = database"
            " WHERE locktype = 'advisory' AND here.datname = current_database()"
        )


def beside(url: str, name: str, *, like: str = "template1") -> str:
    """The address of another database on that server, which is made anew, empty or like one that nobody uses."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
    return re.sub(r"/\w+\?", f"/{name}?", url)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """A real PostgreSQL, reached over a Unix socket."""
    return _server()


@cache
def _town_of(worker: int) -> str:
    return beside(_server(), f"town_{worker}", like="town")


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: str) -> Iterator[Shared]:  # noqa: ARG001  says that it is asked for
    """A database on that server, of this worker alone."""
    url = _town_of(os.getpid())
    with psycopg.connect(url, autocommit=True) as connection:  # a function, because the server keeps the plans of those
        body = f"BEGIN {_EMPTY}; END"
        connection.execute(f"CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $${body}$$".encode())
        yield Shared(url, partial(connection.execute, b"SELECT pg_temp.empty()"))


@pytest.fixture
def postgres_url(shared_postgres: Shared) -> str:
    """The database of that server, empty."""
    shared_postgres.empty()
    return shared_postgres.url


_MADE_ONCE: dict[str, Callable[[], object]] = {"sqlite_template": _town, "postgres_server": _server}
