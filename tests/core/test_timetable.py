"""Steps become occurrences; what is planned follows the plan, and what has begun stays as it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaign import After, At, Campaign, Condition, Occurrence, OccurrenceState, Step, StepKind, named
from core.identifiers import OccurrenceId, StepName
from core.recurrence import Chosen, OnHoliday, Recurrence, Unit
from core.timetable import AHEAD, Due, Rearrangement, Timetable, moved_by_hand, rearranged
from tests.core.examples import BRIDGE, NEWS, NOON, campaign, instants, step

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARKET = StepName("market")
PLANNED, DONE, SKIPPED = OccurrenceState.PLANNED, OccurrenceState.DONE, OccurrenceState.SKIPPED
TUESDAYS = Recurrence(unit=Unit.WEEK, on=(Chosen(weekday=1),), time=time(18), until=date(2027, 12, 31))


def _market(rule: Recurrence = TUESDAYS, *others: Step) -> Campaign:
    """A market announced again and again."""
    return campaign(replace(step(StepKind.ANNOUNCE, rule, NEWS), name=MARKET), *others)


def _rearranged(plan: Campaign, standing: Sequence[Occurrence] = (), *, now: datetime = NOON) -> Rearrangement:
    return rearranged(plan, Timetable(plan, NOON, moved=moved_by_hand(standing)), standing, now)


def _laid_out(plan: Campaign, *, now: datetime = NOON) -> list[Occurrence]:
    return _applied(_rearranged(plan, now=now), [])


def _applied(changes: Rearrangement, standing: Sequence[Occurrence]) -> list[Occurrence]:
    """What a store does with a rearrangement."""
    shifted = dict(changes.shift)
    kept = [replace(each, due_at=shifted.get(each.id, each.due_at)) for each in standing if each.id not in changes.drop]
    first = max((each.id for each in standing), default=0) + 1
    return kept + [_occurrence(due, first + rank) for rank, due in enumerate(changes.add)]


def _occurrence(due: Due, number: int) -> Occurrence:
    return Occurrence(id=OccurrenceId(number), campaign=campaign().id, step=due.step, local=due.local, due_at=due.at)


# ── when steps are due ─────────────────────────────────────────────────────────────────────────────────────


def test_a_step_counts_from_the_step_it_names() -> None:
    """Also from a later one, also backwards: two days before the closing, at the same time of day."""
    plan = campaign(
        step(StepKind.OPEN_POLL, At(_local("2027-03-20 18:00"))),
        step(StepKind.REMIND, After(days=-2, step=StepName("closing"))),
        replace(step(StepKind.CLOSE_POLL, After(days=9, step=StepName("open_poll-route"))), name=StepName("closing")),
    )

    assert [f"{at:%d %H}" for at in instants(plan, NOON)] == ["20 17", "27 17", "29 16"]


def test_a_step_counts_from_each_occurrence_of_one_that_recurs() -> None:
    """The day after each market."""
    plan = _market(replace(TUESDAYS, until=None, count=2), step(StepKind.REMIND, After(days=1, step=MARKET)))

    assert [f"{at:%a %d}" for at in instants(plan, NOON)] == ["Tue 02", "Tue 09", "Wed 03", "Wed 10"]


def test_what_recurs_begins_with_the_start() -> None:
    """On the day itself when its time is still to come; never before, whatever its first day."""
    plan = _market(replace(TUESDAYS, first=date(2027, 2, 1), until=date(2027, 3, 9)))

    assert [f"{at:%d %b %H}" for at in instants(plan, NOON)] == ["02 Mar 17", "09 Mar 17"]


def test_public_holidays_are_those_that_the_timetable_is_told() -> None:
    """The rule knows none."""
    plan = _market(replace(TUESDAYS, until=date(2027, 3, 9), holidays=OnHoliday.NEXT_WORKING_DAY))

    timetable = Timetable(plan, NOON, is_holiday=lambda day: day == date(2027, 3, 9))

    assert [f"{due.local:%a %d}" for due in timetable.all()] == ["Tue 02", "Wed 10"]


def test_what_counts_from_a_moved_step_moves_with_it() -> None:
    """And is still known by the time it had in the plan."""
    plan = campaign(step(StepKind.ANNOUNCE, After(HOUR), NEWS), step(StepKind.REMIND, After(HOUR)))
    first, second = Timetable(plan, NOON).all()

    moved = Timetable(plan, NOON, moved={first.key: NOON + DAY}).all()

    assert moved == (replace(first, at=NOON + DAY), replace(second, at=NOON + DAY + HOUR))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Noumea", "America/Miquelon"])
def test_an_occurrence_is_known_by_the_clocks_of_its_campaign(zone: str) -> None:
    """So that another offset for the same time makes no other occurrence."""
    (due,) = Timetable(campaign(step(StepKind.REMIND, After(HOUR)), zone=zone), NOON).all()

    assert due.local == (NOON + HOUR).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def test_steps_without_a_name_are_named_after_what_they_do() -> None:
    """Twice the same: by number. A name that was given stays."""
    remind = step(StepKind.REMIND, After())
    own = replace(remind, name=StepName("mine"))

    names = [each.name for each in named((remind, own, remind, step(StepKind.ANNOUNCE, After(), NEWS)))]

    assert names == ["remind-route", "mine", "remind-route-2", "announce-news"]


def test_a_step_is_found_by_its_name() -> None:
    """And a name that none has is a fault of ours."""
    plan = _market()

    assert plan.step(MARKET).kind is StepKind.ANNOUNCE
    assert (plan.recurs, campaign(step(StepKind.REMIND, After())).recurs) == (True, False)
    with pytest.raises(KeyError):
        plan.step(StepName("unheard-of"))


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition(poll=BRIDGE, below=10), {9}),
        (Condition(poll=BRIDGE, quorum=10), {10, 11}),
        (Condition(poll=BRIDGE, closed=True, below=10), {9}),
        (Condition(poll=BRIDGE, closed=True), {9, 10, 11}),
    ],
)
def test_a_condition_holds_or_not_by_how_many_took_part(condition: Condition, holds: set[int]) -> None:
    """«Below» leaves the number out, a quorum takes it in."""
    assert {voters for voters in (9, 10, 11) if condition.holds(voters)} == holds
    assert condition.waits_for_closing is (condition.closed or condition.quorum is not None)


# ── what is planned ahead ──────────────────────────────────────────────────────────────────────────────────


def test_what_recurs_is_planned_sixty_days_ahead() -> None:
    """And what happens once is planned at once, however late it comes."""
    plan = _market(TUESDAYS, step(StepKind.REMIND, At(_local("2029-01-01 12:00"))))

    laid_out = _laid_out(plan)

    assert [each.step for each in laid_out] == [MARKET] * 9 + ["remind-route"]
    assert laid_out[8].due_at <= NOON + AHEAD < laid_out[8].due_at + 7 * DAY


def test_the_next_one_is_planned_however_far_away() -> None:
    """Else a campaign whose rule sleeps for a season would seem to be finished."""
    yearly = replace(TUESDAYS, unit=Unit.MONTH, every=6, on=(Chosen(rank=1),), first=date(2027, 1, 1), until=None)

    laid_out = _laid_out(_market(yearly))
    later = _rearranged(_market(yearly), laid_out, now=NOON + DAY)
    skipped = _rearranged(_market(yearly), [replace(laid_out[0], state=SKIPPED)])

    assert [f"{each.local:%d %b}" for each in laid_out] == ["01 Jul"]
    assert later.is_empty
    assert [f"{due.local:%d %b %Y}" for due in skipped.add] == ["01 Jan 2028"]


def test_time_that_goes_on_brings_more() -> None:
    """Each day looks sixty days ahead again; what is over is not planned a second time."""
    plan = _market()
    laid_out = _laid_out(plan)

    week = _rearranged(plan, [replace(laid_out[0], state=DONE), *laid_out[1:]], now=NOON + 7 * DAY)

    assert [f"{due.local:%d %b}" for due in week.add] == ["04 May"]
    assert (week.shift, week.drop) == ((), ())


def test_nothing_that_has_passed_is_planned() -> None:
    """A service that was down for a week does not find new things to be late for."""
    added = _rearranged(_market(), now=NOON + 10 * DAY).add

    assert min(due.at for due in added) >= NOON + 10 * DAY


def test_what_is_due_and_not_done_yet_stays_planned() -> None:
    """It is the planner that says whether it is too late."""
    plan = _market()

    assert _rearranged(plan, _laid_out(plan), now=NOON + 6 * DAY).drop == ()


# ── when the plan changes ──────────────────────────────────────────────────────────────────────────────────


def test_another_offset_shifts_what_is_planned_and_nothing_else() -> None:
    """A state abolishes summer time: the same clocks show the same time, at another instant."""
    paris = _market()
    done, skipped, moved, *rest = _laid_out(paris)
    changed = replace(paris, zone=ZoneInfo("Etc/GMT-1"))
    standing = [
        replace(done, state=DONE),
        replace(skipped, state=SKIPPED),
        replace(moved, due_at=NOON + 20 * DAY, moved=True),
        *rest,
    ]

    changes = _rearranged(changed, standing)

    summer = [each for each in rest if each.local >= _local("2027-03-28 00:00")]
    assert changes == Rearrangement(shift=tuple((each.id, each.due_at + HOUR) for each in summer))


def test_another_rule_replaces_what_is_planned() -> None:
    """From Tuesdays to Fridays; what was done, skipped or moved by hand stays."""
    done, skipped, moved, *rest = _laid_out(_market())
    standing = [replace(done, state=DONE), replace(skipped, state=SKIPPED), replace(moved, moved=True), *rest]
    fridays = _market(replace(TUESDAYS, on=(Chosen(weekday=4),)))

    after = _applied(_rearranged(fridays, standing), standing)

    assert [each for each in after if each.local.weekday() == 1] == standing[:3]
    assert _rearranged(fridays, after).is_empty


def test_a_new_public_holiday_takes_one_occurrence_away() -> None:
    """It was decided since; the others do not move."""
    skipping = _market(replace(TUESDAYS, holidays=OnHoliday.SKIP))
    standing = _laid_out(skipping)
    off = Timetable(skipping, NOON, is_holiday=lambda day: day == date(2027, 3, 9))

    changes = rearranged(skipping, off, standing, NOON)

    assert (changes.add, changes.shift, changes.drop) == ((), (), (standing[1].id,))


def test_a_step_that_has_happened_does_not_happen_again() -> None:
    """Whatever time the file gives it since: nothing is posted twice."""
    (once,) = _laid_out(campaign(step(StepKind.ANNOUNCE, After(HOUR), NEWS)))
    later = campaign(step(StepKind.ANNOUNCE, After(DAY), NEWS))

    planned = _rearranged(later, [once])
    done, moved = (_rearranged(later, [replace(once, **change)]) for change in ({"state": DONE}, {"moved": True}))

    assert ([due.at for due in planned.add], planned.drop) == ([NOON + DAY], (once.id,))
    assert (done, moved) == (Rearrangement(), Rearrangement())


def test_a_step_that_is_gone_is_planned_no_more() -> None:
    """Even when it was moved by hand."""
    standing = [replace(each, moved=rank == 0) for rank, each in enumerate(_laid_out(_market()))]

    changes = _rearranged(campaign(), standing)

    assert set(changes.drop) == {each.id for each in standing}


@given(
    days=st.lists(st.integers(0, 6), min_size=1, max_size=3),
    states=st.lists(st.sampled_from([PLANNED, DONE, SKIPPED]), min_size=12, max_size=12),
    ahead=st.integers(0, 200),
)
def test_laying_out_again_changes_nothing_and_touches_only_what_is_planned(
    days: list[int], states: list[OccurrenceState], ahead: int
) -> None:
    """Whatever rule comes after whatever rule, whatever was done before, however much later."""
    before = _laid_out(_market())
    standing = [replace(each, state=state) for each, state in zip(before, states, strict=False)]
    plan = _market(replace(TUESDAYS, on=tuple(Chosen(weekday=day) for day in days)))
    now = NOON + ahead * DAY

    after = _applied(_rearranged(plan, standing, now=now), standing)

    assert _rearranged(plan, after, now=now).is_empty
    assert [each for each in after if each.state is not PLANNED] == [
        each for each in standing if each.state is not PLANNED
    ]
    assert len({(each.step, each.local) for each in after}) == len(after)


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_instants_are_in_utc() -> None:
    """The database compares them."""
    assert {at.tzinfo for at in instants(_market(), NOON.astimezone(ZoneInfo("Pacific/Noumea")))} == {UTC}


@pytest.mark.parametrize("names", [("",), ("same", "same")])
def test_a_campaign_whose_steps_have_no_name_of_their_own_is_none(names: tuple[str, ...]) -> None:
    """What counts from a step, and what is stored of it, would be another one's."""
    steps = tuple(replace(step(StepKind.REMIND, After()), name=StepName(name)) for name in names)

    with pytest.raises(ValueError, match="no name of their own"):
        replace(campaign(), steps=steps)
