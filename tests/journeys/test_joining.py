"""People ask to join the square: they read the rules and come in, or wait for the town hall."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.people import Citizen
from tests.journeys.town import SAMPLES, Town, at_work


@pytest.fixture
async def town(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Town]:
    """A town that answers those who ask to join."""
    charter, database = tmp_path / "charter.toml", Path(shutil.copy(sqlite_template, tmp_path / "town.db"))
    sample = (SAMPLES / "charter.toml").read_text(encoding="utf-8")
    charter.write_text(
        sample.replace("[[articles]]", '[joins]\nrequests = "rules"\n\n[[articles]]', 1), encoding="utf-8"
    )
    async with at_work(tmp_path, database, charter=charter) as town:
        yield town
        town.broke_no_rule()


async def asks_to_join(town: Town, person: Citizen) -> None:
    """Press «request to join» in the application."""
    town.world.ask_to_join(person.id, town.square.id)
    await town.rests()


def is_in(town: Town, person: Citizen) -> bool:
    """Whether they sit in the group."""
    return town.square.member(person.id).present


async def test_who_has_read_the_rules_is_let_in(town: Town) -> None:
    """By a button or by typing, each in their language; whoever does neither is left to the administrators."""
    anne, ben, zoe = town.citizen("Anne"), town.citizen("Ben", language="en"), town.citizen("Zoé")
    for person in (anne, ben, zoe):
        town.world.leave(person.id, town.square.id)
        await asks_to_join(town, person)

    rules = anne.letters[-1]
    before = [is_in(town, person) for person in (anne, ben, zoe)]
    bubble = await anne.presses("J’ai lu la charte", under=rules)
    english = ben.reads()
    typed = await ben.writes("/enter")

    assert (before, "Lisez d’abord sa charte" in rules.text, "read its rules" in english) == ([False] * 3, True, True)
    assert (bubble.text, typed) == (
        "Merci. Vous entrez dans le groupe d’ici quelques secondes.",
        "Thank you. You will be let into the group within seconds.",
    )
    assert [is_in(town, person) for person in (anne, ben, zoe)] == [True, True, False]
    assert len(zoe.letters) == 1
