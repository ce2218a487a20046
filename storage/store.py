"""The store over a database, SQLite or PostgreSQL: one writer thread, readers in threads of their own."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from core.errors import StorageError
from core.poll import Outcome, Vote
from core.ports.store import Books, Guard
from storage.books.library import Library, session_on
from storage.engine import PATIENCE, dialect_of
from storage.schema import check
from storage.turns import said
from storage.writer import CLOSED, Writer

T = TypeVar("T")


class SqlStore:
    """See ``core.ports.store.Store``. Belongs to the event loop on which it was opened."""

    def __init__(self, url: str, patience: timedelta, loop: asyncio.AbstractEventLoop) -> None:
        """Blocks: ``open`` does this in a thread."""
        self._dialect = dialect_of(url, patience=patience)
        check(self._dialect)
        self._readers = self._dialect.readers()
        self._readings = ThreadPoolExecutor(thread_name_prefix="storage-reader")
        self._stopped = False
        self._writer = Writer(self._dialect, loop)
        self._writer.start()

    @classmethod
    async def open(cls, url: str, *, patience: timedelta = PATIENCE) -> "SqlStore":
        """Open a database whose schema is that of this version; ``patience`` is how long to wait for a lock.

        Raises Misconfigured when it is not, or when the URL cannot be used; StorageError when nothing answers there.
        """
        return await asyncio.to_thread(cls, url, patience, asyncio.get_running_loop())

    async def write(self, work: Callable[[Books], T]) -> T:
        """Run ``work`` in the next turn of the writer."""
        answer: T = await self._writer.write(work)
        return answer

    async def read(self, work: Callable[[Books], T]) -> T:
        """Run ``work`` on a view of its own."""
        if self._stopped:
            raise StorageError(CLOSED)
        return await asyncio.get_running_loop().run_in_executor(self._readings, self._read, work)

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Store votes in the next turn of the writer, unless ``guard`` raises."""
        return await self._writer.cast(votes, guard) if votes else ()

    async def housekeep(self) -> None:
        """Clear what deleted rows left behind; every ten minutes is often enough."""
        await self._writer.housekeep()

    async def close(self) -> None:
        """Carry out what waits, whoever still waits for it, then let go of the database."""
        self._stopped = True
        await asyncio.to_thread(self._close)

    def _read(self, work: Callable[[Books], T]) -> T:
        try:
            with self._readers.connect() as connection:
                connection.exec_driver_sql(self._dialect.begin_reading)
                with session_on(connection) as session:
                    return work(Library(session, self._dialect))
        except SQLAlchemyError as error:
            raise StorageError(said(error)) from error

    def _close(self) -> None:
        self._writer.stop()
        self._readings.shutdown()
        self._readers.dispose()
