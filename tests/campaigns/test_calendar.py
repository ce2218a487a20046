"""The occurrences of a running campaign: planned ahead, moved, skipped; only what is planned ever changes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from campaigns.calendar import NotChanged, lay_out, move, resume, skip
from campaigns.outlook import AT_ONCE
from core.campaign import After, Campaign, Occurrence, OccurrenceState, Step, StepKind
from core.errors import StorageError
from core.identifiers import CampaignId, OccurrenceId, StepName
from core.ports.store import Books, Store
from core.recurrence import Chosen, OnHoliday, Recurrence, Unit
from tests.campaigns.stage import HOUR, Interrupted, Stage, then
from tests.core.examples import BRIDGE, NEWS, step
from tests.fakes import NOON

T = TypeVar("T")
DAY = timedelta(days=1)
EARLIER, LATER = ZoneInfo("Etc/GMT-2"), ZoneInfo("Etc/GMT")  # than in Paris, in winter, by an hour
PLANNED, DONE, SKIPPED = OccurrenceState.PLANNED, OccurrenceState.DONE, OccurrenceState.SKIPPED
DAILY = Recurrence(unit=Unit.WEEK, on=(Chosen(),), time=time(18), until=date(2027, 12, 31))
MARKET = replace(step(StepKind.ANNOUNCE, DAILY, NEWS), name=StepName("market"))
ASKED = (then(StepKind.OPEN_POLL), then(StepKind.REMIND), then(StepKind.CLOSE_POLL))  # at one, two and three o'clock


async def _stage(*steps: Step) -> Stage:
    return await Stage(steps=steps).started()


async def _occurrences(stage: Stage) -> tuple[Occurrence, ...]:
    return await stage.read(lambda books: books.campaigns.occurrences(stage.campaign.id))


async def _changes(stage: Stage, work: Callable[[datetime, Books], T]) -> T:
    return await stage.store.write(partial(work, stage.clock.now()))


# ── ahead ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_recurs_is_planned_ahead_and_goes_on_by_itself() -> None:
    """Each day that is done brings another, sixty days later."""
    stage = await _stage(MARKET)
    before = await _occurrences(stage)

    settled = await stage.at(5)

    first, *others = await _occurrences(stage)
    assert (len(before), settled, first.state) == (60, 1, DONE)
    assert others[:-1] == list(before[1:])
    assert others[-1].local == before[-1].local + DAY
    assert [each.due_at for each in await stage.planned()] == [before[0].due_at]


async def test_days_that_go_by_bring_more_even_if_nothing_is_done() -> None:
    """Sixty days ahead means sixty days ahead, every day; in between nothing is looked at again."""
    weekly = replace(MARKET, when=replace(DAILY, on=(Chosen(weekday=1),)))
    stage = await _stage(weekly)
    before = len(await _occurrences(stage))

    await stage.at(6 * 24)
    after = len(await _occurrences(stage))
    await stage.at(6 * 24 + 1)

    assert (before, after, len(await _occurrences(stage))) == (9, 10, 10)


async def test_a_change_of_clocks_by_law_shifts_what_is_planned(caplog: pytest.LogCaptureFixture) -> None:
    """The service starts with a newer zone database: what is planned is due at the same time of the clocks."""
    caplog.set_level("INFO")
    stage = await _stage(MARKET)
    before = await _occurrences(stage)
    lawful = replace(stage.campaign, zone=ZoneInfo("Etc/GMT-2"))
    await stage.store.write(lambda books: books.campaigns.revise(lawful))

    await stage.new_planner().look()

    after = await _occurrences(stage)
    shifted = [new for old, new in zip(before, after, strict=True) if new.due_at != old.due_at]
    assert {each.local for each in after} == {each.local for each in before}
    assert max(each.local for each in shifted) < datetime.fromisoformat("2027-03-28")
    (said,) = [record for record in caplog.records if record.message == "occurrences_laid_out"]
    assert (vars(said)["shifted"], vars(said)["added"], vars(said)["dropped"]) == (len(shifted), 0, 0)


async def test_a_campaign_that_cannot_be_laid_out_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    """A later version no longer knows its public holidays: that is said, the rest goes on."""
    stage = await _stage(MARKET)
    await stage.store.write(lambda books: books.campaigns.revise(replace(stage.campaign, place="ATLANTIS")))
    stage.clock.move_to(NOON + HOUR * 4)

    assert await stage.new_planner().look() == 0

    assert [record.message for record in caplog.records] == ["campaign_not_laid_out"]


async def test_a_campaign_that_the_store_kept_from_being_laid_out_is_laid_out_at_the_next_look(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not only the next day. The planner looks every second: while it lasts it is said once."""
    stage = await _stage(MARKET)
    before = await _occurrences(stage)
    lawful = replace(stage.campaign, zone=ZoneInfo("Etc/GMT-2"))
    await stage.store.write(lambda books: books.campaigns.revise(lawful))
    planner = stage.new_planner(_Full(stage.store, times=3))

    follows = []
    for _ in range(3):
        with suppress(StorageError):  # nor could it note that it looks: the metronome says so
            await planner.look()
        follows.append(await _occurrences(stage) != before)

    assert follows == [False, False, True]
    assert [record.message for record in caplog.records] == ["campaign_not_laid_out"]


