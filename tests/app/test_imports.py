"""How the campaign of an import stands: submitted, started, out."""

from app.imports import standing_of
from campaigns.imports.drafts import Standing
from core.identifiers import CampaignId, MemberKey
from core.ports.store import Books
from tests.campaigns.stage import WHOLE, Stage
from tests.fakes import NOON


async def test_it_is_known_of_a_campaign_what_of_it_can_still_change() -> None:
    """What waits for approval is what was submitted; what took place stays."""
    stage = Stage(steps=WHOLE[:1])
    name = stage.campaign.id

    def stands(books: Books) -> Standing:
        return standing_of(name, books)

    unknown = await stage.read(lambda books: standing_of(CampaignId("none"), books))
    await stage.store.write(lambda books: books.reviews.submit(stage.campaign, by=MemberKey("anne"), at=NOON))
    submitted = await stage.read(stands)
    await stage.started()
    started = await stage.read(stands)
    await stage.at(1)

    assert (unknown, submitted) == (Standing(), Standing(submitted=True))
    assert (started.started, started.out) == (True, frozenset())
    assert (await stage.read(stands)).out == {stage.campaign.steps[0].name}
