"""Whether a campaign is, word for word, what somebody approved."""

from datetime import datetime

from core.campaign import Campaign
from core.errors import ParvisError
from core.identifiers import CampaignId
from core.ports.store import Books
from core.review import ReviewState


class NotApproved(ParvisError):
    """A campaign is about to say what nobody approved: it does not, and may until ``until``."""

    def __init__(self, campaign: CampaignId, *, until: datetime) -> None:
        """Carry when it would be late."""
        super().__init__(f"nobody approved the campaign {campaign} as it is")
        self.until = until


def is_approved(campaign: Campaign, books: Books) -> bool:
    """Whether the newest submission of it that was approved and scheduled is this very plan."""
    scheduled = (each for each in books.reviews.of(campaign.id) if each.state is ReviewState.SCHEDULED)
    newest = next(scheduled, None)
    return newest is not None and newest.campaign == campaign
