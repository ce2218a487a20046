"""Requests to join: the latest of each person for each discussion, until it is dealt with."""

from dataclasses import replace
from datetime import timedelta

from core.admission import JoinRequest, RequestState
from core.identifiers import Address, ChannelName
from core.ports.store import Books, Store
from tests.contracts.doings import ACCOUNT, LATER, OTHER
from tests.core.examples import NOON

ALIX = JoinRequest(
    account=ACCOUNT,
    chat=Address("-100300"),
    person=b"a" * 16,
    sealed=b"sealed",
    place=ChannelName("place"),
    at=NOON,
    state=RequestState.ASKED,
)
BILAL = replace(ALIX, person=b"b" * 16, at=NOON + timedelta(microseconds=1), state=RequestState.HELD)
ELSEWHERE = replace(ALIX, chat=Address("-100400"), at=LATER)


async def _three(store: Store) -> None:
    def work(books: Books) -> None:
        for each in (ELSEWHERE, BILAL, ALIX):
            books.requests.save(each)

    await store.write(work)


async def test_requests_are_known_the_oldest_first(store: Store) -> None:
    """All, those of one person, and one."""
    await _three(store)

    found = await store.read(lambda books: (books.requests.all(), books.requests.of(ALIX.person)))

    assert found == ((ALIX, BILAL, ELSEWHERE), (ALIX, ELSEWHERE))
    assert await store.read(lambda books: books.requests.find(ACCOUNT, ALIX.chat, BILAL.person)) == BILAL
    assert await store.read(lambda books: books.requests.find(OTHER, ALIX.chat, BILAL.person)) is None


async def test_the_latest_takes_the_place_of_the_one_before(store: Store) -> None:
    """And what was dealt with is not the one that was made since."""
    await _three(store)
    anew = replace(ALIX, at=LATER, sealed=b"anew", state=RequestState.ADMITTED)

    await store.write(lambda books: books.requests.save(anew))
    await store.write(lambda books: books.requests.drop(ALIX))
    await store.write(lambda books: books.requests.drop(BILAL))
    await store.write(lambda books: books.requests.drop(BILAL))

    assert await store.read(lambda books: set(books.requests.all())) == {anew, ELSEWHERE}


async def test_requests_are_forgotten_when_asked_and_in_time(store: Store) -> None:
    """Exclusive of the instant."""
    await _three(store)

    purged = await store.write(lambda books: books.requests.purge(before=BILAL.at))
    erased = await store.write(lambda books: books.requests.forget(ALIX.person))

    assert (purged, erased) == (1, 1)
    assert await store.read(lambda books: books.requests.all()) == (BILAL,)
