"""What nobody approved is told to the staff a day before it is to go out."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns import unapproved
from campaigns.approvals import schedule
from core.alert import Alert, AlertKind
from core.campaign import At, Campaign, StepKind
from core.identifiers import CampaignId
from core.review import Review, approved
from core.staff import Approval
from tests.campaigns.stage import HOUR, Stage, then
from tests.core.examples import words
from tests.core.test_staff import ANNE, BASILE, staff
from tests.fakes import NOON

DAY = timedelta(hours=24)
FETE = CampaignId("fete")


class Town:
    """A town where campaigns are approved."""

    def __init__(self) -> None:
        self.stage = Stage(steps=(then(StepKind.ANNOUNCE, 30 * HOUR), then(StepKind.ANNOUNCE, 20 * HOUR)))

    async def looks(self, at: datetime) -> list[Alert]:
        """Look then; the alerts that stand, and are not over."""
        self.stage.clock.move_to(at)
        if await self.stage.read(lambda books: unapproved.is_news(at, books)):
            await self.stage.store.write(lambda books: unapproved.tell(at, books))
            assert not await self.stage.read(lambda books: unapproved.is_news(at, books))
        return [each for each in await self.stage.read(lambda books: books.alerts.standing()) if each.over_at is None]

    async def submits(self, campaign: Campaign) -> Review:
        """Anne submits."""
        now = self.stage.clock.now()
        return await self.stage.store.write(lambda books: books.reviews.submit(campaign, by=ANNE, at=now))

    async def approves(self, review: Review) -> None:
        """Basile approves, and it is scheduled."""
        now = self.stage.clock.now()
        agreed = approved(review, staff(Approval.FOUR_EYES), BASILE, now)
        await self.stage.store.write(lambda books: books.reviews.save(agreed, expected=review.state))
        await self.stage.store.write(lambda books: schedule(agreed, now, books))


def dated(at: datetime) -> Campaign:
    """A campaign with a date of its own, in Paris."""
    local = at.astimezone(ZoneInfo("Europe/Paris")).replace(tzinfo=None)
    plan = Stage(steps=(replace(then(StepKind.ANNOUNCE), when=At(local)),)).campaign
    return replace(plan, id=FETE, title=words("The fete"))


async def test_a_step_of_what_nobody_approved_is_told_a_day_before() -> None:
    """Somebody named the staff while it ran."""
    town = Town()
    await town.stage.started()

    early = await town.looks(NOON + 5 * HOUR)
    (alert,) = await town.looks(NOON + 6 * HOUR)
    same = await town.looks(NOON + 7 * HOUR)

    assert early == []
    assert (alert.matter.kind, alert.matter.about) == (AlertKind.UNAPPROVED, "occurrence:1")
    assert alert.matter.until == NOON + 31 * HOUR
    assert same == [alert]


async def test_the_alert_ends_once_it_is_approved() -> None:
    """Before the step is due."""
    town = Town()
    await town.stage.started()
    await town.looks(NOON + 6 * HOUR)
    await town.approves(await town.submits(town.stage.campaign))

    assert await town.looks(NOON + 7 * HOUR) == []


async def test_what_is_too_late_or_says_nothing_is_not_told() -> None:
    """Polls close whoever approves, and what is missed is told as missed."""
    town = Town()
    town.stage = Stage(steps=(then(StepKind.OPEN_POLL), then(StepKind.CLOSE_POLL)))
    await town.stage.started()

    (alert,) = await town.looks(NOON)

    assert alert.matter.about == "occurrence:1"
    assert await town.looks(NOON + 2 * HOUR) == []


async def test_a_submission_is_told_a_day_before_its_first_date() -> None:
    """With its title; nobody else would see that it waits."""
    town = Town()
    await town.submits(dated(NOON + 3 * DAY))

    early = await town.looks(NOON + DAY)
    (alert,) = await town.looks(NOON + 2 * DAY)
    late = await town.looks(NOON + 3 * DAY)

    assert (early, late) == ([], [])
    assert (alert.matter.about, alert.matter.until) == ("campaign:fete", NOON + 3 * DAY)
    assert alert.matter.detail == words("The fete")


async def test_a_submission_that_begins_once_it_is_approved_hurries_nobody() -> None:
    """Its steps count from then."""
    town = Town()
    await town.submits(town.stage.campaign)

    assert await town.looks(NOON) == []


async def test_a_submission_that_was_approved_is_told_no_more() -> None:
    """It waits for nobody."""
    town = Town()
    review = await town.submits(dated(NOON + DAY))
    await town.looks(NOON)
    await town.approves(review)

    assert await town.looks(NOON + HOUR) == []
