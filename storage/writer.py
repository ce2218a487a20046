"""The one writer: a thread that owns the only connection that writes.

Each turn takes everything that waits, without any timer, carries it out in one transaction, commits once, and hands all
answers back in one call to the event loop. Votes go first, as one batch; then each function in a savepoint of its own,
so that one that raises undoes only itself. When the database itself fails, everyone who took part in the turn is told,
the connection is thrown away, and the next turn begins on a new one.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from core.errors import StorageError
from core.poll import Outcome, Vote
from core.ports.store import Books, Guard
from storage.books.library import Library, session_on
from storage.books.polls import cast
from storage.dialects.base import Dialect
from storage.turns import Turn, Wish, as_ours, in_doubt

log = logging.getLogger("parvis.storage")

CLOSED = "the store is closed"


class Writer:
    """Runs from ``start`` to ``stop``; wishes are made on one event loop."""

    def __init__(self, dialect: Dialect, loop: asyncio.AbstractEventLoop) -> None:
        self._dialect = dialect
        self._loop = loop
        self._engine = dialect.writer(patient=False)
        self._connection: Connection | None = None
        self._failing = False
        self._stopped = False
        self._wishes: SimpleQueue[Wish | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="storage-writer", daemon=True)

    def start(self) -> None:
        """Begin to take wishes."""
        self._thread.start()

    def cast(self, votes: Sequence[Vote], guard: Guard | None = None) -> "asyncio.Future[tuple[Outcome, ...]]":
        """Wish votes, at least one, to be stored; not if ``guard`` raises in the same transaction."""
        return self._wish(votes=votes, work=guard)

    def write(self, work: Callable[[Books], Any]) -> "asyncio.Future[Any]":
        """Wish a function to be run in a transaction."""
        return self._wish(work=work)

    def housekeep(self) -> "asyncio.Future[None]":
        """Wish the remnants of deleted rows to be cleared."""
        return self._wish()

    def stop(self) -> None:
        """Carry out what waits, then let go. Blocks."""
        self._stopped = True
        self._wishes.put(None)
        self._thread.join()

    def _wish(self, *, votes: Sequence[Vote] = (), work: Callable[[Books], Any] | None = None) -> "asyncio.Future[Any]":
        if self._stopped:
            raise StorageError(CLOSED)
        waiter = self._loop.create_future()
        self._wishes.put(Wish(waiter, votes, work))
        return waiter

    def _run(self) -> None:
        last = False
        while not last:
            turn = self._take()
            self._carry_out(turn)
            with suppress(RuntimeError):  # the event loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(_settle, (*turn.wishes, *turn.chores))
            last = turn.last
        self._let_go()

    def _take(self) -> Turn:
        turn = Turn()
        turn.add(self._wishes.get())
        with suppress(Empty):
            while not turn.is_full:
                turn.add(self._wishes.get_nowait())
        return turn

    def _carry_out(self, turn: Turn) -> None:
        whole = Wish()
        if turn.wishes:
            with whole:
                whole.answer = self._transact(turn)
            self._notice(whole.error, wrote=bool(whole.answer))
        if whole.error is not None:
            self._let_go()
            for wish in turn.wishes:
                wish.error = wish.error or whole.error
        for chore in turn.chores:
            with chore:
                self._dialect.housekeep(self._connected())
            if chore.error is not None:
                self._let_go()

    def _transact(self, turn: Turn) -> bool:
        """Whether anything was written; looked at only after trouble."""
        connection = self._connected()
        self._dialect.begin_writing(connection)
        if turn.ballots:
            self._cast(connection, turn.ballots)
        if turn.works:
            self._work(connection, turn.works)
        wrote = self._failing and self._dialect.has_written(connection)
        try:
            connection.exec_driver_sql("COMMIT")
        except DBAPIError as error:
            raise in_doubt(error) if self._dialect.is_in_doubt(error) else error from None
        return wrote

    def _work(self, connection: Connection, works: Sequence[Wish]) -> None:
        with session_on(connection) as session:
            books = Library(session, self._dialect)
            for wish in works:
                self._apart(connection, wish, wish.work, books)

    def _cast(self, connection: Connection, ballots: Sequence[Wish]) -> None:
        ballots = self._admitted(connection, ballots)
        whole = Wish()
        votes = [vote for wish in ballots for vote in wish.votes]
        if votes:
            self._apart(connection, whole, lambda connection: cast(connection, self._dialect, votes), connection)
        outcomes = iter(whole.answer or ())
        for wish in ballots:
            wish.error = whole.error
            wish.answer = tuple(islice(outcomes, len(wish.votes)))

    def _admitted(self, connection: Connection, ballots: Sequence[Wish]) -> Sequence[Wish]:
        """Those whose guard lets them pass; each guard is asked once."""
        guards: dict[Any, Wish] = {wish.work: Wish() for wish in ballots if wish.work is not None}
        if guards:
            with session_on(connection) as session:
                books = Library(session, self._dialect)
                for guard, asked in guards.items():
                    self._apart(connection, asked, guard, books)
        for wish in ballots:
            wish.error = guards[wish.work].error if wish.work is not None else None
        return [wish for wish in ballots if wish.error is None]

    def _apart(self, connection: Connection, wish: Wish, work: Callable[[Any], Any] | None, on: Any) -> None:
        connection.exec_driver_sql("SAVEPOINT wish")
        with wish:
            wish.answer = work(on) if work else None
        if isinstance(wish.error, DBAPIError) and self._dialect.is_fatal(wish.error):
            raise wish.error
        if wish.error is not None:
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT wish")
        connection.exec_driver_sql("RELEASE SAVEPOINT wish")

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _notice(self, error: BaseException | None, *, wrote: bool) -> None:
        """Say so when the trouble begins, and when it is over: a full disk takes a turn that writes nothing."""
        if error is not None and not self._failing:
            log.error("database_lost", extra={"problem": _problem(error)})
            self._failing = True
        if error is None and wrote:
            log.warning("database_back")
            self._failing = False


def _problem(error: BaseException) -> str:
    """What an operator needs to know, without any value of a row."""
    ours = as_ours(error)
    return str(ours) if isinstance(ours, StorageError) else type(error).__name__


def _settle(wishes: Iterable[Wish]) -> None:
    for wish in wishes:
        wish.settle()
