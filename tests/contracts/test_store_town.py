"""The few facts about the instance, and where chats have moved."""

from core.identifiers import Address
from core.ports.store import Books, Store
from tests.contracts.doings import ACCOUNT, OTHER

OLD, NEW, NEWEST = Address("-1"), Address("-2"), Address("-3")


async def test_a_fact_is_remembered_changed_and_forgotten(store: Store) -> None:
    """«held» must survive a restart, and end."""

    def live(books: Books) -> list[str | None]:
        seen = []
        for value in ("restored", "by the mayor", None, None):
            books.town.set_fact("held", value)
            seen.append(books.town.fact("held"))
        return seen

    assert await store.write(live) == ["restored", "by the mayor", None, None]


async def test_facts_have_names(store: Store) -> None:
    """One does not hide another."""

    def tell(books: Books) -> None:
        books.town.set_fact("held", "yes")
        books.town.set_fact("introduced:telegram", "7f")

    await store.write(tell)

    assert await store.read(lambda books: books.town.fact("introduced:telegram")) == "7f"


async def test_a_chat_that_never_moved_is_where_it_was(store: Store) -> None:
    """The usual case."""
    assert await store.read(lambda books: books.town.address(ACCOUNT, OLD)) == OLD


async def test_a_chat_is_found_where_it_moved(store: Store) -> None:
    """For the account that was told; another platform may use the same name for something else."""
    await store.write(lambda books: books.town.moved(ACCOUNT, OLD, NEW))

    assert await store.read(lambda books: books.town.address(ACCOUNT, OLD)) == NEW
    assert await store.read(lambda books: books.town.address(OTHER, OLD)) == OLD


async def test_a_chat_that_moves_twice_is_found_at_once(store: Store) -> None:
    """From any of its old addresses."""

    def move(books: Books) -> None:
        books.town.moved(ACCOUNT, OLD, NEW)
        books.town.moved(ACCOUNT, NEW, NEWEST)
        books.town.moved(ACCOUNT, NEW, NEWEST)

    await store.write(move)

    assert await store.read(lambda books: books.town.address(ACCOUNT, OLD)) == NEWEST
    assert await store.read(lambda books: books.town.address(ACCOUNT, NEW)) == NEWEST


async def test_a_chat_that_moves_back_is_where_it_was(store: Store) -> None:
    """Two addresses must not lead to each other for ever."""

    def move(books: Books) -> None:
        books.town.moved(ACCOUNT, OLD, NEW)
        books.town.moved(ACCOUNT, NEW, OLD)

    await store.write(move)

    assert await store.read(lambda books: books.town.address(ACCOUNT, OLD)) == OLD
    assert await store.read(lambda books: books.town.address(ACCOUNT, NEW)) == OLD
