"""Submissions of campaigns, and what became of them."""

from datetime import datetime
from typing import Protocol

from core.campaign import Campaign
from core.identifiers import CampaignId, MemberKey, ReviewId
from core.review import Review, ReviewState


class ReviewBook(Protocol):
    """Submissions of campaigns."""

    def submit(self, campaign: Campaign, *, by: MemberKey, at: datetime, blocking: int = 0) -> Review:
        """Keep a campaign for review; what was submitted of it before, and still waits, is withdrawn by this."""
        ...

    def get(self, review: ReviewId) -> Review | None:
        """The submission."""
        ...

    def of(self, campaign: CampaignId) -> tuple[Review, ...]:
        """All submissions of a campaign, the newest first."""
        ...

    def all(self, *, state: ReviewState, limit: int = 100) -> tuple[Review, ...]:
        """Those that stand so, the oldest first."""
        ...

    def save(self, review: Review, *, expected: ReviewState) -> bool:
        """Store what became of one; False, and nothing, when it stands otherwise than ``expected``."""
        ...
