"""PostgreSQL: the same promises. Writers of several programs take turns by an advisory lock, as SQLite's do by its own.

A closed poll's ballots are written anew in the order of their pseudonyms, and the tables of passage are vacuumed:
otherwise the place of a row in the table would tell when it came.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, Table, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.util import LRUCache

from core.identifiers import VoterKey
from storage.dialects.base import Found
from storage.voting import Kept, written

_WRITERS_TURN = 0x50_41_52_56_49_53  # «PARVIS»
PLANNED = "parvis_planned"  # the channel on which other processes hear of something planned
_FROZEN = " -c idle_in_transaction_session_timeout=5s"
_BALLOTS = 'SELECT voter, options, "order", via FROM ballots WHERE poll = %s AND voter = ANY(%s::bytea[])'
_UPSERT = (
    'INSERT INTO ballots (poll, voter, options, "order", via)'
    " SELECT %s, * FROM unnest(%s::bytea[], %s::text[], %s::bigint[], %s::text[])"
    ' ON CONFLICT (poll, voter) DO UPDATE SET options = excluded.options, "order" = excluded."order",'
    ' via = excluded.via WHERE excluded."order" > ballots."order"'
)
_CLOSE = (
    "CREATE TEMPORARY TABLE closing AS SELECT poll, voter, options, via FROM ballots WHERE poll = %s AND options <> ''",
    "DELETE FROM ballots WHERE poll = %s",
    'INSERT INTO ballots SELECT poll, voter, options, 0 AS "order", via FROM closing WHERE poll = %s ORDER BY voter',
)
_OWNED = (
    " FROM pg_sequences s JOIN pg_class c ON c.oid = format('%%I.%%I', s.schemaname, s.sequencename)::regclass"
    " JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0"
    " WHERE s.schemaname = current_schema()"
)
_COUNTERS = f"SELECT d.refobjid::regclass::text, s.last_value{_OWNED}"
_SEQUENCES = f"SELECT d.refobjid::regclass::text, c.oid::regclass::text{_OWNED}"
_OPTIONS = " -c synchronous_commit=on -c timezone=UTC"
_PASSAGE = ("inbox", "ballots", "quarantine")


class OneForAll(PGDialect_psycopg):
    """What is compiled for one database serves all that this process opens: SQLAlchemy compiles once per dialect."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        """All of them write the same SQL."""
        return type(other) is type(self)

    def __hash__(self) -> int:
        """As they are equal."""
        return hash(type(self))


registry.register("postgresql.parvis", __name__, OneForAll.__name__)
_COMPILED: LRUCache[object, object] = LRUCache(500)  # statements: as many as an engine would keep of its own


class Postgres:
    """One database of a server."""

    begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def __init__(self, url: URL) -> None:
        self._url = url
        self.place = Path(f"postgresql database {url.database}")

    def writer(self, *, patient: bool = True) -> Engine:
        """Build the engine of the writer; the server ends the transaction of an impatient one that says nothing."""
        return self._engine(NullPool, "" if patient else _FROZEN)

    def readers(self) -> Engine:
        """Build the engine of the readers."""
        return self._engine(QueuePool, pool_pre_ping=True)

    def reader(self) -> Engine:
        """Build the engine of one reader."""
        return self._engine(NullPool)

    def begin_writing(self, connection: Connection) -> None:
        """Take the writers' turn."""
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_TURN})")

    def insert(self, table: type[Any] | Table) -> Any:
        """Build an upsert."""
        return insert(table)

    def ballots_of(self, connection: Connection, poll: str, voters: Collection[bytes]) -> Found:
        """Read them in one look-up."""
        return connection.exec_driver_sql(_BALLOTS, (poll, list(voters))).cursor.fetchall()

    def keep_ballots(self, connection: Connection, poll: str, ballots: Mapping[VoterKey, Kept]) -> None:
        """Upsert them in one statement."""
        options, orders, networks = map(list, zip(*ballots.values(), strict=True))
        connection.exec_driver_sql(_UPSERT, (poll, list(ballots), list(map(written, options)), orders, networks))

    def forget_intakes(self, connection: Connection, intakes: Sequence[int]) -> None:
        """Delete them in one statement."""
        connection.exec_driver_sql("DELETE FROM inbox WHERE id = ANY(%s::bigint[])", (list(intakes),))

    def close_ballots(self, connection: Connection, poll: str) -> None:
        """Write them anew, sorted."""
        for statement in _CLOSE:
            connection.exec_driver_sql(statement, (poll,))
        connection.exec_driver_sql("DROP TABLE closing")

    def housekeep(self, connection: Connection) -> None:
        """Vacuum what people pass through."""
        for table in _PASSAGE:
            connection.exec_driver_sql(f"VACUUM {table}")

    def counters(self, connection: Connection) -> dict[str, int]:
        """Read the sequences that have been used."""
        return {str(name): int(last) for name, last in connection.exec_driver_sql(_COUNTERS) if last is not None}

    def set_counters(self, connection: Connection, last: Mapping[str, int]) -> None:
        """Set the sequences."""
        owners = dict(map(tuple, connection.exec_driver_sql(_SEQUENCES)))
        for table, number in last.items():
            connection.exec_driver_sql("SELECT setval(%s::regclass, %s)", (owners[table], number))

    def announce(self, connection: Connection) -> None:
        """Tell them when this transaction is committed."""
        connection.exec_driver_sql(f"NOTIFY {PLANNED}")

    def has_written(self, connection: Connection) -> bool:
        """A transaction gets its number when it first changes something."""
        return bool(connection.exec_driver_sql("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").scalar())

    def is_fatal(self, error: DBAPIError) -> bool:
        """A lost connection or an ailing server undoes the transaction; a broken rule undoes its statement."""
        return not isinstance(error, IntegrityError | ProgrammingError | DataError)

    def is_in_doubt(self, error: DBAPIError) -> bool:
        """A commit whose answer was lost with the connection."""
        return error.connection_invalidated

    def _engine(self, pool: type[NullPool] | type[QueuePool], options: str = "", **more: Any) -> Engine:
        return create_engine(
            self._url.set(drivername="postgresql+parvis"),
            execution_options={"compiled_cache": _COMPILED},
            poolclass=pool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={
                "options": self._options() + options,
                "connect_timeout": self._url.query.get("connect_timeout", "10"),
            },
            **more,
        )

    def _options(self) -> str:
        """Those of the operator's address, then ours: of the same option the last one counts."""
        theirs = self._url.query.get("options", ())
        return " ".join((theirs,) if isinstance(theirs, str) else theirs) + _OPTIONS
