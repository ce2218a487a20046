"""The review of what goes out: a campaign is submitted, another person approves it, then it is scheduled.

What is approved is what was submitted: its texts in both languages, pictures (they are named by their content) and
their descriptions, questions, audience, steps, times, zone and rules of the clock; the *content* is the digest of all
that. Another content is another submission, with a number of its own, and ends the one before. Until the other is
approved, a campaign that runs goes on as it was approved.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from core.campaign import Campaign
from core.errors import ParvisError
from core.identifiers import MemberKey, ReviewId
from core.staff import Act, Staff

ALONE_WAITS = timedelta(minutes=10)  # for who approved their own words to think again
_SHOWN = 6  # characters of the content in a code
_CODE = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{6})")


class ReviewState(StrEnum):
    """What became of a submission."""

    REVIEW = "review"  # it waits for somebody to approve it
    APPROVED = "approved"  # it waits for its ten minutes, or for the service
    SCHEDULED = "scheduled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by somebody, or by another submission


TRANSITIONS: Mapping[ReviewState, frozenset[ReviewState]] = MappingProxyType(
    {
        ReviewState.REVIEW: frozenset({ReviewState.APPROVED, ReviewState.REJECTED, ReviewState.WITHDRAWN}),
        ReviewState.APPROVED: frozenset({ReviewState.SCHEDULED, ReviewState.REJECTED, ReviewState.WITHDRAWN}),
        ReviewState.SCHEDULED: frozenset(),
        ReviewState.REJECTED: frozenset(),
        ReviewState.WITHDRAWN: frozenset(),
    }
)


class NotReviewed(ParvisError):
    """A submission is not approved, rejected or withdrawn; ``reason`` says why, and nothing was changed."""

    def __init__(self, reason: "Reason") -> None:
        """Carry the reason."""
        super().__init__(reason.value)
        self.reason = reason


class Reason(StrEnum):
    """Why somebody cannot decide about a submission."""

    UNKNOWN = "unknown"  # no submission has this code
    SETTLED = "settled"  # it was decided already
    NOT_ALLOWED = "not_allowed"  # their role is not enough
    ONE_S_OWN = "one_s_own"  # another person must
    NO_REASON = "no_reason"  # who sends it back says why
    BLOCKED = "blocked"  # pre-flight found what must be mended


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A submission of a whole campaign. ``blocking``: how much pre-flight found at it that must be mended.

    ``ripe_at`` is when what was approved may be scheduled; ``why`` is what was said when it was rejected.
    """

    id: ReviewId
    campaign: Campaign
    content: str
    by: MemberKey
    at: datetime
    blocking: int = 0
    state: ReviewState = ReviewState.REVIEW
    decided_by: MemberKey | None = None
    decided_at: datetime | None = None
    ripe_at: datetime | None = None
    why: str = ""

    @property
    def code(self) -> str:
        """What somebody types to decide about exactly this."""
        return f"{self.id}-{self.content[:_SHOWN]}"

    @property
    def is_live(self) -> bool:
        """Whether something may still come of it."""
        return bool(TRANSITIONS[self.state])

    @property
    def alone(self) -> bool:
        """Whether the one who asked is the one who approved."""
        return self.decided_by == self.by


def number_in(code: str) -> ReviewId | None:
    """The number of the submission that a code names; None for what is no code."""
    read = _CODE.fullmatch(code)
    return ReviewId(int(read[1])) if read else None


def approved(review: Review, staff: Staff, who: MemberKey, at: datetime) -> Review:
    """The submission, approved by somebody. Raises NotReviewed."""
    if not staff.may(who, Act.APPROVE):
        raise NotReviewed(Reason.NOT_ALLOWED)
    if review.state is not ReviewState.REVIEW:
        raise NotReviewed(Reason.SETTLED)
    if not staff.may_approve(who, asked_by=review.by):
        raise NotReviewed(Reason.ONE_S_OWN)
    if review.blocking:
        raise NotReviewed(Reason.BLOCKED)
    ripe_at = at + ALONE_WAITS if who == review.by else at
    return replace(review, state=ReviewState.APPROVED, decided_by=who, decided_at=at, ripe_at=ripe_at)


def ended(review: Review, state: ReviewState, who: MemberKey, at: datetime, *, why: str = "") -> Review:
    """The submission, rejected, withdrawn or scheduled. Raises NotReviewed when it stands otherwise by now."""
    if state not in TRANSITIONS[review.state]:
        raise NotReviewed(Reason.SETTLED)
    if state is ReviewState.SCHEDULED:
        return replace(review, state=state)
    return replace(review, state=state, decided_by=who, decided_at=at, why=why)
