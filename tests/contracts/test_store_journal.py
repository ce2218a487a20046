"""The journal of the debates: in order, everybody's own, and forgotten in time."""

from datetime import datetime, timedelta

from core.identifiers import Address, MessageId
from core.journal import Entry
from core.ports.store import Store
from tests.contracts.doings import ACCOUNT, LATER
from tests.core.examples import NOON

GROUP = Address("-100300")
ALIX, BILAL = b"a" * 16, b"b" * 16
SOON = NOON + timedelta(microseconds=1)


async def _add(store: Store, message: str, *, author: bytes = ALIX, at: datetime = NOON) -> None:
    await store.write(
        lambda books: books.journal.add(
            account=ACCOUNT, chat=GROUP, message=MessageId(message), author=author, sealed=message.encode(), at=at
        )
    )


async def _messages(store: Store) -> list[str]:
    found = await store.read(lambda books: books.journal.after(0, since=NOON - timedelta(days=9), limit=10))
    return [entry.message for entry in found]


async def test_what_was_said_comes_back_as_it_was_put_there(store: Store) -> None:
    """Bytes are bytes, instants are instants."""
    await _add(store, "1", at=SOON)

    (entry,) = await store.read(lambda books: books.journal.of(ALIX))

    assert entry == Entry(
        number=entry.number,
        account=ACCOUNT,
        chat=GROUP,
        message=MessageId("1"),
        author=ALIX,
        sealed=b"1",
        at=SOON,
    )


async def test_it_is_read_in_the_order_in_which_it_was_written_a_part_at_a_time(store: Store) -> None:
    """A month is long; a message that was rewritten stands there twice."""
    for message, at in (("1", LATER), ("2", NOON), ("1", LATER)):
        await _add(store, message, at=at)

    first = await store.read(lambda books: books.journal.after(0, since=NOON, limit=2))
    rest = await store.read(lambda books: books.journal.after(first[-1].number, since=NOON, limit=2))

    assert [each.message for each in (*first, *rest)] == ["1", "2", "1"]


async def test_what_came_earlier_is_neither_read_nor_counted(store: Store) -> None:
    """The instant itself belongs to the part asked for."""
    for message, at in (("1", NOON), ("2", SOON)):
        await _add(store, message, at=at)

    read = await store.read(lambda books: books.journal.after(0, since=SOON, limit=9))

    assert ([each.message for each in read], await store.read(lambda books: books.journal.count(since=SOON))) == (
        ["2"],
        1,
    )
    assert await store.read(lambda books: books.journal.count(since=NOON)) == 2


async def test_forgetting_a_person_leaves_what_others_said(store: Store) -> None:
    """And says how much it was."""
    for message, author in (("1", ALIX), ("2", BILAL), ("3", ALIX)):
        await _add(store, message, author=author)

    assert await store.write(lambda books: books.journal.forget(ALIX)) == 2
    assert await _messages(store) == ["2"]


async def test_what_is_older_is_purged_to_the_instant(store: Store) -> None:
    """No sooner, no later."""
    for message, at in (("1", NOON), ("2", SOON)):
        await _add(store, message, at=at)

    assert await store.write(lambda books: books.journal.purge(before=SOON)) == 1
    assert await _messages(store) == ["2"]