def _revise(plan: Campaign, books: Books) -> None:
    books.campaigns.revise(plan)


async def _many_under_another_law(zone: ZoneInfo) -> Stage:
    """One campaign more than is looked over at once, all of them on other clocks than when they were planned."""
    stage = Stage(steps=(MARKET,))
    for rank in range(AT_ONCE + 1):
        each = replace(stage.campaign, id=CampaignId(f"market-{rank:02}"))
        await stage.planner.start(each)
        await stage.store.write(partial(_revise, replace(each, zone=zone)))
    return stage


async def test_many_campaigns_are_looked_over_few_at_a_time() -> None:
    """A thousand of them take many seconds: what falls due does not wait for that, nor do they wait for a day."""
    stage = await _many_under_another_law(EARLIER)
    planner, last = stage.new_planner(), CampaignId(f"market-{AT_ONCE:02}")
    before = await stage.read(lambda books: books.campaigns.occurrences(last))

    looks = []
    for _ in range(2):
        await planner.look()
        looks.append(await stage.read(lambda books: books.campaigns.occurrences(last)) == before)

    assert looks == [True, False]


async def test_a_campaign_is_looked_over_before_any_step_of_it_goes_out() -> None:
    """Six o'clock comes an hour later than it was planned: nothing goes out before, however many there are."""
    stage = await _many_under_another_law(LATER)
    stage.clock.move_to(NOON + HOUR * 5)

    assert await stage.new_planner().look() == 0


class _Full(Interrupted):
    """A store that takes nothing so many times."""

    def __init__(self, store: Store, times: int) -> None:
        super().__init__(store, self._refuse)
        self._times = times

    async def _refuse(self) -> None:
        self._times -= 1
        self._first = self._refuse if self._times else None
        raise StorageError("no space left")


async def test_public_holidays_are_those_of_the_campaigns_place() -> None:
    """Easter Monday, 29 March 2027, has no market."""
    stage = Stage(steps=(replace(MARKET, when=replace(DAILY, holidays=OnHoliday.SKIP)),))
    stage.campaign = replace(stage.campaign, place="FR")
    await stage.started()

    days = {each.local.date() for each in await _occurrences(stage)}

    assert date(2027, 3, 28) in days
    assert date(2027, 3, 29) not in days


@pytest.mark.parametrize(("until", "more"), [(2027, 0), (2028, 1)])
async def test_a_campaign_is_finished_when_nothing_more_will_come(until: int, more: int) -> None:
    """All that was planned ahead was skipped: the next one is planned at once, however far away, if there is one."""
    half_yearly = replace(DAILY, unit=Unit.MONTH, every=6, on=(Chosen(rank=1),), first=date(2027, 1, 1))
    stage = await _stage(replace(MARKET, when=replace(half_yearly, until=date(until, 12, 31))))
    (only,) = await _occurrences(stage)

    await _changes(stage, partial(skip, only.id))

    occurrences = await _occurrences(stage)
    assert [each.state for each in occurrences] == [SKIPPED] + [PLANNED] * more


async def test_nothing_is_laid_out_of_a_campaign_that_does_not_run() -> None:
    """It was cancelled, or never started."""
    stage = await _stage(MARKET)
    await stage.planner.cancel(stage.campaign.id)

    assert (await _changes(stage, partial(lay_out, stage.campaign.id))).is_empty
    assert (await _changes(stage, partial(lay_out, CampaignId("unheard-of")))).is_empty


# ── one by one ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_occurrence_is_moved_and_happens_then() -> None:
    """Not at its time in the plan; the others stay."""
    stage = await _stage(MARKET)
    first, second, *_ = await _occurrences(stage)

    moved = await _changes(stage, partial(move, first.id, NOON + HOUR * 9))
    early, late = await stage.at(6), await stage.at(9)

    assert moved == replace(first, due_at=NOON + HOUR * 9, moved=True)
    assert (early, late) == (0, 1)
    assert second in await _occurrences(stage)


async def test_what_counts_from_a_moved_step_follows() -> None:
    """And its polls with it, as long as nobody was asked."""
    stage = await _stage(*ASKED)
    opening, *_ = await _occurrences(stage)

    await _changes(stage, partial(move, opening.id, NOON + DAY))

    assert [each.due_at for each in await _occurrences(stage)] == [NOON + DAY + hours * HOUR for hours in range(3)]
    poll = await stage.poll()
    assert (poll.opens_at, poll.closes_at) == (NOON + DAY, NOON + DAY + 2 * HOUR)


@pytest.mark.parametrize("rank", [1, 2], ids=["what the closing counts from", "the closing"])
async def test_the_closing_that_everybody_was_told_is_not_moved(rank: int) -> None:
    """Neither by itself nor by what it counts from."""
    stage = await _stage(*ASKED)
    await stage.at(1)
    occurrence = (await _occurrences(stage))[rank]

    with pytest.raises(NotChanged, match="everybody was told"):
        await _changes(stage, partial(move, occurrence.id, NOON + DAY))

    assert (await _occurrences(stage))[rank] == occurrence


