"""What an officer orders about what is out is checked before it is planned."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.campaign import After, CampaignState, OccurrenceState, StepKind
from core.correction import AmendmentState, Correction, CorrectionKind
from core.delivery import DeliveryState
from core.identifiers import CampaignId, MemberKey, OccurrenceId, StepName
from core.messages import AnnouncementPublished, Illegible, PollOpened
from core.ports.store import Books
from core.timetable import Timetable
from core.wording import Wording
from delivery.ordering import NotCorrected, Wish, considered, ordered
from tests.core.examples import BRIDGE as POLL
from tests.core.examples import NEWS, announcement, campaign, poll, step, words
from tests.delivery.post_office import HOUR, PostOffice, to
from tests.fakes import NOON

ANNE = MemberKey("anne")
BRIDGE = CampaignId("bridge")
ANNOUNCED = StepName("announce-news")
WHY = Wording(fr="Motif", en="Reason")
AMEND, ERRATUM, RETRACT, UNPIN = (
    CorrectionKind.AMEND,
    CorrectionKind.ERRATUM,
    CorrectionKind.RETRACT,
    CorrectionKind.UNPIN,
)


class Hall:
    """A campaign with an announcement and a poll, of which the announcement's occurrence is done."""

    def __init__(self) -> None:
        self.office = PostOffice()
        kinds = (StepKind.ANNOUNCE, StepKind.OPEN_POLL, StepKind.CLOSE_POLL)
        about = {StepKind.ANNOUNCE: NEWS}
        self.campaign = campaign(*(step(kind, After(HOUR), about.get(kind, POLL)) for kind in kinds))
        self.occurrences: dict[str, OccurrenceId] = {}

    async def opened(self) -> "Hall":
        """Start it; everything but the closing is done."""

        def begin(books: Books) -> None:
            books.campaigns.start(self.campaign, at=NOON - HOUR, due=Timetable(self.campaign, NOON - HOUR).all())
            for each in books.campaigns.occurrences(BRIDGE):
                self.occurrences[each.step] = each.id
                if not each.step.startswith("close"):
                    books.campaigns.settle(each.id, OccurrenceState.DONE)
            books.polls.add(poll())
            books.polls.open(POLL)

        await self.office.memory.write(begin)
        return self

    async def says(self, *, sent: bool = True) -> None:
        """Plan the announcement for the square and the hamlet, and send it."""
        message = AnnouncementPublished(announcement=self.campaign.announcement(NEWS))
        await self.office.plan(message, to("square"), to("hamlet"), occurrence=self.occurrences[ANNOUNCED])
        if sent:
            await self.office.work()

    async def corrected(self) -> None:
        """The campaign is updated with another title."""
        other = replace(self.campaign, announcements=(replace(announcement(), title=words("The new footbridge")),))
        await self.office.memory.write(lambda books: books.campaigns.revise(other))

    async def orders(self, kind: CorrectionKind, step: str = ANNOUNCED, said: Wording | None = None) -> Correction:
        """Anne orders it."""
        wish = Wish(kind=kind, campaign=BRIDGE, step=StepName(step), said=said, wait=timedelta(minutes=10))
        return await self.office.memory.write(lambda books: ordered(wish, by=ANNE, at=NOON, books=books))


@pytest.fixture
async def hall() -> Hall:
    """Open."""
    return await Hall().opened()


async def test_every_copy_is_to_say_what_the_campaign_says_now(hall: Hall) -> None:
    """After so long as was wished; a reply says the whole text where nothing can be put otherwise."""
    await hall.says()
    await hall.corrected()

    found = await hall.orders(AMEND)

    title = None if found.order.words is None else found.order.words.title.en
    assert (title, found.order.said, found.order.by) == ("The new footbridge", announcement().body, ANNE)
    assert found.order.due_at == NOON + timedelta(minutes=10)
    counts = await hall.office.memory.read(lambda books: books.corrections.count(found.id))
    assert dict(counts) == {AmendmentState.PLANNED: 2}


