"""Arrivals: the latest of each person in each discussion, counted, and forgotten in time."""

from datetime import datetime, timedelta
from functools import partial

from core.identifiers import Address
from core.ports.store import Books, Store
from tests.contracts.doings import ACCOUNT, LATER, OTHER
from tests.core.examples import NOON

GROUP, ELSEWHERE = Address("-100300"), Address("-100400")
ALIX, BILAL = b"a" * 16, b"b" * 16
SOON = NOON + timedelta(microseconds=1)


def _note(person: bytes, at: datetime, chat: Address, books: Books) -> None:
    books.arrivals.note(ACCOUNT, chat, person, at=at)


async def _three(store: Store) -> None:
    """Alix comes twice, and elsewhere; Bilal once."""
    for person, at, chat in ((ALIX, NOON, GROUP), (ALIX, LATER, GROUP), (ALIX, NOON, ELSEWHERE), (BILAL, SOON, GROUP)):
        await store.write(partial(_note, person, at, chat))


async def test_the_latest_arrival_is_known_of_each_person_and_place(store: Store) -> None:
    """Whoever comes back is new again."""
    await _three(store)

    known = await store.read(
        lambda books: [
            books.arrivals.since(ACCOUNT, GROUP, ALIX),
            books.arrivals.since(ACCOUNT, ELSEWHERE, ALIX),
            books.arrivals.since(ACCOUNT, ELSEWHERE, BILAL),
            books.arrivals.since(OTHER, GROUP, ALIX),
        ]
    )

    assert known == [LATER, NOON, None, None]


async def test_arrivals_are_counted_in_one_place_from_an_instant_on(store: Store) -> None:
    """The instant itself counts; each person once."""
    await _three(store)

    counted = await store.read(
        lambda books: [books.arrivals.count(ACCOUNT, GROUP, since=since) for since in (NOON, SOON, LATER)]
    )

    assert (counted, await store.read(lambda books: books.arrivals.of(ALIX))) == ([2, 2, 1], 2)


async def test_arrivals_are_forgotten_when_asked_and_in_time(store: Store) -> None:
    """Nothing of anybody else; exclusive of the instant."""
    await _three(store)

    purged = await store.write(lambda books: books.arrivals.purge(before=SOON))
    erased = await store.write(lambda books: books.arrivals.forget(ALIX))

    assert (purged, erased) == (1, 1)
    assert await store.read(lambda books: books.arrivals.since(ACCOUNT, GROUP, BILAL)) == SOON
