"""Announcements that are of no use after a while: never published late, marked as over everywhere."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.campaign import OccurrenceState, StepKind
from core.correction import AmendmentState, CorrectionKind
from core.staff import SERVICE
from tests.campaigns.plans import GOOD, mistakes, read
from tests.campaigns.stage import HOUR, Stage, then
from tests.fakes import NOON

_PARIS = ZoneInfo("Europe/Paris")
_BODY = 'body.fr = "'


def _until(hours: float) -> Stage:
    """The news are said an hour after noon, and are of no use so many hours after noon."""
    stage = Stage(steps=(then(StepKind.ANNOUNCE),))
    news, *others = stage.campaign.announcements
    local = (NOON + hours * HOUR).astimezone(stage.campaign.zone).replace(tzinfo=None)
    stage.campaign = replace(stage.campaign, announcements=(replace(news, valid_until=local), *others))
    return stage


async def test_it_is_marked_as_over_at_its_time_wherever_it_went() -> None:
    """Planned with what goes out, so that nobody has to think of it."""
    stage = await _until(5).started()

    await stage.at(1)

    (delivery,) = await stage.planned()
    assert delivery.occurrence is not None
    said = delivery.occurrence
    (correction,) = await stage.store.read(lambda books: books.corrections.of(said))
    (amendment,) = await stage.store.read(lambda books: books.corrections.of_delivery(delivery.id))
    assert (correction.order.kind, correction.order.by) == (CorrectionKind.END, SERVICE)
    assert (amendment.state, amendment.due_at) == (AmendmentState.PLANNED, NOON + 5 * HOUR)
    assert await stage.planner.next_due() == NOON + 5 * HOUR


async def test_what_waits_to_be_sent_is_not_sent_once_it_is_of_no_use() -> None:
    """Although the grace of its step is longer."""
    stage = await _until(1.5).started()

    await stage.at(1)

    (delivery,) = await stage.planned()
    assert delivery.expires_at == NOON + 1.5 * HOUR


async def test_a_step_is_missed_from_that_instant_on() -> None:
    """The service was away."""
    stage = await _until(1.5).started()

    await stage.at(1.5)

    assert await stage.states() == [OccurrenceState.MISSED]
    assert await stage.planned() == []


def test_a_file_says_until_when(tmp_path: Path) -> None:
    """On the clocks of the campaign."""
    campaign = read(tmp_path, GOOD.replace(_BODY, f"valid_until = 2027-04-01T14:00:00\n{_BODY}", 1))

    (news,) = campaign.announcements
    assert campaign.over_at(news.id) == datetime(2027, 4, 1, 14, tzinfo=_PARIS).astimezone(UTC)
    assert read(tmp_path).over_at(news.id) is None


@pytest.mark.parametrize(
    ("until", "gap", "problem"),
    [
        ("2027-03-01T00:00:00", "refuse", "is over before the step «announce-news» says it"),
        ("2027-03-28T02:30:00", "refuse", "does not exist in Europe/Paris"),
        ('"soon"', "refuse", "time"),
    ],
)
def test_an_end_that_cannot_be_is_named(tmp_path: Path, until: str, gap: str, problem: str) -> None:
    """Before anything goes out."""
    found = mistakes(tmp_path, ("[campaign]", f'[campaign]\ngap = "{gap}"'), (_BODY, f"valid_until = {until}\n{_BODY}"))

    assert [(each.key, problem in each.problem) for each in found] == [("announcements.news.valid_until", True)], found
