"""SQLite: one file, write-ahead log, every commit on the disk before it is reported.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when one connection checkpoints while another writes (the
WAL-reset bug, fixed in 3.51.3 of 2026-03-13): older ones are refused. ``synchronous=NORMAL`` would lose acknowledged
votes on power loss; a deferred transaction that becomes a writer fails at once whatever the time-out: hence FULL and
BEGIN IMMEDIATE. ``secure_delete`` zeroes what is deleted, the truncated log forgets it too.
"""

import json
import os
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2
from sqlalchemy import Connection, Engine, NullPool, QueuePool, Table, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.util import LRUCache

from core.errors import Finding, Misconfigured, StorageError
from core.identifiers import PlatformName, VoterKey
from storage.dialects.base import Found
from storage.voting import Kept, Options, written

OLDEST = (3, 51, 3)
_IOERR = 10  # the primary result code SQLITE_IOERR; the higher byte says which operation
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA temp_store=MEMORY",
)
# Many rows go in as one JSON text and one step: pysqlite3 gives the interpreter's lock away at each step, and a busy
# event loop may keep it for milliseconds each time. CROSS JOIN and BETWEEN keep the planner from reading whole tables
# when its statistics are of a quieter hour.
_BALLOTS = (
    'SELECT voter, options, "order", via FROM json_each(?) AS named'
    " CROSS JOIN ballots WHERE poll = ? AND voter = unhex(named.value)"
)
_UPSERT = (
    'INSERT INTO ballots (poll, voter, options, "order", via)'
    " SELECT ?, unhex(key), ?, value, ? FROM json_each(?) WHERE true"
    " ON CONFLICT (poll, voter) DO UPDATE SET"
    ' options = excluded.options, "order" = excluded."order", via = excluded.via'
    ' WHERE excluded."order" > ballots."order"'
)
_FORGET_ALL = "DELETE FROM inbox WHERE id BETWEEN ? AND ?"
_FORGET = "DELETE FROM inbox WHERE id BETWEEN ? AND ? AND id IN (SELECT value FROM json_each(?))"
_CLOSE = ("DELETE FROM ballots WHERE poll = ? AND options = ''", 'UPDATE ballots SET "order" = 0 WHERE poll = ?')


