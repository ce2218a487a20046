"""A campaign has come to its end: what everybody reads, and what those hear who come late."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from tests.journeys.people import Citizen, as_read
from tests.journeys.town import HALLE, Town, at_work

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "À quoi doit servir l’ancienne halle, en plus du marché du samedi ?"
FIRST = ("marché", "salles", "café", "café", "café", "sport", "sport")
SECOND = ("café", "café", "salles")


@dataclass(frozen=True, slots=True)
class Ended:
    """The town when all is over. Anne asked for the news; seven people voted, one of whom is Dora."""

    town: Town
    anne: Citizen
    dora: Citizen


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ended(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> AsyncIterator[Ended]:
    """The whole sample campaign: three voters think again, one withdraws."""
    folder = tmp_path_factory.mktemp("town")
    async with at_work(folder, Path(copy(sqlite_template, folder / "town.db"))) as town:
        anne, crowd = town.citizen("Anne"), [town.citizen(f"Citizen {number}") for number in range(len(FIRST))]
        await anne.writes("/subscribe")
        await town.officer.starts(HALLE)
        await town.waits(hours=1)
        for answers in (FIRST, SECOND):
            for citizen, label in zip(crowd, answers, strict=False):
                await citizen.presses(label, under=town.published(QUESTION))
        await crowd[-1].writes("/withdraw")
        await town.waits(days=4)
        yield Ended(town, anne, crowd[0])
        town.broke_no_rule()


async def test_what_is_published_is_what_people_voted(ended: Ended) -> None:
    """Two café, one salle and one sport were given up; the rest stands."""
    results = ended.town.shown(ended.town.published(f"Résultats : {QUESTION}"))

    assert "6 participants." in results
    assert re.findall(r" : (\d+) % \((\d+) voix\)", results) == [("0", "0"), ("17", "1"), ("67", "4"), ("17", "1")]


async def test_everything_came_once_and_in_its_order(ended: Ended) -> None:
    """From the announcement to the thanks, with nobody at the keyboard after the start; in private too."""
    in_public = [as_read(post.text).splitlines()[0] for post in ended.town.posts()]
    in_private = [as_read(letter.text).splitlines()[0] for letter in ended.anne.letters[1:]]

    assert in_public == [
        "Que faire de l’ancienne halle ?",
        QUESTION,
        QUESTION,  # the reminder, which is over like the poll
        f"Résultats : {QUESTION}",
        "Vous avez répondu, voici la suite",
    ]
    assert in_private == in_public


async def test_no_button_is_left_that_would_only_refuse(ended: Ended) -> None:
    """Not under the poll, not under the reminder, not in private; each says since when it is over."""
    shown = [each for each in (*ended.town.posts(), *ended.anne.letters) if each.text.startswith(QUESTION[:20])]

    assert [each.markup for each in shown] == [None] * 4
    for each in shown:
        assert "Cette consultation est terminée depuis le jeudi 4 mars à 18 h" in as_read(each.text)
        assert "6 participants." in each.text


async def test_a_late_typed_vote_is_refused_and_the_ballot_stands(ended: Ended) -> None:
    """With a sentence that says both."""
    before = await ended.town.officer.tally("halle_usage")

    answer = await ended.dora.writes("/vote usage 1")

    assert answer.startswith("C’est trop tard : la consultation est terminée. Ce choix n’est pas compté.")
    assert answer.endswith("Si vous aviez voté avant, ce vote reste compté.")
    assert await ended.town.officer.tally("halle_usage") == before


async def test_one_s_own_ballot_can_still_be_read_for_a_week(ended: Ended) -> None:
    """As long as the key lives that links it to the account."""
    answer = await ended.dora.writes("/myvote")

    assert "Votre réponse : Un café et des ateliers partagés\nCette consultation est terminée." in answer


async def test_forgetme_says_what_stays_and_why(ended: Ended) -> None:
    """The count is frozen, and so it must say that the ballot is in it."""
    answer = await ended.dora.writes("/forgetme")

    stays = answer.partition("Ce qui reste, et pourquoi\n")[2]
    assert stays.startswith("Vos votes dans les consultations finies depuis moins de 7 jours : 1. Le résultat est déjà")
    assert "Plus personne ne peut savoir quel vote est le vôtre." in stays
    assert (await ended.town.officer.tally("halle_usage")).voters == 6
