"""A plan becomes instants: each step at its wall-clock time, or so long after the one before."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaign import After, At, StepKind
from core.identifiers import PollId
from core.poll import PollState
from tests.core.examples import BRIDGE, NEWS, NOON, campaign, step

OPEN_AT_SIX = step(StepKind.OPEN_POLL, At(datetime.fromisoformat("2027-03-20 18:00")))
CLOSE_A_WEEK_LATER = step(StepKind.CLOSE_POLL, After(timedelta(days=7)))
CLOSE_AT_SIX = step(StepKind.CLOSE_POLL, At(datetime.fromisoformat("2027-04-03 18:00")))

delays = st.lists(st.timedeltas(timedelta(), timedelta(days=400)), max_size=8)


def test_a_step_at_a_time_is_at_that_time_of_the_campaigns_zone() -> None:
    """18:00 in Paris, before and after the clocks change."""
    due = campaign(OPEN_AT_SIX, CLOSE_AT_SIX).instants(NOON)

    assert due == (datetime(2027, 3, 20, 17, tzinfo=UTC), datetime(2027, 4, 3, 16, tzinfo=UTC))


def test_a_step_after_another_counts_from_that_one() -> None:
    """Seven days are 168 hours, whatever the clocks do meanwhile."""
    opens, closes = campaign(OPEN_AT_SIX, CLOSE_A_WEEK_LATER).instants(NOON)

    assert closes - opens == timedelta(hours=168)


def test_a_first_step_after_something_counts_from_the_start() -> None:
    """A campaign without any fixed date can be started any day."""
    due = campaign(step(StepKind.ANNOUNCE, After(timedelta(minutes=5)), NEWS)).instants(NOON)

    assert due == (NOON + timedelta(minutes=5),)


@given(delays)
def test_relative_steps_add_up_from_the_start(pauses: list[timedelta]) -> None:
    """Each is due when all the pauses up to it have passed."""
    due = campaign(*(step(StepKind.REMIND, After(pause)) for pause in pauses)).instants(NOON)

    assert due == tuple(NOON + sum(pauses[: rank + 1], timedelta()) for rank in range(len(pauses)))


@pytest.mark.parametrize("start", [NOON, NOON.astimezone(ZoneInfo("Pacific/Noumea")), NOON.astimezone(timezone.min)])
def test_instants_are_in_utc_wherever_the_start_was_given(start: datetime) -> None:
    """The database compares them as text."""
    due = campaign(step(StepKind.REMIND, After(timedelta()))).instants(start)

    assert due == (NOON,)
    assert due[0].tzinfo is UTC


def test_a_poll_opens_and_closes_with_its_steps() -> None:
    """Its question and options come from the file, its instants from the plan."""
    plan = campaign(OPEN_AT_SIX, CLOSE_A_WEEK_LATER)

    (asked,) = plan.polls(NOON)

    assert (asked.id, asked.options, asked.state) == (BRIDGE, plan.question(BRIDGE).options, PollState.PLANNED)
    assert (asked.opens_at, asked.closes_at) == plan.instants(NOON)


def test_a_reminder_between_opening_and_closing_changes_no_instant() -> None:
    """Several reminders of one poll may stand in one plan."""
    remind = step(StepKind.REMIND, After(timedelta(days=1)))

    (asked,) = campaign(OPEN_AT_SIX, remind, remind, CLOSE_AT_SIX).polls(NOON)

    assert asked.closes_at == datetime(2027, 4, 3, 16, tzinfo=UTC)


def test_what_a_step_is_about_is_found_by_name() -> None:
    """Announcements and questions each have their own names."""
    plan = campaign()

    assert (plan.announcement(NEWS).id, plan.question(BRIDGE).id) == (NEWS, BRIDGE)


def test_a_name_that_nothing_has_is_an_error() -> None:
    """Files are checked before: this is a fault of ours."""
    with pytest.raises(KeyError):
        campaign().question(PollId("unheard_of"))
