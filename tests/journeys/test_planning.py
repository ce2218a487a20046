"""An officer sees a campaign before anybody else does, and starts it."""

import asyncio

import pytest

from app.campaigns import preview
from tests.journeys.town import FETE, HALLE, Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Two campaigns were started here."""
    return shared_town


async def test_what_the_plan_shows_is_what_goes_out(town: Town) -> None:
    """To the line, with the description of the picture: the plan is made by the code that sends."""
    shown = await asyncio.to_thread(lambda: [*preview(town.settings, HALLE, full=False)])

    lines = town.published("130 ans").text.splitlines()
    planned = [line.strip() for line in shown]
    assert planned[planned.index("sendPhoto") + 1 :][: len(lines)] == lines


async def test_starting_twice_changes_nothing(town: Town) -> None:
    """The Enter key may stick."""
    known = len(town.posts())

    told = await town.officer.starts(FETE)

    assert told == "Campaign fete was started before; nothing was changed."
    assert len(town.posts()) == known


async def test_the_announcement_stands_with_its_picture_described_and_pinned(town: Town) -> None:
    """Whoever cannot see the picture reads what it shows, and whoever comes later finds the post on top."""
    post = town.published("L’ancienne halle de Valmont a 130 ans.")

    assert post.photo is not None
    assert "[Dessin de l’ancienne halle : un bâtiment de brique rouge" in post.text
    assert town.place.pinned == [post.id]
