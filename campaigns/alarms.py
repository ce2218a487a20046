"""What the staff is told of campaigns, besides what is in the ledger; ``core.alert`` says how long each stands."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from core.alert import KEPT, AlertKind, Matter, of_campaign, of_feed, of_occurrence
from core.campaign import Campaign, Occurrence
from core.feed import Reading
from core.ports.store import Books
from core.wording import Wording

_UNTIL_READ = timedelta(hours=1)  # after the feed is to be read again


def unapproved(occurrence: Occurrence, until: datetime, now: datetime, books: Books) -> None:
    """Tell that something waits of which nobody approved what it says; from ``until`` on it would be late."""
    books.alerts.open(Matter(kind=AlertKind.UNAPPROVED, about=of_occurrence(occurrence.id), until=until), at=now)


def unscheduled(campaign: Campaign, why: str, now: datetime, books: Books) -> None:
    """Tell that what somebody approved does not go out after all."""
    detail = Wording(fr=f"{campaign.title.fr}\u00a0: {why}", en=f"{campaign.title.en}: {why}")
    about = of_campaign(campaign.id)
    books.alerts.open(Matter(kind=AlertKind.UNSCHEDULED, about=about, detail=detail, until=now + KEPT), at=now)


def unreadable(reading: Reading, now: datetime, books: Books) -> None:
    """Tell that a feed cannot be read."""
    said = f"{reading.feed}: {reading.trouble}"
    until = reading.next_at + _UNTIL_READ
    detail = Wording(fr=said, en=said)
    books.alerts.open(Matter(kind=AlertKind.FEED, about=of_feed(reading.feed), detail=detail, until=until), at=now)


def over(kind: AlertKind, about: Collection[str], now: datetime, books: Books) -> None:
    """Tell that it is mended, if it was told that it is not."""
    for alert in books.alerts.standing():
        if alert.matter.kind is kind and alert.matter.about in about and alert.over_at is None:
            books.alerts.save(replace(alert, over_at=now))
