"""The life of a post as people see it, from what is known of its submission, its instant and its deliveries.

    draft → review → approved → scheduled → publishing → published
                                               │            uncertain: nobody knows whether it is out
                                               │            missed: it did not go out in time, or at all
                                               ├ held       it is due, and somebody or something keeps it back
                                               └ withdrawn  it was taken back before it went out, or after

Of a post on several networks, what needs a human is told before what went well.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from core.campaign import CampaignState, OccurrenceState
from core.delivery import DeliveryState
from core.review import ReviewState


class Life(StrEnum):
    """Where a post stands. In the order of what is told first of several."""

    UNCERTAIN = "uncertain"
    HELD = "held"
    PUBLISHING = "publishing"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    REVIEW = "review"
    DRAFT = "draft"


_SUBMITTED: Mapping[ReviewState, Life] = MappingProxyType(
    {
        ReviewState.REVIEW: Life.REVIEW,
        ReviewState.APPROVED: Life.APPROVED,
        ReviewState.SCHEDULED: Life.SCHEDULED,
        ReviewState.REJECTED: Life.DRAFT,
        ReviewState.WITHDRAWN: Life.DRAFT,
    }
)
_ENDED: Mapping[OccurrenceState, Life] = MappingProxyType(
    {
        OccurrenceState.MISSED: Life.MISSED,
        OccurrenceState.CANCELLED: Life.WITHDRAWN,
        OccurrenceState.SKIPPED: Life.WITHDRAWN,
        OccurrenceState.UNMET: Life.WITHDRAWN,
    }
)
_LOST = frozenset({DeliveryState.FAILED, DeliveryState.EXPIRED})


def of_submission(state: ReviewState | None) -> Life:
    """Where a campaign stands that does not run; None: nobody submitted it."""
    return Life.DRAFT if state is None else _SUBMITTED[state]


def of_step(state: OccurrenceState, deliveries: Mapping[DeliveryState, int], *, kept_back: bool) -> Life:
    """Where one step at its instant stands; ``kept_back``: it is due, and the town or an officer keeps it back."""
    if state is OccurrenceState.PLANNED:
        return Life.HELD if kept_back else Life.SCHEDULED
    if state is not OccurrenceState.DONE:
        return _ENDED[state]
    there = {each for each, number in deliveries.items() if number}
    if DeliveryState.UNCERTAIN in there:
        return Life.UNCERTAIN
    if there & {DeliveryState.PLANNED, DeliveryState.SENDING}:
        return Life.HELD if kept_back and DeliveryState.SENDING not in there else Life.PUBLISHING
    if not there or DeliveryState.SENT in there:  # the closing of a poll sends nothing
        return Life.PUBLISHED
    return Life.MISSED if there & _LOST else Life.WITHDRAWN


def of_campaign(state: CampaignState, steps: Iterable[Life]) -> Life:
    """Where a campaign stands that was started."""
    told = set(steps)
    if state is CampaignState.CANCELLED and Life.UNCERTAIN not in told:
        return Life.WITHDRAWN
    return next((each for each in Life if each in told), Life.SCHEDULED)
