"""What else goes out about the same time: to see that a town does not say nearly the same thing twice in a day."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.likeness import alike
from campaigns.texts import Role, place_of, texts_of
from core.audience import Audience
from core.campaign import Campaign, Occurrence, OccurrenceState, StepKind
from core.identifiers import CampaignId, Locale, StepName
from core.ports.store import Books
from core.preflight import Concern, NearDuplicate
from core.wording import Wording

APART = timedelta(hours=24)
_SAID = frozenset({Role.TITLE, Role.BODY, Role.QUESTION})
_SAYING = frozenset({StepKind.ANNOUNCE, StepKind.OPEN_POLL})  # a reminder repeats, and means to
_STANDING = frozenset({OccurrenceState.PLANNED, OccurrenceState.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """What one step says, to whom and when. ``at`` is in UTC."""

    campaign: CampaignId
    step: StepName
    at: datetime
    audience: Audience
    said: Wording


def said_by(campaign: Campaign, occurrences: Sequence[Occurrence]) -> Iterator[Neighbour]:
    """What these steps of a campaign say, those that only repeat left out."""
    for occurrence in occurrences:
        step = campaign.step(occurrence.step)
        if step.kind in _SAYING and occurrence.state in _STANDING:
            texts = [text.wording for text in texts_of(campaign, step) if text.role in _SAID]
            said = Wording(fr="\n".join(text.fr for text in texts), en="\n".join(text.en for text in texts))
            yield Neighbour(
                campaign=campaign.id,
                step=occurrence.step,
                at=occurrence.due_at,
                audience=campaign.audience,
                said=said,
            )


def near(books: Books, since: datetime, until: datetime) -> tuple[Neighbour, ...]:
    """What the town's campaigns say from a day before ``since`` to a day after ``until``, gone out or not."""
    found: list[Neighbour] = []
    for running in books.campaigns.all():
        occurrences = books.campaigns.occurrences(running.campaign.id)
        close = [each for each in occurrences if since - APART <= each.due_at <= until + APART]
        found += said_by(running.campaign, close)
    return tuple(found)


def repeated(
    campaign: Campaign, occurrences: Sequence[Occurrence], neighbours: Collection[Neighbour]
) -> Iterator[Concern]:
    """What nearly the same people hear nearly twice within ``APART``."""
    for mine in said_by(campaign, occurrences):
        for other in neighbours:
            if _is_double(mine, other):
                place = place_of(campaign, campaign.step(mine.step))
                at = other.at.astimezone(campaign.zone)
                yield NearDuplicate(place=place, campaign=other.campaign, step=other.step, at=at)


def _is_double(mine: Neighbour, other: Neighbour) -> bool:
    if (mine.campaign, mine.step) == (other.campaign, other.step) or abs(mine.at - other.at) > APART:
        return False
    both = mine.audience.subscribers and other.audience.subscribers
    meet = both or bool({*mine.audience.channels} & {*other.audience.channels})
    return meet and any(alike(mine.said[locale], other.said[locale]) for locale in Locale)
