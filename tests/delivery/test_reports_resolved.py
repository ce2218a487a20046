"""Reports of a network's own are resolved there once their cases are decided here."""

import pytest

from core.errors import Unavailable
from core.identifiers import CaseNumber
from core.ports.store import Books
from core.reports import file, filed
from tests.core.test_staff import TELEGRAM
from tests.delivery.test_sanctions import Hall


def _two(books: Books) -> None:
    file(books, TELEGRAM, "7", CaseNumber(1))
    file(books, TELEGRAM, "8", CaseNumber(2))


async def test_what_was_decided_is_resolved_once() -> None:
    """Cases that are forgotten are decided."""
    hall = Hall()
    await hall.store.write(_two)

    await hall.looks()
    await hall.looks()

    assert hall.network.resolved == ["7", "8"]
    assert await hall.store.read(lambda books: filed(books, TELEGRAM)) == ()


async def test_a_town_that_is_held_resolves_nothing() -> None:
    """What was restored may not know what was decided."""
    hall = Hall()
    await hall.store.write(_two)
    await hall.store.write(lambda books: books.town.set_fact("held", "why"))

    await hall.looks()

    assert hall.network.resolved == []


@pytest.mark.parametrize("error", [Unavailable("away")])
async def test_what_the_network_does_not_take_waits_for_the_next_look(error: Unavailable) -> None:
    """Nothing is forgotten."""
    hall = Hall()
    await hall.store.write(_two)
    hall.network.fails("resolve", error)

    await hall.looks()
    before = hall.network.resolved[:]
    await hall.looks()

    assert (before, hall.network.resolved) == ([], ["7", "8"])
