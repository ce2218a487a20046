"""A copy of what is out, with all that bears on what can still be done to it."""

from dataclasses import dataclass

from core.audience import Destination
from core.campaign import CampaignState
from core.correction import Correction
from core.delivery import Delivery
from core.ports.store import Books
from delivery.directory import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy, and what is ordered about it. ``corrections`` are all of what its occurrence said, the oldest first.

    ``zone`` is that of its campaign, and ``speaks`` says that it was not cancelled. ``counted``: no poll of the network
    in it is still to be counted.
    """

    delivery: Delivery
    destination: Destination
    corrections: tuple[Correction, ...]
    zone: str
    speaks: bool
    counted: bool


def copy_of(books: Books, delivery: Delivery, directory: Directory) -> Copy | None:
    """The copy that a delivery is; None when nobody can be reached under its name any more."""
    destination = directory.find(books, delivery.account, delivery.recipient)
    said = delivery if delivery.answers is None else books.deliveries.get(delivery.answers)
    occurrence = None if said is None or said.occurrence is None else books.campaigns.occurrence(said.occurrence)
    running = None if occurrence is None else books.campaigns.get(occurrence.campaign)
    if destination is None or occurrence is None or running is None:
        return None
    return Copy(
        delivery=delivery,
        destination=destination,
        corrections=books.corrections.of(occurrence.id),
        zone=running.campaign.zone.key,
        speaks=running.state is not CampaignState.CANCELLED,
        counted=_is_counted(books, delivery),
    )


def _is_counted(books: Books, delivery: Delivery) -> bool:
    polls = {receipt.poll for receipt in delivery.receipts if receipt.poll is not None}
    if not polls:
        return True
    waiting = books.natives.unsettled()
    return not any(each.account == delivery.account and each.receipt.poll in polls for each in waiting)