class OneForAll(SQLiteDialect_pysqlite):
    """What is compiled for one file serves all that this process opens: SQLAlchemy compiles a statement per dialect."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        """All of them write the same SQL."""
        return type(other) is type(self)

    def __hash__(self) -> int:
        """As they are equal."""
        return hash(type(self))


registry.register("sqlite.parvis", __name__, OneForAll.__name__)
_COMPILED: LRUCache[object, object] = LRUCache(500)  # statements: as many as an engine would keep of its own


def refuse_old(version: tuple[int, ...], path: Path) -> None:
    """Raise Misconfigured for a SQLite with the WAL-reset bug."""
    if version < OLDEST:
        found = ".".join(map(str, version))
        needed = ".".join(map(str, OLDEST))
        problem = (
            f"SQLite {found} can corrupt this database; {needed} or later is needed: pip install 'pysqlite3>=0.6.1'"
        )
        raise Misconfigured(Finding(file=path, line=0, key="", problem=problem))


class Sqlite:
    """One database file. ``patience`` is how long to wait for another program's lock."""

    begin_reading = "BEGIN"

    def __init__(self, path: Path, *, patience: timedelta = timedelta(seconds=5)) -> None:
        self.place = path
        self._patience = patience
        refuse_old(dbapi2.sqlite_version_info, path)

    def create(self) -> None:
        """Make the file, readable by its owner only, unless it exists.

        Raises Misconfigured when its folder is missing, StorageError when it cannot be written.
        """
        try:
            os.close(os.open(self.place, os.O_CREAT | os.O_RDWR, 0o600))
        except FileNotFoundError as error:
            raise Misconfigured(Finding(file=self.place, line=0, key="", problem=f"{error.strerror}")) from error
        except OSError as error:
            raise StorageError(f"{self.place}: {error.strerror}") from error

    def writer(self, *, patient: bool = True) -> Engine:  # noqa: ARG002  a frozen process keeps the file's lock
        """Build the engine of the writer."""
        return self._engine(NullPool, "PRAGMA journal_mode=WAL")

    def readers(self) -> Engine:
        """Build the engine of the readers."""
        return self._engine(QueuePool, "PRAGMA query_only=ON")

    def reader(self) -> Engine:
        """Build the engine of one reader."""
        return self._engine(NullPool, "PRAGMA query_only=ON")

    def begin_writing(self, connection: Connection) -> None:
        """Take the write lock at once."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def insert(self, table: type[Any] | Table) -> Any:
        """Build an upsert."""
        return insert(table)

    def ballots_of(self, connection: Connection, poll: str, voters: Collection[bytes]) -> Found:
        """Read them in one look-up."""
        named = '["' + '","'.join(map(bytes.hex, voters)) + '"]'
        return connection.exec_driver_sql(_BALLOTS, (named, poll)).cursor.fetchall()

    def keep_ballots(self, connection: Connection, poll: str, ballots: Mapping[VoterKey, Kept]) -> None:
        """Upsert those that say the same in one step: there are many more voters than answers."""
        alike: defaultdict[tuple[Options, PlatformName], list[str]] = defaultdict(list)
        for voter, (options, order, via) in ballots.items():
            alike[options, via].append(f'"{voter.hex()}":{order}')
        for (options, via), orders in alike.items():
            connection.exec_driver_sql(_UPSERT, (poll, written(options), via, "{" + ",".join(orders) + "}"))

    def forget_intakes(self, connection: Connection, intakes: Collection[int]) -> None:
        """Delete them: in one stretch when nothing lies between them, as in a rush of votes."""
        gone = set(intakes)
        first, last = min(gone), max(gone)
        if last - first == len(gone) - 1:
            connection.exec_driver_sql(_FORGET_ALL, (first, last))
        else:
            connection.exec_driver_sql(_FORGET, (first, last, json.dumps(list(gone))))

    def close_ballots(self, connection: Connection, poll: str) -> None:
        """Erase; without row numbers the table is in the order of the pseudonyms already."""
        for statement in _CLOSE:
            connection.exec_driver_sql(statement, (poll,))

    def housekeep(self, connection: Connection) -> None:
        """Empty the write-ahead log into the file; what readers still need waits for the next time, not the votes."""
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={self._patience // timedelta(milliseconds=1)}")
        connection.exec_driver_sql("PRAGMA optimize")

    def counters(self, connection: Connection) -> dict[str, int]:
        """Read what AUTOINCREMENT remembers."""
        return {
            str(name): int(last) for name, last in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        }

    def set_counters(self, connection: Connection, last: Mapping[str, int]) -> None:
        """Tell AUTOINCREMENT."""
        connection.exec_driver_sql("DELETE FROM sqlite_sequence")
        for row in last.items():
            connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", row)

    def announce(self, connection: Connection) -> None:
        """Nobody else sends: one instance at a time runs on a file."""

    def has_written(self, connection: Connection) -> bool:
        """Ask the connection how many rows it ever changed: a new one, none before the trouble was over."""
        changed: int = connection.connection.driver_connection.total_changes  # type: ignore[union-attr]  # pysqlite3's
        return changed > 0

    def is_fatal(self, error: DBAPIError) -> bool:
        """Disk, lock and memory trouble undo the transaction; a broken rule undoes its statement."""
        return not isinstance(error, IntegrityError | ProgrammingError)

    def is_in_doubt(self, error: DBAPIError) -> bool:
        """After an I/O error the commit may stand in the log, whole or not."""
        code: int = getattr(error.orig, "sqlite_errorcode", 0)
        return code & 0xFF == _IOERR

    def _engine(self, pool: type[NullPool] | type[QueuePool], *more: str) -> Engine:
        engine = create_engine(
            f"sqlite+parvis:///{self.place}",
            module=dbapi2,
            execution_options={"compiled_cache": _COMPILED},
            poolclass=pool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"check_same_thread": False, "timeout": self._patience.total_seconds()},
        )

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, record: object) -> None:  # noqa: ARG001  SQLAlchemy gives both
            for pragma in (*_PRAGMAS, *more):
                connection.execute(pragma)

        return engine
