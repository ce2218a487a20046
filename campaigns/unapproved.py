"""What is to go out within a day though nobody approved it: the staff is told while there is time.

That is a step of a campaign that runs and is not what was approved, and a submission whose first date comes near. A
submission without any date hurries nobody.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.approved import is_approved
from campaigns.outlook import started
from campaigns.public_holidays import days_off
from core.alert import Alert, AlertKind, Matter, of_campaign, of_occurrence
from core.campaign import After, StepKind
from core.ports.store import Books
from core.review import Review, ReviewState
from core.timetable import Timetable

DAY = timedelta(hours=24)


def is_news(now: datetime, books: Books) -> bool:
    """Whether an alert is to begin, or one is over: it was approved meanwhile, or is settled."""
    return any(_news(now, books))


def tell(now: datetime, books: Books) -> None:
    """Begin those alerts, and end those."""
    fresh, over = _news(now, books)
    for matter in fresh:
        books.alerts.open(matter, at=now)
    for alert in over:
        books.alerts.save(replace(alert, over_at=now))


def _news(now: datetime, books: Books) -> tuple[list[Matter], list[Alert]]:
    wanted = {matter.about: matter for matter in (*_steps(now, books), *_submissions(now, books))}
    standing = {
        alert.matter.about: alert
        for alert in books.alerts.standing()
        if alert.matter.kind is AlertKind.UNAPPROVED and alert.over_at is None
    }
    fresh = [matter for about, matter in wanted.items() if about not in standing]
    return fresh, [alert for about, alert in standing.items() if about not in wanted]


def _steps(now: datetime, books: Books) -> Iterator[Matter]:
    known: dict[str, bool] = {}
    for each in books.campaigns.due(now + DAY):
        running = started(each.campaign, books)
        step = running.campaign.step(each.step)
        until = each.due_at + step.grace
        if each.campaign not in known:
            known[each.campaign] = is_approved(running.campaign, books)
        if not known[each.campaign] and step.kind is not StepKind.CLOSE_POLL and now < until:
            yield Matter(kind=AlertKind.UNAPPROVED, about=of_occurrence(each.id), until=until)


def _submissions(now: datetime, books: Books) -> Iterator[Matter]:
    for review in books.reviews.all(state=ReviewState.REVIEW):
        first = _first(review, now)
        if first is not None and first - now <= DAY:
            about = of_campaign(review.campaign.id)
            yield Matter(kind=AlertKind.UNAPPROVED, about=about, detail=review.campaign.title, until=first)


def _first(review: Review, now: datetime) -> datetime | None:
    """The first instant to come that a submission names by itself."""
    campaign = review.campaign
    timetable = Timetable(campaign, review.at, is_holiday=days_off(campaign.place))
    dated = [step for step in campaign.steps if not isinstance(step.when, After)]
    return min((due.at for step in dated for due in timetable.of(step) if due.at > now), default=None)
