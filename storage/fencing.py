"""A store seen through the fence of a lane: what a process writes for a lane that is no longer its own is refused."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from core.poll import Outcome, Vote
from core.ports.engine import Fence
from core.ports.store import Books, Guard, Store

T = TypeVar("T")


class FencedStore:
    """See ``core.ports.store.Store``. Every write raises Superseded once the lane was taken over; reading is free."""

    def __init__(self, store: Store, fence: Fence) -> None:
        self._store = store
        self._fence = fence

    async def write(self, work: Callable[[Books], T]) -> T:
        """Run ``work`` in a transaction in which the lane is still ours."""

        def fenced(books: Books) -> T:
            self._fence.check(books)
            return work(books)

        return await self._store.write(fenced)

    async def read(self, work: Callable[[Books], T]) -> T:
        """Pass on."""
        return await self._store.read(work)

    async def cast(self, votes: Sequence[Vote], *, guard: Guard | None = None) -> tuple[Outcome, ...]:
        """Store votes in a transaction in which the lane is still ours."""
        if guard is None:
            return await self._store.cast(votes, guard=self._fence.check)

        def both(books: Books) -> None:
            self._fence.check(books)
            guard(books)

        return await self._store.cast(votes, guard=both)

    async def close(self) -> None:
        """The store is not ours to close."""
