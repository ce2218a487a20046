"""One instance at a time: a second one on the same database refuses to start. The processes of a cluster are one.

Commands that work beside a running instance do not take the lock. It ends with the process, however it dies.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from core.errors import Occupied, StorageError
from storage.dialects.base import Dialect
from storage.dialects.sqlite import Sqlite
from storage.engine import dialect_of
from storage.turns import said

_INSTANCE = 0x50_41_52_56_49_54  # beside the writers' turn of ``storage.dialects.postgres``
_RUNNING = "another Parvis is running on this database: stop it first"

StillHeld = Callable[[], bool]


@contextmanager
def instance_lock(url: str, *, shared: bool = False) -> Iterator[StillHeld]:
    """Hold the lock of a database. What it gives tells, when called (it blocks), whether the lock is still held.

    ``shared``: where there is a server, other processes of the cluster may hold it too, and nobody else.
    Raises Occupied when another instance holds it, StorageError when the database does not answer or cannot be written.
    """
    dialect = dialect_of(url)
    with _file_lock(dialect.place) if isinstance(dialect, Sqlite) else _server_lock(dialect, shared=shared) as held:
        yield held


@contextmanager
def _file_lock(database: Path) -> Iterator[StillHeld]:
    file = database.resolve()  # by whatever name
    lock = file.with_name(f"{file.name}.lock")
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StorageError(f"{lock}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise _refused(database) from error
    try:
        yield lambda: True  # the system gives it to nobody while this process lives
    finally:
        os.close(descriptor)


@contextmanager
def _server_lock(dialect: Dialect, *, shared: bool) -> Iterator[StillHeld]:
    take = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
    try:
        connection = dialect.writer().connect()
    except SQLAlchemyError as error:
        raise StorageError(said(error)) from error

    def still_held() -> bool:
        with suppress(SQLAlchemyError):
            return connection.exec_driver_sql("SELECT true").scalar() is True
        return False

    with connection:
        try:
            taken = connection.exec_driver_sql(f"SELECT {take}({_INSTANCE})").scalar()
        except SQLAlchemyError as error:
            raise StorageError(said(error)) from error
        if not taken:
            raise _refused(dialect.place)
        yield still_held


def _refused(place: Path) -> Occupied:
    return Occupied(f"{place}: {_RUNNING}")
