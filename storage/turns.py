"""Wishes made to the writer, and the turns it takes them in."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from core.errors import OutcomeUnknown, StorageError
from core.poll import Vote
from core.ports.store import Books

MOST_VOTES = 4096
MOST_WORKS = 256


@dataclass(slots=True, eq=False)
class Wish:
    """Something to be carried out in a turn, and who waits for it. As a context it keeps an error for that waiter.

    ``work`` beside ``votes`` guards them: if it raises, they are not cast.
    """

    waiter: "asyncio.Future[Any] | None" = None
    votes: Sequence[Vote] = ()
    work: Callable[[Books], Any] | None = None
    answer: Any = None
    error: BaseException | None = None

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep the error: it is not the writer's."""
        self.error = error
        return True

    def settle(self) -> None:
        """Give the waiter the answer or the error; on the waiter's own event loop."""
        if self.waiter is None or self.waiter.done():
            return
        if self.error is None:
            self.waiter.set_result(self.answer)
        else:
            self.waiter.set_exception(as_ours(self.error))


@dataclass(slots=True)
class Turn:
    """What one transaction carries out. Once it ``is_full``, what waits must wait for the next turn."""

    ballots: list[Wish] = field(default_factory=list)
    works: list[Wish] = field(default_factory=list)
    chores: list[Wish] = field(default_factory=list)
    votes: int = 0
    last: bool = False
    is_full: bool = False

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """Those the transaction carries out."""
        return (*self.ballots, *self.works)

    def add(self, wish: Wish | None) -> None:
        """Take a wish into this turn; None makes it the last turn."""
        if wish is None:
            self.last = self.is_full = True
        elif wish.votes:
            self.ballots.append(wish)
            self.votes += len(wish.votes)
            self.is_full = self.votes >= MOST_VOTES
        elif wish.work is not None:
            self.works.append(wish)
            self.is_full = len(self.works) >= MOST_WORKS
        else:
            self.chores.append(wish)


def as_ours(error: BaseException) -> BaseException:
    """The error as the callers of the store know it. The words are the database's, without any value of a row."""
    if isinstance(error, SQLAlchemyError):
        ours: BaseException = StorageError(said(error))
    elif isinstance(error, StopIteration):  # no future can hold one
        ours = RuntimeError("the function ran out of something it iterated over")
    else:
        return error
    ours.__cause__ = error
    return ours


def in_doubt(error: DBAPIError) -> OutcomeUnknown:
    """The error of a commit that may have been carried out."""
    ours = OutcomeUnknown(said(error))
    ours.__cause__ = error
    return ours


def said(error: SQLAlchemyError) -> str:
    """What the database said, in one line; its further lines can quote rows."""
    words = str(error.orig if isinstance(error, DBAPIError) else error)
    return words.splitlines()[0] if words else type(error).__name__