async def test_an_opening_is_not_moved_behind_its_closing() -> None:
    """Nobody could vote."""
    stage = await _stage(_NEWS, then(StepKind.OPEN_POLL), step(StepKind.CLOSE_POLL, After(DAY, step=StepName("news"))))
    opening = next(each for each in await _occurrences(stage) if each.step == "open_poll-route")

    with pytest.raises(NotChanged, match="before anyone can vote"):
        await _changes(stage, partial(move, opening.id, NOON + 30 * DAY))


_NEWS = replace(step(StepKind.ANNOUNCE, After(), NEWS), name=StepName("news"))


async def test_nothing_is_moved_into_the_past_or_out_of_it() -> None:
    """What is done is done."""
    stage = await _stage(MARKET)
    first, second, *_ = await _occurrences(stage)
    await stage.at(6)

    for number, to, why in (
        (second.id, NOON, "has passed"),
        (first.id, NOON + DAY, "is done"),
        (OccurrenceId(999), NOON + DAY, "there is no occurrence 999"),
    ):
        with pytest.raises(NotChanged, match=why):
            await _changes(stage, partial(move, number, to))


async def test_a_skipped_occurrence_does_not_happen_unless_it_is_taken_back() -> None:
    """The others do."""
    stage = await _stage(MARKET)
    first, second, *_ = await _occurrences(stage)
    await _changes(stage, partial(skip, first.id))
    await _changes(stage, partial(skip, second.id))

    resumed = await _changes(stage, partial(resume, second.id))
    await stage.at(48)

    assert resumed == second
    assert [each.state for each in (await _occurrences(stage))[:2]] == [SKIPPED, OccurrenceState.MISSED]


async def test_only_what_is_skipped_and_still_to_come_is_taken_back() -> None:
    """Too late is too late."""
    stage = await _stage(MARKET)
    first, second, *_ = await _occurrences(stage)
    await _changes(stage, partial(skip, first.id))
    await stage.at(8)

    for number in (first.id, second.id):
        with pytest.raises(NotChanged, match="only a skipped one"):
            await _changes(stage, partial(resume, number))


async def test_a_skipped_occurrence_of_a_step_that_is_gone_stays_skipped() -> None:
    """There is nothing it could do."""
    stage = await _stage(MARKET)
    first, *_ = await _occurrences(stage)
    await _changes(stage, partial(skip, first.id))
    await stage.store.write(lambda books: books.campaigns.revise(replace(stage.campaign, steps=())))

    with pytest.raises(NotChanged, match="has no step «market» any more"):
        await _changes(stage, partial(resume, first.id))


async def test_a_closing_is_not_skipped() -> None:
    """A poll that opens closes."""
    stage = await _stage(*ASKED)
    closing = (await _occurrences(stage))[2]

    with pytest.raises(NotChanged, match="always closed"):
        await _changes(stage, partial(skip, closing.id))


async def test_without_its_opening_a_poll_is_not_held() -> None:
    """What is about it does not happen either."""
    stage = await _stage(*ASKED)
    opening = (await _occurrences(stage))[0]
    await _changes(stage, partial(skip, opening.id))

    for hour in (1, 2, 3):
        await stage.at(hour)

    assert await stage.states() == [SKIPPED, OccurrenceState.CANCELLED, OccurrenceState.CANCELLED]
    assert await stage.planned() == []


async def test_nothing_of_a_cancelled_campaign_is_changed() -> None:
    """It was stopped for ever."""
    stage = await _stage(MARKET)
    first, second, *_ = await _occurrences(stage)
    await _changes(stage, partial(skip, first.id))
    await stage.planner.cancel(stage.campaign.id)

    with pytest.raises(NotChanged, match="is not running"):
        await _changes(stage, partial(resume, first.id))
    with pytest.raises(NotChanged, match="is cancelled"):
        await _changes(stage, partial(skip, second.id))


async def test_what_is_moved_while_the_planner_looks_happens_later() -> None:
    """An officer's word that came first is heard: never at a time that is no longer planned."""
    stage = await _stage(MARKET)
    first, *_ = await _occurrences(stage)
    stage.clock.move_to(first.due_at)
    moving = partial(_changes, stage, partial(move, first.id, first.due_at + HOUR))

    settled = await stage.new_planner(Interrupted(stage.store, moving)).look()

    assert (settled, await stage.planned()) == (0, [])


async def test_a_poll_stays_open_until_the_time_that_was_told_whatever_the_law_says_of_clocks() -> None:
    """The zone changes while people vote: those who were told five o'clock have until then, by the clocks of then."""
    stage = await _stage(*ASKED)
    await stage.at(1)
    closing = (await _occurrences(stage))[2]
    lawful: Campaign = replace(stage.campaign, zone=ZoneInfo("Etc/GMT-2"))
    await stage.store.write(lambda books: books.campaigns.revise(lawful))

    await stage.new_planner().look()

    assert (await _occurrences(stage))[-1] == closing
    assert (await stage.poll(BRIDGE)).closes_at == closing.due_at == datetime(2027, 3, 1, 15, tzinfo=UTC)
