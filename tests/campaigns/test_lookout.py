"""The service looks each occurrence over a day before it goes out, and ten minutes before."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from campaigns.calendar import move
from campaigns.lookout import DAY, LAST, Lookout
from campaigns.notes import Look, Notice, looks_at, note
from campaigns.planner import begin
from campaigns.preflight import Means
from campaigns.updating import update
from core.alert import AlertKind
from core.campaign import Campaign, OccurrenceState, StepKind
from core.errors import Unauthorised, Unavailable
from core.identifiers import Address, CampaignId
from core.ports.platform import Finding
from core.ports.web import Dead
from core.preflight import HashtagUnreadable, LinkDead, NearDuplicate, NotAsked, TokenRefused, Trouble
from core.wording import Wording
from tests.campaigns.stage import SQUARE, Stage, then
from tests.core.examples import words
from tests.fakes import ACCOUNT, NOON, FakeWords, ScriptedPlatform
from tests.templates.test_preflight import EXAMPLES

HOUR = timedelta(hours=1)
URL = "https://a.example/x"
REFUSED = TokenRefused(place="accounts.telegram", account=ACCOUNT, detail="401")
DEAD = LinkDead(place="announcements.news.body.fr", url=URL, trouble=Trouble.GONE, detail="404")


class _Web:
    """A web without any page."""

    async def look(self, url: str) -> Dead | None:  # noqa: ARG002  of the port
        """Dead."""
        return Dead(Trouble.GONE, "404")


class _Town:
    """A lookout over a store in memory. ``asked`` are the chats about which the network was asked."""

    def __init__(self, *campaigns: Campaign, needs_approval: bool = False) -> None:
        self.stage = Stage()
        self.platform = ScriptedPlatform()
        self.asked: list[Sequence[Address]] = []
        self.campaigns = campaigns
        self.lookout = Lookout(
            store=self.stage.store,
            clock=self.stage.clock,
            means=Means(channels=(SQUARE,), platforms={ACCOUNT: self.platform}, words=FakeWords()),
            doctors={ACCOUNT: self},
            web=_Web(),
            pictures=Path(),
            says=lambda concern, locale: f"a sentence about {concern.place} ({locale})",
            needs_approval=needs_approval,
        )

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """Ask the network, and remember about what."""
        self.asked.append(addresses)
        return await self.platform.check(addresses)

    async def at(self, before: timedelta) -> dict[int, Look]:
        """Look so long before the first step falls due, two days after noon; what is known then, by step."""
        if self.stage.clock.now() == NOON:
            for each in self.campaigns:
                await self.stage.store.write(partial(begin, each, NOON))
        self.stage.clock.move_to(NOON + 2 * DAY - before)
        await self.lookout.look()
        return await self.known()

    async def known(self, campaign: str = "bridge") -> dict[int, Look]:
        """What is known of a campaign, by step."""
        found = await self.stage.read(lambda books: looks_at(books, CampaignId(campaign)))
        (plan,) = (each for each in self.campaigns if each.id == campaign)
        return {plan.rank(look.step): look for look in found}


def announcing(*delays: timedelta, body: str = "Bonjour", name: str = "bridge") -> Campaign:
    """Announcements, the first two days after noon."""
    steps = tuple(then(StepKind.ANNOUNCE, delay) for delay in (2 * DAY, *delays))
    one = replace(Stage(steps=steps).campaign, questions=(), id=CampaignId(name))
    return replace(one, announcements=(replace(one.announcements[0], body=words(body)),))


async def test_an_occurrence_is_looked_at_a_day_and_ten_minutes_before() -> None:
    """Once each: in between, nothing is asked."""
    town = _Town(announcing())

    early = await town.at(DAY + timedelta(seconds=1))
    day = await town.at(DAY)
    again = await town.at(LAST + timedelta(seconds=1))
    last = await town.at(LAST)
    still = await town.at(timedelta(seconds=1))

    assert (early, day[0].notice, again, last[0].notice, still) == ({}, Notice.DAY, day, Notice.LAST, last)
    assert town.asked == [["@square"]] * 2


async def test_what_starts_shortly_before_is_looked_at_at_once_and_what_is_out_never() -> None:
    """There is no better time; and no use."""
    late, over = _Town(announcing()), _Town(announcing())

    assert (await late.at(timedelta(minutes=5)))[0].notice is Notice.LAST
    assert await over.at(timedelta()) == {}
    assert over.asked == []


async def test_what_is_found_is_kept_and_told(caplog: pytest.LogCaptureFixture) -> None:
    """Of texts, links, token and rights; what blocks as an error, with place and cure."""
    town = _Town(announcing(body=f"#unmotbeaucouptroplongpourunevoix {URL}"))
    town.platform.fails("check", Unauthorised("401"))

    with caplog.at_level(logging.INFO, "parvis.campaigns"):
        looks = await town.at(DAY)

    tag = HashtagUnreadable(place="announcements.news.body.fr", said="#unmotbeaucouptroplongpourunevoix", better="")
    assert looks[0].found == (tag, replace(tag, place="announcements.news.body.en"), DEAD, REFUSED)
    told = [record.__dict__ for record in caplog.records if record.name == "parvis.campaigns"]
    assert [(each["msg"], each["levelname"], each["finding"]) for each in told] == [
        ("preflight_warns", "WARNING", "HashtagUnreadable"),
        ("preflight_warns", "WARNING", "HashtagUnreadable"),
        ("preflight_warns", "WARNING", "LinkDead"),
        ("preflight_blocks", "ERROR", "TokenRefused"),
    ]
    assert {
        "campaign": "bridge",
        "step": "announce-news",
        "notice": "day",
        "detail": "a sentence about accounts.telegram (en)",
    }.items() <= (told[-1].items())


async def test_a_network_that_does_not_answer_is_asked_again_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Nor is it connected yet when the service has just begun."""
    town = _Town(announcing(body=URL))
    town.platform.fails("check", Unavailable("502"), times=2)

    first = await town.at(DAY)
    second = await town.at(DAY - timedelta(minutes=1))
    third = await town.at(DAY - timedelta(minutes=2))
    await town.at(DAY - timedelta(minutes=3))

    away = NotAsked(place="accounts.telegram", account=ACCOUNT, detail="502")
    assert [looks[0].found for looks in (first, second, third)] == [(DEAD, away), (DEAD, away), (DEAD,)]
    assert [record.__dict__.get("finding") for record in caplog.records] == ["LinkDead", "NotAsked"]
    assert len(town.asked) == 3


