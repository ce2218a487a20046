"""Sober mode: nothing that a campaign planned goes out, on any network; people are still answered.

What was planned stays planned and stays bound to its time: what is late when the town speaks again expires. One
delivery is let out by making it urgent, so that nothing else has to be remembered.
"""

from dataclasses import replace
from datetime import datetime

from core.delivery import Delivery, DeliveryState, Urgency
from core.identifiers import CampaignId, DeliveryId
from core.ports.store import Books

_SOBER, _SINCE = "sober", "sober_since"
_SPOKEN = Urgency.NOTICE  # what answers people, or tells them what became of their words, is at least so urgent
_LET_OUT = Urgency.MODERATION


def sober(books: Books) -> tuple[str, datetime] | None:
    """Why and since when nothing planned goes out; None while it does."""
    why, since = books.town.fact(_SOBER), books.town.fact(_SINCE)
    return None if why is None or since is None else (why, datetime.fromisoformat(since))


def freeze(books: Books, why: str, *, at: datetime) -> None:
    """Let nothing planned go out from now on."""
    books.town.set_fact(_SOBER, why)
    books.town.set_fact(_SINCE, at.isoformat())


def thaw(books: Books) -> str | None:
    """Let everything go out again that is not too late; why nothing did, None when everything did."""
    why = books.town.fact(_SOBER)
    books.town.set_fact(_SOBER, None)
    books.town.set_fact(_SINCE, None)
    return why


def least_urgent(books: Books) -> Urgency:
    """What is less urgent than this does not go out now."""
    return Urgency.REFRESH if books.town.fact(_SOBER) is None else _SPOKEN


def let_out(books: Books, number: DeliveryId, *, at: datetime) -> bool:
    """Let one delivery go out all the same; False when it is not planned, or too late."""
    delivery = books.deliveries.get(number)
    if delivery is None or delivery.state is not DeliveryState.PLANNED or at >= delivery.expires_at:
        return False
    urgent = replace(delivery, urgency=min(delivery.urgency, _LET_OUT))
    return books.deliveries.save(urgent, expected=DeliveryState.PLANNED)


def let_campaign_out(books: Books, campaign: CampaignId, *, at: datetime) -> int:
    """Let everything go out that is now planned of a campaign, corrections too, and is not too late; how many."""
    return books.deliveries.hasten(campaign, _LET_OUT, at=at) + books.corrections.hasten(campaign, _LET_OUT)


def frozen(books: Books, *, limit: int) -> tuple[Delivery, ...]:
    """What does not go out, the newest first; nothing unless the town is sober."""
    if sober(books) is None:
        return ()
    return books.deliveries.all(state=DeliveryState.PLANNED, below=_SPOKEN, limit=limit)