async def test_an_order_that_would_change_nothing_says_what_to_do_first(hall: Hall) -> None:
    """The new words are read in the campaign, where somebody approved them."""
    await hall.says()

    with pytest.raises(NotCorrected, match="campaign update"):
        await hall.orders(AMEND)


async def test_what_is_not_out_yet_says_it_from_the_start(hall: Hall) -> None:
    """And needs no correction later."""
    await hall.says(sent=False)
    await hall.corrected()

    await hall.orders(AMEND)
    await hall.office.work()

    texts = sorted(sent.part.text for sent in hall.office.platform.sent)
    assert [text.partition("> ")[2] for text in texts] == ["The new footbridge", "The new footbridge (fr)"]


async def test_what_is_not_out_yet_is_called_off_with_the_rest(hall: Hall) -> None:
    """Nobody reads it."""
    await hall.says(sent=False)

    await hall.orders(RETRACT, said=WHY)

    assert {each.state for each in await hall.office.all()} == {DeliveryState.CANCELLED}


async def test_an_erratum_may_be_about_words_that_nobody_wrote(hall: Hall) -> None:
    """A question, for instance; another wording of it cannot be ordered."""
    await hall.office.plan(PollOpened(poll=poll(), zone="Europe/Paris"), occurrence=hall.occurrences["open_poll-route"])

    found = await hall.orders(ERRATUM, "open_poll-route", WHY)

    assert (found.order.words, found.order.said) == (None, WHY)
    with pytest.raises(NotCorrected, match="parvis erratum"):
        await hall.orders(AMEND, "open_poll-route")


async def test_what_another_version_wrote_is_told_to_be_wrong_but_not_reworded(hall: Hall) -> None:
    """Nobody can say what it reads."""
    await hall.says()
    for each in await hall.office.all():
        await hall.office.change(replace(each, message=Illegible(kind="Other")), expected=DeliveryState.SENT)

    with pytest.raises(NotCorrected, match="cannot read"):
        await hall.orders(AMEND)

    assert (await hall.orders(ERRATUM, said=WHY)).order.said == WHY


async def test_a_question_is_not_withdrawn_from_people_who_are_voting(hall: Hall) -> None:
    """It is once the poll is closed; its ballots stay."""
    await hall.office.plan(PollOpened(poll=poll(), zone="Europe/Paris"), occurrence=hall.occurrences["open_poll-route"])

    with pytest.raises(NotCorrected, match="parvis campaign cancel bridge"):
        await hall.orders(RETRACT, "open_poll-route", WHY)

    await hall.office.memory.write(lambda books: books.polls.close(POLL, at=NOON))
    assert (await hall.orders(RETRACT, "open_poll-route", WHY)).order.kind is RETRACT


@pytest.mark.parametrize(
    ("campaign_id", "step_name", "problem"),
    [
        ("tram", ANNOUNCED, "no campaign «tram» was ever started"),
        (BRIDGE, "thank-all", "it has: announce-news, open_poll-route, close_poll-route"),
        (BRIDGE, "close_poll-route", "has said nothing yet"),
        (BRIDGE, ANNOUNCED, "posts nothing of its own"),
    ],
)
async def test_what_cannot_be_meant_is_refused(hall: Hall, campaign_id: str, step_name: str, problem: str) -> None:
    """With what there is."""
    wish = Wish(kind=UNPIN, campaign=CampaignId(campaign_id), step=StepName(step_name))

    with pytest.raises(NotCorrected, match=problem):
        await hall.office.memory.read(lambda books: considered(wish, by=ANNE, at=NOON, books=books))


async def test_nothing_new_is_said_for_a_cancelled_campaign(hall: Hall) -> None:
    """What it said can still be withdrawn."""
    await hall.says()
    await hall.office.memory.write(lambda books: books.campaigns.cancel(BRIDGE))

    with pytest.raises(NotCorrected, match="was cancelled"):
        await hall.orders(ERRATUM, said=WHY)

    running = await hall.office.memory.read(lambda books: books.campaigns.get(BRIDGE))
    assert running is not None
    assert running.state is CampaignState.CANCELLED
    assert (await hall.orders(RETRACT, said=WHY)).order.said == WHY
