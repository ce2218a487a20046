"""A plan becomes instants: each step at its wall-clock time, or so long after the one before."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaign import After, At, StepKind
from core.identifiers import PollId
from core.localtime import exists
from core.poll import PollState
from core.timetable import Timetable
from tests.core.examples import BRIDGE, NEWS, NOON, campaign, instants, step

OPEN_AT_SIX = step(StepKind.OPEN_POLL, At(datetime.fromisoformat("2027-03-20 18:00")))
CLOSE_A_WEEK_LATER = step(StepKind.CLOSE_POLL, After(days=7))
CLOSE_AFTER_168_HOURS = step(StepKind.CLOSE_POLL, After(timedelta(hours=168)))
TOWNS = tuple(
    map(
        ZoneInfo,
        (
            "Europe/Paris",
            "Indian/Reunion",
            "America/Guadeloupe",
            "America/Martinique",
            "America/Cayenne",
            "Indian/Mayotte",
            "Pacific/Noumea",
            "Pacific/Tahiti",
            "Pacific/Marquesas",
            "Pacific/Gambier",
            "America/Miquelon",
        ),
    )
)
LOCAL_NOON = NOON.replace(tzinfo=None)
CLOSE_AT_SIX = step(StepKind.CLOSE_POLL, At(datetime.fromisoformat("2027-04-03 18:00")))

delays = st.lists(st.timedeltas(timedelta(), timedelta(days=400)), max_size=8)


def test_a_step_at_a_time_is_at_that_time_of_the_campaigns_zone() -> None:
    """18:00 in Paris, before and after the clocks change."""
    due = instants(campaign(OPEN_AT_SIX, CLOSE_AT_SIX), NOON)

    assert due == (datetime(2027, 3, 20, 17, tzinfo=UTC), datetime(2027, 4, 3, 16, tzinfo=UTC))


def test_a_step_after_another_counts_from_that_one() -> None:
    """168 hours are 168 hours, whatever the clocks do meanwhile."""
    opens, closes = instants(campaign(OPEN_AT_SIX, CLOSE_AFTER_168_HOURS), NOON)

    assert closes - opens == timedelta(hours=168)


def test_days_later_it_is_the_same_time_of_day() -> None:
    """Seven days after six in the evening people expect six in the evening, also when clocks go forward meanwhile."""
    _, closes = instants(campaign(OPEN_AT_SIX, CLOSE_A_WEEK_LATER, CLOSE_A_WEEK_LATER), NOON)[1:]

    assert closes == datetime(2027, 4, 3, 16, tzinfo=UTC)


def test_hours_come_after_the_days() -> None:
    """«1 day 12 h» after six in the evening, in the night when clocks go forward, is seven in the morning."""
    saturday = step(StepKind.OPEN_POLL, At(datetime.fromisoformat("2027-03-26 18:00")))

    _, due = instants(campaign(saturday, step(StepKind.CLOSE_POLL, After(timedelta(hours=12), days=1))), NOON)

    assert due == datetime(2027, 3, 28, 5, tzinfo=UTC)


@given(
    zone=st.sampled_from(TOWNS),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  made aware
    days=st.integers(1, 400),
)
def test_in_every_town_a_day_later_clocks_show_the_same(zone: ZoneInfo, start: datetime, days: int) -> None:
    """From Miquelon to the Marquesas; but in the hour that does not exist, which is read an hour later."""
    (due,) = instants(campaign(step(StepKind.REMIND, After(days=days)), zone=zone.key), start)

    wanted = start.astimezone(zone).replace(tzinfo=None, fold=0) + timedelta(days=days)
    shown = due.astimezone(zone).replace(tzinfo=None, fold=0)
    assert shown == (wanted if exists(wanted, zone) else wanted + timedelta(hours=1))


@given(zone=st.sampled_from(TOWNS), start=st.datetimes(timezones=st.just(UTC), min_value=datetime(2026, 1, 1)))  # noqa: DTZ001
def test_no_days_change_nothing(zone: ZoneInfo, start: datetime) -> None:
    """Also in the hour that happens twice."""
    assert instants(campaign(step(StepKind.REMIND, After()), zone=zone.key), start) == (start,)


def test_a_first_step_after_something_counts_from_the_start() -> None:
    """A campaign without any fixed date can be started any day."""
    due = instants(campaign(step(StepKind.ANNOUNCE, After(timedelta(minutes=5)), NEWS)), NOON)

    assert due == (NOON + timedelta(minutes=5),)


@given(delays)
def test_relative_steps_add_up_from_the_start(pauses: list[timedelta]) -> None:
    """Each is due when all the pauses up to it have passed."""
    due = instants(campaign(*(step(StepKind.REMIND, After(pause)) for pause in pauses)), NOON)

    assert due == tuple(NOON + sum(pauses[: rank + 1], timedelta()) for rank in range(len(pauses)))


@pytest.mark.parametrize("start", [NOON, NOON.astimezone(ZoneInfo("Pacific/Noumea")), NOON.astimezone(timezone.min)])
def test_instants_are_in_utc_wherever_the_start_was_given(start: datetime) -> None:
    """The database compares them as text."""
    due = instants(campaign(step(StepKind.REMIND, After(timedelta()))), start)

    assert due == (NOON,)
    assert due[0].tzinfo is UTC


def test_a_poll_opens_and_closes_with_its_steps() -> None:
    """Its question and options come from the file, its instants from the plan."""
    plan = campaign(OPEN_AT_SIX, CLOSE_A_WEEK_LATER)

    (asked,) = Timetable(plan, NOON).polls()

    assert (asked.id, asked.options, asked.state) == (BRIDGE, plan.question(BRIDGE).options, PollState.PLANNED)
    assert (asked.opens_at, asked.closes_at) == instants(plan, NOON)


def test_a_reminder_between_opening_and_closing_changes_no_instant() -> None:
    """Several reminders of one poll may stand in one plan."""
    remind = step(StepKind.REMIND, After(timedelta(days=1)))

    (asked,) = Timetable(campaign(OPEN_AT_SIX, remind, remind, CLOSE_AT_SIX), NOON).polls()

    assert asked.closes_at == datetime(2027, 4, 3, 16, tzinfo=UTC)


def test_what_a_step_is_about_is_found_by_name() -> None:
    """Announcements and questions each have their own names."""
    plan = campaign()

    assert (plan.announcement(NEWS).id, plan.question(BRIDGE).id) == (NEWS, BRIDGE)


def test_a_name_that_nothing_has_is_an_error() -> None:
    """Files are checked before: this is a fault of ours."""
    with pytest.raises(KeyError):
        campaign().question(PollId("unheard_of"))
