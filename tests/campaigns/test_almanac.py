"""What calendar programs are told, and told again only when it has changed."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from campaigns import calendar
from campaigns.almanac import KEPT, Almanac, current, remember, remembered
from core.campaign import Campaign, StepKind
from core.ports.store import Books
from tests.campaigns.stage import HOUR, WHOLE, Stage, then
from tests.fakes import NOON

TOWN = UUID(int=1)
ANNOUNCE, OPEN, REMIND = WHOLE[:3]


async def told(stage: Stage) -> Almanac:
    """What is told now, and remembered."""

    def tell(books: Books) -> Almanac:
        almanac = current(books, remembered(books, TOWN), stage.clock.now())
        remember(books, almanac)
        return almanac

    return await stage.store.write(tell)


def plan(almanac: Almanac) -> list[tuple[str, int, bool]]:
    """Each event: its step, the number of the change, and whether it is called off."""
    return [(entry.step.partition("-")[0], entry.number, entry.called_off) for entry in almanac.entries]


async def test_each_step_is_an_event_at_its_instant() -> None:
    """Polls under their question, announcements under their title."""
    stage = await Stage().started()

    first, second, *_ = (await told(stage)).entries

    assert [(entry.kind, entry.at, entry.channels) for entry in (first, second)] == [
        (StepKind.ANNOUNCE, NOON + HOUR, ("square",)),
        (StepKind.OPEN_POLL, NOON + 2 * HOUR, ("square",)),
    ]
    assert first.subject == stage.campaign.announcements[0].title
    assert second.subject == stage.campaign.questions[0].question


async def test_what_has_not_changed_is_told_as_before() -> None:
    """Also after it took place, and after a restart: a file is written only for news."""
    stage = await Stage().started()
    before = await told(stage)
    await stage.at(1)

    assert await told(stage) == before
    assert len({before.uid(entry) for entry in before.entries}) == len(WHOLE)


async def test_a_move_raises_the_number_and_keeps_the_id() -> None:
    """So that the event moves in everybody's calendar, and is not doubled. What counts from it moves as well."""
    stage = await Stage(steps=(ANNOUNCE, OPEN, REMIND, WHOLE[3])).started()
    before = await told(stage)
    number = (await stage.read(lambda books: books.campaigns.occurrences(stage.campaign.id)))[0].id
    stage.clock.move_to(NOON + HOUR / 2)
    await stage.store.write(partial(calendar.move, number, NOON + HOUR + HOUR / 4, stage.clock.now()))

    after = await told(stage)

    assert [number for _, number, _ in plan(after)] == [1, 1, 1, 1]
    assert [after.uid(entry) for entry in after.entries] == [before.uid(entry) for entry in before.entries]
    assert after.entries[0].told_at == stage.clock.now()


async def test_what_is_skipped_is_called_off_until_it_is_resumed() -> None:
    """With a number of its own each time."""
    stage = await Stage(steps=(then(StepKind.ANNOUNCE),)).started()
    await told(stage)
    number = (await stage.read(lambda books: books.campaigns.occurrences(stage.campaign.id)))[0].id

    await stage.store.write(partial(calendar.skip, number, stage.clock.now()))
    skipped = await told(stage)
    await stage.store.write(partial(calendar.resume, number, stage.clock.now()))
    resumed = await told(stage)

    assert (plan(skipped), plan(resumed)) == ([("announce", 1, True)], [("announce", 2, False)])


async def test_a_cancelled_campaign_is_called_off_but_for_what_took_place() -> None:
    """What is out was there."""
    stage = await Stage(steps=(ANNOUNCE, then(StepKind.ANNOUNCE))).started()
    await told(stage)
    await stage.at(1)
    await stage.planner.cancel(stage.campaign.id)

    assert plan(await told(stage)) == [("announce", 0, False), ("announce", 1, True)]


async def test_what_vanished_from_the_plan_is_called_off_and_what_took_place_is_not() -> None:
    """A step taken out of the file: its event must not stay in anybody's calendar."""
    stage = await Stage(steps=(ANNOUNCE, then(StepKind.ANNOUNCE))).started()
    await told(stage)
    await stage.at(1)
    shorter = replace(stage.campaign, steps=stage.campaign.steps[:1])
    await stage.store.write(partial(_without_the_last, shorter))

    first = plan(await told(stage))
    await stage.store.write(lambda books: books.campaigns.revise(replace(shorter, steps=())))

    assert first == [("announce", 0, False), ("announce", 1, True)]
    assert plan(await told(stage)) == first


def _without_the_last(shorter: Campaign, books: Books) -> None:
    books.campaigns.revise(shorter)
    books.campaigns.drop(books.campaigns.occurrences(shorter.id)[-1].id)


async def test_what_is_long_over_is_forgotten() -> None:
    """The memory of the calendar does not grow for ever."""
    stage = await Stage(steps=(ANNOUNCE,)).started()
    await told(stage)

    stage.clock.move_to(NOON + HOUR + KEPT + timedelta(minutes=1))

    assert (await told(stage)).entries == ()


async def test_events_of_two_towns_never_have_one_id() -> None:
    """Somebody may follow both."""
    stage = await Stage().started()
    ours = await told(stage)

    assert ours.uid(ours.entries[0]) != replace(ours, town=UUID(int=2)).uid(ours.entries[0])
    assert await stage.read(lambda books: remembered(books, UUID(int=3)).town) == TOWN
