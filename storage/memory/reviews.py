"""Submissions of campaigns, in memory."""

from dataclasses import replace
from datetime import datetime

from core.campaign import Campaign
from core.identifiers import CampaignId, MemberKey, ReviewId
from core.review import Review, ReviewState
from storage.bodies import content_of
from storage.memory.shelves import Shelves


class Reviews:
    """See ``core.ports.books.reviews.ReviewBook``."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def submit(self, campaign: Campaign, *, by: MemberKey, at: datetime, blocking: int = 0) -> Review:
        """Keep it, in place of those that wait."""
        for before in self.of(campaign.id):
            if before.is_live:
                withdrawn = replace(before, state=ReviewState.WITHDRAWN, decided_by=by, decided_at=at)
                self._shelves.reviews[before.id] = withdrawn
        number = ReviewId(self._shelves.next("review"))
        content = content_of(repr(campaign))
        review = Review(id=number, campaign=campaign, content=content, by=by, at=at, blocking=blocking)
        self._shelves.reviews[number] = review
        return review

    def get(self, review: ReviewId) -> Review | None:
        """Look one up."""
        return self._shelves.reviews.get(review)

    def of(self, campaign: CampaignId) -> tuple[Review, ...]:
        """List those of a campaign."""
        return tuple(each for each in reversed(self._shelves.reviews.values()) if each.campaign.id == campaign)

    def all(self, *, state: ReviewState, limit: int = 100) -> tuple[Review, ...]:
        """List them."""
        return tuple(each for each in self._shelves.reviews.values() if each.state is state)[:limit]

    def save(self, review: Review, *, expected: ReviewState) -> bool:
        """Compare and set."""
        before = self._shelves.reviews.get(review.id)
        if before is None or before.state is not expected:
            return False
        self._shelves.reviews[review.id] = review
        return True
