"""One transaction, whole or not at all; many share a commit and none harms another."""

import asyncio
from functools import partial

import pytest

from core.errors import UnknownOption
from core.ports.store import Books, Store


def _break_off(books: Books) -> None:
    books.town.set_fact("held", "for a while")
    raise UnknownOption


def _tell(books: Books, *, name: str) -> None:
    books.town.set_fact(name, "told")


async def test_what_was_written_is_read_again(store: Store) -> None:
    """The least a memory can do."""
    await store.write(lambda books: books.town.set_fact("held", "restored"))

    assert await store.read(lambda books: books.town.fact("held")) == "restored"


async def test_a_function_gives_its_answer_to_whoever_called(store: Store) -> None:
    """Numbers given inside a transaction are needed outside."""
    assert await store.write(lambda _: 42) == 42


async def test_a_function_that_raises_changes_nothing(store: Store) -> None:
    """Half an effect would be a lie."""
    with pytest.raises(UnknownOption):
        await store.write(_break_off)

    assert await store.read(lambda books: books.town.fact("held")) is None


async def test_a_function_that_raises_undoes_only_itself(store: Store) -> None:
    """Those who share its commit are strangers to it."""
    facts = [store.write(partial(_tell, name=name)) for name in "abcdef"]

    results = await asyncio.gather(*facts[:3], store.write(_break_off), *facts[3:], return_exceptions=True)

    assert [type(result) for result in results if result] == [UnknownOption]
    assert await store.read(lambda books: [books.town.fact(name) for name in "abcdef"]) == ["told"] * 6


async def test_a_function_that_runs_out_of_something_is_answered_too(store: Store) -> None:
    """StopIteration is the one error a future cannot hold: its caller would wait for ever."""
    with pytest.raises((RuntimeError, StopIteration)):
        await store.write(lambda _: next(iter(())))


async def test_a_later_function_sees_what_an_earlier_one_did(store: Store) -> None:
    """Also when both share a commit."""
    told, seen = await asyncio.gather(
        store.write(lambda books: books.town.set_fact("held", "yes")),
        store.write(lambda books: books.town.fact("held")),
    )

    assert (told, seen) == (None, "yes")


async def test_no_votes_are_no_work(store: Store) -> None:
    """An empty batch is answered at once."""
    assert await store.cast([]) == ()
