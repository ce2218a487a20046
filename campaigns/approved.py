"""Whether a campaign is, word for word, what somebody approved."""

from core.campaign import Campaign
from core.errors import ParvisError
from core.ports.store import Books
from core.review import ReviewState


class NotApproved(ParvisError):
    """A campaign is about to say what nobody approved: it does not."""


def is_approved(campaign: Campaign, books: Books) -> bool:
    """Whether the newest submission of it that was approved and scheduled is this very plan."""
    scheduled = (each for each in books.reviews.of(campaign.id) if each.state is ReviewState.SCHEDULED)
    newest = next(scheduled, None)
    return newest is not None and newest.campaign == campaign
