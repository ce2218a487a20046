"""Where everything stands, as officers see it: campaigns, their steps, and what was submitted."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from app.clock import SystemClock
from app.proposals import name_in
from app.settings import Settings
from app.upkeep import is_ready
from campaigns.catching_up import Turn, turn_of
from core.campaign import Occurrence, OccurrenceState
from core.errors import ParvisError
from core.identifiers import CampaignId
from core.life import Life, of_campaign, of_step, of_submission
from core.ports.books.campaigns import Running
from core.ports.store import Books
from core.review import ReviewState
from delivery.sobriety import sober
from storage.store import SqlStore


def lives_of(running: Running, steps: Iterable[Occurrence], now: datetime, books: Books) -> dict[Occurrence, Life]:
    """Where each of these steps stands."""
    counts = books.deliveries.by_occurrence(running.campaign.id)
    held, is_sober = books.town.fact("held") is not None, sober(books) is not None

    def one(step: Occurrence) -> Life:
        planned = step.state is OccurrenceState.PLANNED
        late = planned and turn_of(step, running.campaign, now, books) is not Turn.NOW
        kept_back = step.due_at <= now and (held or late or (is_sober and not planned))
        return of_step(step.state, counts.get(step.id, {}), kept_back=kept_back)

    return {step: one(step) for step in steps}


def life_of(running: Running, steps: Iterable[Life]) -> Life:
    """Where a campaign stands."""
    return of_campaign(running.state, steps)


async def life_of_file(settings: Settings, file: Path) -> Life:
    """Where the campaign of a file stands; a draft where the town's memory cannot be looked into."""
    name = await asyncio.to_thread(name_in, file)
    try:
        if not await asyncio.to_thread(is_ready, settings):
            return Life.DRAFT
        store = await SqlStore.open(settings.store_url)
        try:
            return await store.read(partial(_life_of_name, name, SystemClock().now()))
        finally:
            await store.close()
    except ParvisError:
        return Life.DRAFT


def _life_of_name(campaign: CampaignId, now: datetime, books: Books) -> Life:
    running = books.campaigns.get(campaign)
    if running is not None:
        return life_of(running, lives_of(running, books.campaigns.occurrences(campaign), now, books).values())
    newest = next(iter(books.reviews.of(campaign)), None)
    return of_submission(None if newest is None else newest.state)


def submitted(books: Books) -> list[tuple[CampaignId, Life, datetime]]:
    """What was submitted and does not run: name, where it stands, since when."""
    waiting = [*books.reviews.all(state=ReviewState.REVIEW), *books.reviews.all(state=ReviewState.APPROVED)]
    return [
        (each.campaign.id, of_submission(each.state), each.at)
        for each in waiting
        if books.campaigns.get(each.campaign.id) is None
    ]