async def test_what_is_found_of_several_occurrences_is_asked_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Each still knows it for itself."""
    town = _Town(announcing(HOUR, body=URL))
    town.platform.fails("check", Unauthorised("401"))

    looks = await town.at(2 * HOUR)

    assert [set(look.found) >= {DEAD, REFUSED} for look in looks.values()] == [True, True]
    assert len(town.asked) == 1
    assert [record.__dict__.get("finding") for record in caplog.records].count("TokenRefused") == 1


async def test_a_dead_link_is_about_the_texts_that_it_stands_in() -> None:
    """The poll beside has none."""
    plan = announcing(HOUR, body=URL)
    poll = Stage(steps=(*plan.steps[:1], then(StepKind.OPEN_POLL), then(StepKind.CLOSE_POLL))).campaign
    town = _Town(replace(poll, announcements=plan.announcements))

    looks = await town.at(2 * HOUR)

    assert [look.found for look in looks.values()] == [(DEAD,), (), ()]


async def test_another_campaign_that_says_the_same_is_seen() -> None:
    """From the books, whatever was known when it was started."""
    town = _Town(announcing(), announcing(name="market"))

    looks = await town.at(HOUR)

    assert [type(each) for each in looks[0].found] == [NearDuplicate]
    assert [each.campaign for each in looks[0].found if isinstance(each, NearDuplicate)] == ["market"]
    assert (await town.known("market"))[0].found != ()


async def test_what_went_out_or_was_cancelled_is_shown_no_more() -> None:
    """Nobody mends it any more; and the last step is followed by no other look."""
    town = _Town(announcing(2 * DAY))
    before = await town.at(DAY)
    (first, _) = await town.stage.read(lambda books: books.campaigns.occurrences(CampaignId("bridge")))
    await town.stage.store.write(lambda books: books.campaigns.settle(first.id, OccurrenceState.DONE))

    assert (list(before), list(await town.known()), list(await town.at(-DAY))) == ([0], [], [1])


async def test_a_corrected_plan_is_looked_at_anew() -> None:
    """Its links are others; ten minutes before, nobody reads of them any more."""
    town = _Town(announcing(body=URL))
    before = await town.at(DAY)
    await town.stage.store.write(lambda books: update(announcing(body="Bonjour"), town.stage.clock.now(), books))

    after = await town.at(DAY - timedelta(minutes=1))

    assert (before[0].found, after[0].notice, after[0].found) == ((DEAD,), Notice.DAY, ())


@pytest.mark.parametrize("by", [7 * DAY, -HOUR], ids=["a week later", "an hour sooner"])
async def test_what_was_moved_is_looked_at_anew(by: timedelta) -> None:
    """Its date, its neighbours and the world are others."""
    town = _Town(announcing())
    await town.at(DAY)
    (first,) = await town.stage.read(lambda books: books.campaigns.occurrences(CampaignId("bridge")))
    to = NOON + 2 * DAY + by
    await town.stage.store.write(lambda books: move(first.id, to, town.stage.clock.now(), books))

    looks = await town.at(DAY - max(by, timedelta(minutes=1)))

    assert len(town.asked) == 2
    assert (looks[0].notice, looks[0].due_at) == (Notice.DAY, to)


async def test_a_campaign_that_is_cancelled_meanwhile_is_left() -> None:
    """Its occurrences are not due any more."""
    town = _Town(announcing())
    await town.at(2 * DAY)
    await town.stage.planner.cancel(CampaignId("bridge"))

    assert await town.at(HOUR) == {}


async def test_rights_are_asked_about_where_the_chat_is_now() -> None:
    """It moved, and the configuration names the old place."""
    town = _Town(announcing())
    moved = Address("-100200")
    await town.stage.store.write(lambda books: books.town.moved(ACCOUNT, SQUARE.address, moved))

    await town.at(HOUR)

    assert town.asked == [[moved]]


async def test_every_finding_is_remembered_as_it_was() -> None:
    """Whatever it holds: days, instants, names."""
    stage = await Stage().started()
    (first, *_) = await stage.read(lambda books: books.campaigns.occurrences(stage.campaign.id))
    look = Look(occurrence=first.id, step=first.step, notice=Notice.DAY, at=NOON, due_at=NOON, found=EXAMPLES)

    await stage.store.write(lambda books: note(books, stage.campaign.id, [look]))

    assert await stage.read(lambda books: looks_at(books, stage.campaign.id)) == (look,)


async def test_the_staff_is_told_what_blocks_until_it_is_mended_or_due() -> None:
    """In both languages; what only warns rings nobody."""
    town = _Town(announcing())
    town.platform.fails("check", Unauthorised("401"), times=1)

    await town.at(DAY)
    (alert,) = await town.stage.store.read(lambda books: books.alerts.standing())
    await town.at(LAST)
    (mended,) = await town.stage.store.read(lambda books: books.alerts.standing())

    assert (alert.matter.kind, alert.matter.until, alert.over_at) == (AlertKind.PREFLIGHT, NOON + 2 * DAY, None)
    assert alert.matter.detail == Wording(
        fr="a sentence about accounts.telegram (fr)", en="a sentence about accounts.telegram (en)"
    )
    assert mended.over_at == NOON + 2 * DAY - LAST


async def test_where_approval_is_needed_what_nobody_approved_is_told_a_day_before() -> None:
    """Once; where nobody has to approve, never."""
    town, free = _Town(announcing(), needs_approval=True), _Town(announcing())

    for each in (town, free):
        await each.at(DAY + timedelta(seconds=1))
        await each.at(DAY)
        await each.at(LAST)

    told = [each.matter.kind for each in await town.stage.read(lambda books: books.alerts.standing())]
    assert told == [AlertKind.UNAPPROVED]
    assert await free.stage.read(lambda books: books.alerts.standing()) == ()
