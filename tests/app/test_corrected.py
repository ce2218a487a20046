"""What is out is corrected on three networks at once: other words, an erratum in reply, and taken back."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from campaigns.updating import update
from core.correction import PENDING, AmendmentState, CorrectionKind
from core.identifiers import CampaignId, MemberKey, StepName
from core.ports.store import Books
from core.wording import Wording
from delivery.ordering import Wish, ordered
from tests.app.consultation import NEWS
from tests.app.hurry import until
from tests.app.networks import NETWORKS, Square, square

pytestmark = pytest.mark.usefixtures("socket_enabled")
BANC = CampaignId("banc")
STEP = StepName("announce-annonce")
CORRECTED, ERRATUM = "Le vote ouvre à midi.", "Lire midi, et non minuit."
SAID = Wording(fr=ERRATUM, en="Read noon, not midnight.")


def _follow(books: Books, town: Square) -> None:
    """The campaign says something else from now on."""
    running = books.campaigns.get(BANC)
    assert running is not None
    (news,) = running.campaign.announcements
    after = replace(news, body=Wording(fr=CORRECTED, en="Voting opens at noon."))
    update(replace(running.campaign, announcements=(after,)), town.clock.now(), books)


async def _order(town: Square, kind: CorrectionKind, said: Wording | None = None) -> None:
    wish = Wish(kind=kind, campaign=BANC, step=STEP, said=said)
    order = partial(ordered, wish, by=MemberKey("anne"), at=town.clock.now())
    await town.service.store.write(lambda books: order(books=books))
    town.service.wake()


def _outcomes(books: Books) -> frozenset[AmendmentState]:
    every = books.deliveries.all(limit=100)
    return frozenset(each.state for copy in every for each in books.corrections.of_delivery(copy.id))


def _everywhere(town: Square, words: str) -> list[bool]:
    return [town.networks[name].says(words) for name in NETWORKS]


async def test_what_is_out_is_corrected_and_taken_back_on_three_networks(tmp_path: Path) -> None:
    """Each copy once, each accounted for; the poll that follows is untouched."""
    async with square(tmp_path, *NETWORKS) as town:
        await town.opened(*NETWORKS)
        await town.begin()
        for name in NETWORKS:
            await town.says(name, NEWS)
        await town.settled()

        await town.service.store.write(lambda books: _follow(books, town))
        await _order(town, CorrectionKind.AMEND)
        await until(lambda: all(_everywhere(town, CORRECTED)))
        assert _everywhere(town, "Le vote ouvre dans une minute") == [False] * 3
        assert _everywhere(town, "Message corrigé le") == [True] * 3

        await _order(town, CorrectionKind.ERRATUM, SAID)
        await until(lambda: all(_everywhere(town, ERRATUM)))
        await town.settled()
        said = [sum(ERRATUM in text for text in town.networks[name].words()) for name in NETWORKS]
        assert said == [1, 1, 1]

        await _order(town, CorrectionKind.RETRACT, SAID)
        await until(lambda: not any(_everywhere(town, CORRECTED)))
        await until(lambda: not any(_everywhere(town, f"Erratum : {NEWS}")))
        await town.opens(*NETWORKS)

        async with asyncio.timeout(20):
            while (became := await town.service.store.read(_outcomes)) & PENDING:  # noqa: ASYNC110  the store tells nobody
                await asyncio.sleep(0.03)
        assert became == {AmendmentState.DONE}
