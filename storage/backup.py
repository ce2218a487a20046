"""Backups of the database: one SQLite file, whatever database it came from, restored into either kind.

Taken while votes come in, from one consistent view. What only passes through (the inbox, what was set aside) stays out:
it holds accounts in clear. Ballots are copied in the order of their pseudonyms; the order in which they came stays out
too, and is needed no more: all that may compete with them comes later. The keys are not in it: without them
(``storage.key_backup``) the file links no ballot to anyone.

The pictures of started campaigns are in it. Its last line is a digest of the rest (``storage.seal``).

A restored town starts *held*: it was sent things since the backup was taken, which only people can tell.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection, MetaData, Table, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from core.delivery import DeliveryState
from core.errors import Finding, Misconfigured, StorageError
from storage import pictures
from storage.dialects.base import Dialect
from storage.dialects.sqlite import Sqlite
from storage.engine import dialect_of
from storage.files import sync_folder
from storage.lease import instance_lock
from storage.migrations import migrate, upgrade
from storage.schema import HEAD, refused, revision
from storage.seal import seal, unseal
from storage.tables import DeliveryRow, FactRow, Row
from storage.turns import said
from storage.vault import KNOWN_AS

PASSING = frozenset({"inbox", "quarantine"})
_OWN, _FACTS = "alembic_version", "facts"
_UNTOLD: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {"ballots": {"order": 0}}
)  # as if it came before all others
_AT_ONCE = 1000


def backup(url: str, target: Path, *, folder: Path | None = None) -> dict[str, int]:
    """Copy the database, of whatever revision, to a new file, and check the copy. Returns the rows by table. Blocks.

    The pictures of ``folder`` are copied too.
    Raises Misconfigured for a target that exists or a database without tables, StorageError when either end fails.
    """
    if target.exists():
        raise _refused(target, "the file exists: a backup never overwrites")
    dialect = dialect_of(url)
    with _told(), tempfile.TemporaryDirectory(dir=_folder(target), prefix=".backup-") as beside:
        file = Path(beside) / target.name
        counts = _copied_out(dialect, Sqlite(file))
        _verify(file, counts)
        if folder is not None:
            counts[pictures.TABLE] = _with_pictures(file, folder)
        seal(file)
        _finish(file, target)
    return counts


def restore(source: Path, url: str, *, folder: Path | None = None) -> dict[str, int]:
    """Fill an empty database from a backup, of this revision or an older one. Returns the rows by table. Blocks.

    Its pictures go to ``folder``.
    Deliveries that were being sent become uncertain. Raises Misconfigured for a file that is no backup, a database that
    holds a town already or is in use; StorageError when either end fails. Then the database is as it was.
    """
    with _told(), tempfile.TemporaryDirectory(prefix="parvis-restore-") as beside, instance_lock(url):
        file = Path(beside) / "town.db"
        _take_copy(source, file)
        dialect = dialect_of(url)
        with Sqlite(file).reader().connect() as town, dialect.writer().connect() as connection:
            dialect.begin_writing(connection)
            _refuse_a_town(connection, dialect)
            migrate(connection, dialect)
            town.exec_driver_sql("BEGIN")
            counts = _copy(town, connection)
            dialect.set_counters(connection, Sqlite(file).counters(town))
            _hold(connection, source)
            if folder is not None:
                counts[pictures.TABLE] = pictures.unpack(town, folder)
            connection.exec_driver_sql("COMMIT")
    return counts


def _copied_out(dialect: Dialect, copy: Sqlite) -> dict[str, int]:
    copy.create()
    with dialect.reader().connect() as town, copy.writer().connect() as connection:
        town.exec_driver_sql(dialect.begin_reading)
        found = revision(town)
        if found is None or found > HEAD:
            raise refused(dialect, found)
        copy.begin_writing(connection)
        migrate(connection, copy, to=found)
        counts = _copy(town, connection)
        copy.set_counters(connection, dialect.counters(town))
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    return counts


def _copy(source: Connection, target: Connection) -> dict[str, int]:
    theirs, ours = _tables(source), _tables(target)
    return {name: _copy_table(source, table, target, ours[name]) for name, table in theirs.items()}


def _copy_table(source: Connection, theirs: Table, target: Connection, ours: Table) -> int:
    copied = 0
    reading = select(theirs).order_by(*theirs.primary_key).execution_options(yield_per=_AT_ONCE)
    for some in source.execute(reading).mappings().partitions():
        target.execute(ours.insert(), [{**row, **_UNTOLD.get(ours.name, {})} for row in some])
        copied += len(some)
    return copied


def _tables(connection: Connection) -> dict[str, Table]:
    """The tables to copy, those referred to first, as they are in this database: asked of it when not of today."""
    found = Row.metadata
    if revision(connection) != HEAD:
        found = MetaData()
        found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name not in {*PASSING, _OWN, pictures.TABLE}}


def _verify(file: Path, counts: Mapping[str, int]) -> None:
    with Sqlite(file).reader().connect() as copy:
        sound = copy.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        whole = not copy.exec_driver_sql("PRAGMA foreign_key_check").all()
        found = {name: copy.scalar(select(func.count()).select_from(table)) for name, table in _tables(copy).items()}
    if not (sound and whole and found == counts):
        raise StorageError("the copy is not what was read: the backup was not kept")


def _with_pictures(file: Path, folder: Path) -> int:
    with Sqlite(file).writer().connect() as copy:
        taken = pictures.pack(folder, copy)
        copy.exec_driver_sql("PRAGMA journal_mode=DELETE")
    return taken


def _finish(file: Path, target: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    file.rename(target)
    sync_folder(target.parent)


def _take_copy(source: Path, file: Path) -> None:
    """A copy of the backup, sound and of this revision."""
    shutil.copyfile(source, file)
    file.chmod(0o600)
    not_ours = _refused(source, "this is not a backup made by «parvis backup», or it was damaged or changed since")
    if not unseal(file):
        raise not_ours
    try:
        with Sqlite(file).reader().connect() as copy:
            sound = copy.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            found = revision(copy)
    except SQLAlchemyError as error:
        raise not_ours from error
    if not sound or found is None:
        raise not_ours
    upgrade(f"sqlite:///{file}")


def _refuse_a_town(connection: Connection, dialect: Dialect) -> None:
    """Refuse, unless nothing is there but the fingerprint of keys that any first command makes."""
    tables = _tables(connection)
    if _FACTS in tables:
        connection.execute(tables[_FACTS].delete().where(tables[_FACTS].c.name == KNOWN_AS))
    filled = (connection.execute(select(table).limit(1)).first() for table in tables.values())
    if any(row is not None for row in filled):
        raise _refused(dialect.place, "the database holds a town already: restore into an empty one")


def _hold(connection: Connection, source: Path) -> None:
    sending = update(DeliveryRow).where(DeliveryRow.state == DeliveryState.SENDING)  # type: ignore[arg-type]  # a column
    connection.execute(sending.values(state=DeliveryState.UNCERTAIN, lease_until=None, note="restored from a backup"))
    facts = FactRow.metadata.tables[_FACTS]
    connection.execute(facts.delete().where(facts.c.name.in_(("held", "held_since"))))
    held = {"held": f"restored from {source.name}", "held_since": datetime.now(UTC).isoformat()}
    connection.execute(facts.insert(), [{"name": name, "value": value} for name, value in held.items()])


def _folder(target: Path) -> Path:
    if not target.parent.is_dir():
        raise _refused(target, "the folder does not exist")
    return target.parent


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StorageError(said(error)) from error
    except OSError as error:
        raise StorageError(f"{error.filename or 'the backup'}: {error.strerror}") from error


def _refused(file: Path, problem: str) -> Misconfigured:
    return Misconfigured(Finding(file=file, line=0, key="", problem=problem))
