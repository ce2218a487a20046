"""From a database URL to the dialect that speaks to it."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from core.errors import Finding, Misconfigured
from storage.dialects.base import Dialect
from storage.dialects.postgres import Postgres
from storage.dialects.sqlite import Sqlite

PATIENCE = timedelta(seconds=5)


def dialect_of(url: str, *, patience: timedelta = PATIENCE) -> Dialect:
    """The dialect for ``sqlite:///<file>`` or ``postgresql://…``; ``patience`` is how long to wait for a lock.

    Raises Misconfigured for another URL, a SQLite that is too old, or a file that cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _refused("the database URL cannot be read") from error
    if parsed.get_backend_name() == "postgresql":
        return Postgres(parsed)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise _refused("the database URL must be sqlite:///<file> or postgresql://…")
    dialect = Sqlite(Path(parsed.database), patience=patience)
    dialect.create()
    return dialect


def _refused(problem: str) -> Misconfigured:
    return Misconfigured(Finding(file=Path("config.toml"), line=0, key="database", problem=problem))
