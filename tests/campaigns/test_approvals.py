"""What was approved is scheduled, and nothing else goes out."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from campaigns.approvals import BLOCKED, Registrar
from campaigns.approved import is_approved
from core.alert import AlertKind
from core.campaign import After, Campaign, CampaignState, OccurrenceState, StepKind
from core.identifiers import MemberKey
from core.poll import PollState
from core.preflight import Concern, StepPast
from core.review import ALONE_WAITS, Review, ReviewState, approved
from core.staff import SERVICE, Act, Approval
from core.wording import Wording
from tests.campaigns.stage import HOUR, Stage, then
from tests.core.examples import NEWS, words
from tests.core.test_staff import ANNE, BASILE, staff
from tests.fakes import NOON

MINUTE = HOUR / 60


class Town:
    """A town where campaigns are approved, and its registrar."""

    def __init__(self, *, approval: Approval = Approval.FOUR_EYES) -> None:
        self.stage = Stage(steps=(then(StepKind.ANNOUNCE), then(StepKind.ANNOUNCE)))
        self.staff = staff(approval)
        self.found: Sequence[Concern] = ()
        self.meanwhile: Campaign | None = None
        self.planner = self.stage.new_planner(needs_approval=True)
        self.registrar = Registrar(
            store=self.stage.store, clock=self.stage.clock, examine=self._examine, wake=lambda: None
        )

    async def _examine(self, _: Review) -> Sequence[Concern]:
        if self.meanwhile is not None:
            await self.submits(self.meanwhile)
        return self.found

    async def submits(self, campaign: Campaign | None = None) -> Review:
        """Anne submits."""
        plan, now = campaign or self.stage.campaign, self.stage.clock.now()
        return await self.stage.store.write(lambda books: books.reviews.submit(plan, by=ANNE, at=now))

    async def approves(self, review: Review, who: MemberKey = BASILE) -> None:
        """Somebody approves, as in chat."""
        agreed = approved(review, self.staff, who, self.stage.clock.now())
        await self.stage.store.write(lambda books: books.reviews.save(agreed, expected=ReviewState.REVIEW))

    async def state(self, review: Review) -> tuple[ReviewState, str]:
        """What became of it."""
        found = await self.stage.read(lambda books: books.reviews.get(review.id))
        assert found is not None
        return found.state, found.why

    async def runs(self) -> Campaign | None:
        """What runs, if anything."""
        running = await self.stage.read(lambda books: books.campaigns.get(self.stage.campaign.id))
        return running.campaign if running else None

    async def acts(self) -> list[tuple[str, Act]]:
        """What is in the log, the oldest first."""
        found = await self.stage.read(lambda books: books.audit.after(0, limit=99))
        return [(each.deed.who, each.deed.act) for each in found]

    def corrected(self) -> Campaign:
        """The campaign with another text."""
        said = self.stage.campaign.announcement(NEWS)
        return replace(self.stage.campaign, announcements=(replace(said, body=words("Works begin in June.")),))


async def test_what_was_approved_starts() -> None:
    """And the log says that the service did so."""
    town = Town()
    review = await town.submits()
    await town.approves(review)

    await town.registrar.look()

    assert await town.runs() == town.stage.campaign
    assert await town.state(review) == (ReviewState.SCHEDULED, "")
    assert await town.acts() == [(SERVICE, Act.SCHEDULE)]


async def test_what_waits_for_review_does_not_start() -> None:
    """However long it waits."""
    town = Town()
    await town.submits()
    town.stage.clock.advance(9 * HOUR)

    await town.registrar.look()

    assert await town.runs() is None


async def test_what_one_person_approved_alone_waits_ten_minutes() -> None:
    """Until then it can be taken back."""
    town = Town(approval=Approval.SOLO)
    await town.approves(await town.submits(), ANNE)
    seen = []
    for wait in (ALONE_WAITS - MINUTE, MINUTE):
        town.stage.clock.advance(wait)
        await town.registrar.look()
        seen.append(await town.runs() is not None)

    assert seen == [False, True]


async def test_what_was_withdrawn_while_it_waited_does_not_start() -> None:
    """Another submission withdraws the one before."""
    town = Town(approval=Approval.SOLO)
    review = await town.submits()
    await town.approves(review, ANNE)
    await town.submits(town.corrected())
    town.stage.clock.advance(ALONE_WAITS)

    await town.registrar.look()

    assert (await town.runs(), (await town.state(review))[0]) == (None, ReviewState.WITHDRAWN)


@pytest.mark.parametrize("found", [(), (StepPast(place="steps.0", at=NOON),)], ids=["in order", "blocked"])
async def test_what_is_withdrawn_while_pre_flight_looks_stays_withdrawn(found: Sequence[Concern]) -> None:
    """Looking takes a moment, in which somebody may think again."""
    town = Town()
    review = await town.submits()
    await town.approves(review)
    town.meanwhile, town.found = town.corrected(), found

    await town.registrar.look()

    assert (await town.runs(), (await town.state(review))[0]) == (None, ReviewState.WITHDRAWN)
    assert await town.acts() == []


async def test_what_is_blocked_by_now_is_sent_back_with_the_reason() -> None:
    """What was right when it was approved may be wrong ten minutes later."""
    town = Town()
    review = await town.submits()
    await town.approves(review)
    town.found = (StepPast(place="steps.0", at=NOON),)

    await town.registrar.look()

    assert (await town.runs(), await town.state(review)) == (None, (ReviewState.REJECTED, BLOCKED))
    assert await town.acts() == [(SERVICE, Act.REJECT)]
    (alert,) = await town.stage.read(lambda books: books.alerts.standing())
    assert (alert.matter.kind, alert.matter.about) == (AlertKind.UNSCHEDULED, "campaign:bridge")
    assert alert.matter.detail == Wording(fr=f"The footbridge (fr)\u00a0: {BLOCKED}", en=f"The footbridge: {BLOCKED}")


async def test_what_was_approved_too_late_for_its_first_step_is_sent_back() -> None:
    """Somebody sees it, instead of a step that is missed in silence."""
    town = Town()
    early = replace(town.stage.campaign.steps[0], when=After(-HOUR))
    town.stage.campaign = replace(town.stage.campaign, steps=(early, *town.stage.campaign.steps[1:]))
    review = await town.submits()
    await town.approves(review)

    await town.registrar.look()

    assert await town.runs() is None
    assert await town.state(review) == (
        ReviewState.REJECTED,
        f"the time of the step «{early.name}» has passed",
    )


async def test_a_correction_is_followed_once_it_is_approved_and_not_before() -> None:
    """Until then the campaign goes on as it was approved."""
    town = Town()
    await town.approves(await town.submits())
    await town.registrar.look()
    review = await town.submits(town.corrected())
    await town.registrar.look()
    before = await town.runs()

    await town.approves(review)
    await town.registrar.look()

    assert (before, await town.runs()) == (town.stage.campaign, town.corrected())


async def test_a_cancelled_campaign_is_not_approved_back_to_life() -> None:
    """It is stopped for ever."""
    town = Town()
    await town.approves(await town.submits())
    await town.registrar.look()
    await town.planner.cancel(town.stage.campaign.id)
    review = await town.submits()
    await town.approves(review)

    await town.registrar.look()

    running = await town.stage.read(lambda books: books.campaigns.get(town.stage.campaign.id))
    assert running is not None
    assert running.state is CampaignState.CANCELLED
    assert "was cancelled, for ever" in (await town.state(review))[1]


async def test_what_was_approved_goes_out() -> None:
    """The plain case."""
    town = Town()
    await town.approves(await town.submits())
    await town.registrar.look()
    town.stage.clock.advance(HOUR)

    assert (await town.planner.look(), len(await town.stage.planned())) == (1, 1)


async def test_nothing_that_nobody_approved_is_planned(caplog: pytest.LogCaptureFixture) -> None:
    """Not even when it was started past every command; who looks into the log sees why."""
    town = Town()
    await town.submits()
    await town.planner.start(town.stage.campaign)
    town.stage.clock.advance(HOUR)

    settled = await town.planner.look()

    assert (settled, await town.stage.planned()) == (0, [])
    assert "step_failing" in caplog.messages
    assert (await town.stage.states())[0] is OccurrenceState.PLANNED


async def test_the_staff_is_told_of_what_nobody_approved_until_somebody_does() -> None:
    """A town names its staff while a campaign runs: nobody reads the log."""
    town = Town()
    await town.planner.start(town.stage.campaign)
    town.stage.clock.advance(HOUR)
    for _ in range(2):
        await town.planner.look()
    (alert,) = await town.stage.read(lambda books: books.alerts.standing())
    (first, *_) = await town.stage.read(lambda books: books.campaigns.occurrences(town.stage.campaign.id))
    await town.approves(await town.submits())
    await town.registrar.look()

    await town.planner.look()

    (after,) = await town.stage.read(lambda books: books.alerts.standing())
    assert (alert.matter.kind, alert.matter.about) == (AlertKind.UNAPPROVED, f"occurrence:{first.id}")
    assert (alert.over_at, after.over_at) == (None, town.stage.clock.now())


async def test_a_plan_changed_past_its_approval_is_not_planned() -> None:
    """One word is enough; the same plan again is what was approved."""
    town = Town()
    await town.approves(await town.submits())
    await town.registrar.look()
    await town.stage.store.write(lambda books: books.campaigns.revise(town.corrected()))
    town.stage.clock.advance(HOUR)
    changed = await town.planner.look()
    await town.stage.store.write(lambda books: books.campaigns.revise(town.stage.campaign))

    assert (changed, await town.planner.look()) == (0, 1)


async def test_a_poll_that_is_open_closes_in_time_whoever_approves() -> None:
    """A town named its staff while people voted: closing says nothing, and everybody was told when it closes."""
    stage = await Stage(steps=(then(StepKind.OPEN_POLL), then(StepKind.CLOSE_POLL), then(StepKind.THANK))).started()
    await stage.at(1)
    stage.planner = stage.new_planner(needs_approval=True)

    for hour in (2, 3):
        await stage.at(hour)

    assert await stage.states() == [OccurrenceState.DONE, OccurrenceState.DONE, OccurrenceState.PLANNED]
    assert (await stage.poll()).state is PollState.CLOSED
    assert len(await stage.planned()) == 1


async def test_a_town_that_names_nobody_needs_no_approval() -> None:
    """As before."""
    stage = Stage(steps=(then(StepKind.ANNOUNCE),))
    await stage.started()

    assert await stage.at(1) == 1
    assert not await stage.read(lambda books: is_approved(stage.campaign, books))
