"""Telegram case 29: an answer finds the post it is about, and the town's own words are no answer and break no rule."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from tests.journeys.people import Citizen
from tests.journeys.town import Town, at_work

pytestmark = pytest.mark.asyncio(loop_scope="module")

JESTERS = """
[campaign]
id = "bouffons"
title.fr = "Le défilé"
title.en = "The parade"
channels = ["place"]

[announcements.defile]
title.fr = "Le défilé des bouffons"
title.en = "The parade of jesters"
body.fr = "Samedi à 15 h, les bouffons traversent la ville."
body.en = "On Saturday at 3 pm the jesters cross the town."

[announcements.marche]
title.fr = "Le marché"
title.en = "The market"
body.fr = "Il est déplacé."
body.en = "It is moved."

[[steps]]
do = "announce"
announcement = "defile"
after = "0 min"

[[steps]]
do = "announce"
announcement = "marche"
after = "0 min"
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> AsyncIterator[Town]:
    """Two announcements stand side by side."""
    folder = tmp_path_factory.mktemp("town")
    file = folder / "bouffons.toml"
    file.write_text(JESTERS, encoding="utf-8")
    async with at_work(folder, Path(copy(sqlite_template, folder / "town.db"))) as town:
        await town.officer.starts(file)
        yield town
        town.broke_no_rule()


async def test_a_comment_an_answer_to_it_and_a_reply_are_about_the_right_post(
    town: Town, anne: Citizen, ben: Citizen
) -> None:
    """People answer the copies, and each other; what answers nothing is not collected."""
    parade, market = town.published("bouffons"), town.published("marché")

    comment = await anne.says("Par quelle rue ?", under=town.mirror(parade))
    await ben.says("Par la rue Haute.", under=town.square.messages[comment])
    await ben.says("Où ?", under=town.mirror(market))
    await anne.says("Bonjour à tous !")

    posts = {each.id: int(each.receipts[0].message) for each in await town.officer.deliveries()}
    found = {reply.text: posts[reply.about] for reply in await town.officer.replies() if reply.about}
    assert found == {"Par quelle rue ?": parade.id, "Par la rue Haute.": parade.id, "Où ?": market.id}


async def test_the_copy_of_the_town_s_own_post_is_neither_collected_nor_judged(town: Town) -> None:
    """It holds a word that the charter forbids people to call each other."""
    copied = town.mirror(town.published("bouffons"))

    assert copied.id in town.square.messages
    assert copied.text not in [reply.text for reply in await town.officer.replies()]
    assert await town.moderator.cases() == ()
