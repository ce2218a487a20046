"""A flood of troubles holds up nobody: each look is one transaction, and all who write wait for it."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from core.alert import MOST_AN_HOUR
from core.ports.books.alerts import AlertBook
from core.ports.store import Books
from storage.memory import MemoryStore
from tests.delivery.town_hall import TownHall

T = TypeVar("T")


class Counting:
    """A store that counts what writers ask of the book of alerts."""

    def __init__(self, inner: MemoryStore, asked: Counter[str]) -> None:
        self._inner, self._asked = inner, asked
        self.read, self.cast, self.close = inner.read, inner.cast, inner.close

    async def write(self, work: Callable[[Books], T]) -> T:
        """Write, and count."""

        def counted(books: Books) -> T:
            return work(cast("Books", SimpleNamespace(**(vars(books) | {"alerts": self._counted(books.alerts)}))))

        return await self._inner.write(counted)

    def _counted(self, book: AlertBook) -> SimpleNamespace:
        def count(name: str, *given: Any, **named: Any) -> Any:
            self._asked[name] += 1
            return getattr(book, name)(*given, **named)

        return SimpleNamespace(**{name: partial(count, name) for name in ("standing", "told", "open", "save", "get")})


async def test_what_is_too_much_to_be_told_costs_no_look_of_its_own() -> None:
    """With some hundreds of doubts a look once took minutes; meanwhile nobody could take over a lane."""
    hall, asked = TownHall(), Counter[str]()
    for _ in range(MOST_AN_HOUR + 40):
        await hall.doubtful()
    await hall.alerts.look()

    await hall.looking(Counting(hall.memory, asked)).look()

    assert asked == {"standing": 2, "told": 1, "open": 1}
