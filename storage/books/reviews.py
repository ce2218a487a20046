"""Submissions of campaigns."""

from datetime import datetime

from sqlmodel import col, select, update

from core.campaign import Campaign
from core.identifiers import CampaignId, MemberKey, ReviewId
from core.review import TRANSITIONS, Review, ReviewState
from storage import bodies
from storage.books.book import Book
from storage.staff_tables import ReviewRow

_LIVE = tuple(state for state, later in TRANSITIONS.items() if later)


class Reviews(Book):
    """See ``core.ports.books.reviews.ReviewBook``."""

    def submit(self, campaign: Campaign, *, by: MemberKey, at: datetime, blocking: int = 0) -> Review:
        """Keep it, in place of those that wait."""
        waiting = (col(ReviewRow.campaign) == campaign.id) & col(ReviewRow.state).in_(_LIVE)
        ended = {"state": ReviewState.WITHDRAWN, "decided_by": by, "decided_at": at}
        self._change(update(ReviewRow).where(waiting).values(ended))
        body = bodies.written(campaign)
        row = {
            "campaign": campaign.id,
            "body": body,
            "content": bodies.content_of(body),
            "by": by,
            "at": at,
            "blocking": blocking,
            "state": ReviewState.REVIEW,
            "why": "",
        }
        self._change(self._dialect.insert(ReviewRow).values(row))
        return self.of(campaign.id)[0]

    def get(self, review: ReviewId) -> Review | None:
        """Look one up."""
        row = self._session.exec(select(ReviewRow).where(ReviewRow.id == review)).first()
        return _review(row) if row else None

    def of(self, campaign: CampaignId) -> tuple[Review, ...]:
        """List those of a campaign."""
        theirs = select(ReviewRow).where(ReviewRow.campaign == campaign).order_by(col(ReviewRow.id).desc())
        return tuple(map(_review, self._session.exec(theirs)))

    def all(self, *, state: ReviewState, limit: int = 100) -> tuple[Review, ...]:
        """List them."""
        found = select(ReviewRow).where(ReviewRow.state == state).order_by(col(ReviewRow.id)).limit(limit)
        return tuple(map(_review, self._session.exec(found)))

    def save(self, review: Review, *, expected: ReviewState) -> bool:
        """Compare and set."""
        stands = (col(ReviewRow.id) == review.id) & (col(ReviewRow.state) == expected)
        became = {
            "state": review.state,
            "decided_by": review.decided_by,
            "decided_at": review.decided_at,
            "ripe_at": review.ripe_at,
            "why": review.why,
        }
        return bool(self._change(update(ReviewRow).where(stands).values(became)))


def _review(row: ReviewRow) -> Review:
    return Review(
        id=ReviewId(row.id),
        campaign=bodies.read(Campaign, row.body),
        content=row.content,
        by=MemberKey(row.by),
        at=row.at,
        blocking=row.blocking,
        state=ReviewState(row.state),
        decided_by=MemberKey(row.decided_by) if row.decided_by is not None else None,
        decided_at=row.decided_at,
        ripe_at=row.ripe_at,
        why=row.why,
    )
