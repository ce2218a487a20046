"""The audit log, in every store alike."""

from datetime import timedelta

import pytest

from core.audit import ROOT, TOWN, Deed, break_in
from core.identifiers import MemberKey
from core.ports.store import Books, Store
from core.staff import Act
from tests.core.examples import NOON


def deed(minute: int = 0) -> Deed:
    """What somebody did."""
    at = NOON + timedelta(minutes=minute, microseconds=7)
    return Deed(who=MemberKey("amartin"), at=at, act=Act.FREEZE, about=TOWN, content="c0ffee")


async def test_each_entry_follows_from_the_one_before(store: Store) -> None:
    """In one transaction and in the next; the first from nothing."""
    first, second = await store.write(lambda books: (books.audit.record(deed()), books.audit.record(deed(1))))
    third = await store.write(lambda books: books.audit.record(deed(2)))

    assert break_in([first, second, third], after=ROOT) is None
    assert first.number < second.number < third.number


async def test_what_is_read_is_what_was_written(store: Store) -> None:
    """The newest first, or all that follow."""
    entries = await store.write(lambda books: tuple(books.audit.record(deed(minute)) for minute in range(3)))

    last = await store.read(lambda books: books.audit.last(limit=2))
    after = await store.read(lambda books: books.audit.after(entries[0].number, limit=1))

    assert last == (entries[2], entries[1])
    assert after == (entries[1],)
    assert break_in(await store.read(lambda books: books.audit.after(0, limit=9))) is None


async def test_what_is_undone_was_never_in_the_log(store: Store) -> None:
    """The deed and its entry are one transaction."""

    def fails(books: Books) -> None:
        books.audit.record(deed())
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(fails)

    assert await store.read(lambda books: books.audit.last(limit=9)) == ()


async def test_what_was_done_about_one_thing_is_found(store: Store) -> None:
    """The newest first; nothing about anything else."""
    other = Deed(who=MemberKey("amartin"), at=NOON, act=Act.SETTLE, about="delivery:7")
    first, _, second = await store.write(
        lambda books: tuple(books.audit.record(each) for each in (deed(), other, deed(1)))
    )

    assert await store.read(lambda books: books.audit.about(TOWN)) == (second, first)
    assert await store.read(lambda books: books.audit.about("delivery:8")) == ()
