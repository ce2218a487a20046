"""Where a post stands, in one word."""

import pytest

from core.campaign import CampaignState, OccurrenceState
from core.delivery import DeliveryState
from core.life import Life, of_campaign, of_step, of_submission
from core.review import ReviewState

DONE, PLANNED = OccurrenceState.DONE, OccurrenceState.PLANNED


def test_everything_submitted_stands_somewhere() -> None:
    """What was sent back is a draft again."""
    found = {state: of_submission(state) for state in (None, *ReviewState)}

    assert found == {
        None: Life.DRAFT,
        ReviewState.REVIEW: Life.REVIEW,
        ReviewState.APPROVED: Life.APPROVED,
        ReviewState.SCHEDULED: Life.SCHEDULED,
        ReviewState.REJECTED: Life.DRAFT,
        ReviewState.WITHDRAWN: Life.DRAFT,
    }


@pytest.mark.parametrize(
    ("state", "deliveries", "kept_back", "expected"),
    [
        (PLANNED, {}, False, Life.SCHEDULED),
        (PLANNED, {}, True, Life.HELD),
        (OccurrenceState.MISSED, {}, False, Life.MISSED),
        (OccurrenceState.CANCELLED, {}, False, Life.WITHDRAWN),
        (OccurrenceState.SKIPPED, {}, False, Life.WITHDRAWN),
        (OccurrenceState.UNMET, {}, False, Life.WITHDRAWN),
        (DONE, {}, False, Life.PUBLISHED),
        (DONE, {DeliveryState.PLANNED: 2, DeliveryState.SENT: 1}, False, Life.PUBLISHING),
        (DONE, {DeliveryState.PLANNED: 2, DeliveryState.SENT: 1}, True, Life.HELD),
        (DONE, {DeliveryState.PLANNED: 2, DeliveryState.SENDING: 1}, True, Life.PUBLISHING),
        (DONE, {DeliveryState.SENT: 9, DeliveryState.UNCERTAIN: 1}, False, Life.UNCERTAIN),
        (DONE, {DeliveryState.SENT: 9, DeliveryState.UNCERTAIN: 0}, False, Life.PUBLISHED),
        (DONE, {DeliveryState.SENT: 1, DeliveryState.FAILED: 1}, False, Life.PUBLISHED),
        (DONE, {DeliveryState.FAILED: 1, DeliveryState.CANCELLED: 1}, False, Life.MISSED),
        (DONE, {DeliveryState.EXPIRED: 1}, False, Life.MISSED),
        (DONE, {DeliveryState.RETRACTED: 1, DeliveryState.CANCELLED: 1}, False, Life.WITHDRAWN),
    ],
)
def test_a_step_stands_where_its_deliveries_do(
    state: OccurrenceState, deliveries: dict[DeliveryState, int], expected: Life, *, kept_back: bool
) -> None:
    """What needs a human first."""
    assert of_step(state, deliveries, kept_back=kept_back) is expected


@pytest.mark.parametrize(
    ("state", "steps", "expected"),
    [
        (CampaignState.RUNNING, (), Life.SCHEDULED),
        (CampaignState.RUNNING, (Life.PUBLISHED, Life.SCHEDULED), Life.SCHEDULED),
        (CampaignState.RUNNING, (Life.PUBLISHED, Life.WITHDRAWN, Life.MISSED), Life.PUBLISHED),
        (CampaignState.RUNNING, (Life.SCHEDULED, Life.HELD, Life.UNCERTAIN), Life.UNCERTAIN),
        (CampaignState.CANCELLED, (Life.PUBLISHED, Life.WITHDRAWN), Life.WITHDRAWN),
        (CampaignState.CANCELLED, (Life.UNCERTAIN, Life.WITHDRAWN), Life.UNCERTAIN),
    ],
)
def test_a_campaign_stands_where_its_steps_do(state: CampaignState, steps: tuple[Life, ...], expected: Life) -> None:
    """One word for a list; what nobody knows is never hidden."""
    assert of_campaign(state, steps) is expected
