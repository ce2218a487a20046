"""From an approval to the calendar: what was approved is scheduled, and nothing else ever goes out.

``is_approved`` is asked in the transaction that plans deliveries. The registrar is the part of the service that
schedules what was approved by somebody who is not at the terminal any more: after ten minutes, or in chat.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

from campaigns import alarms
from campaigns.calendar import NotChanged
from campaigns.planner import begin
from campaigns.updating import update
from core.audit import Deed, of_campaign
from core.campaign import Campaign, CampaignState
from core.errors import Misconfigured
from core.ports.clock import Clock
from core.ports.store import Books, Store
from core.preflight import Concern, blocks
from core.review import Review, ReviewState, ended
from core.staff import SERVICE, Act

Examine = Callable[[Review], Awaitable[Sequence[Concern]]]

BLOCKED = "pre-flight blocks it (see: parvis campaign review)"

log = logging.getLogger("parvis.campaigns")


def schedule(review: Review, at: datetime, books: Books) -> Review:
    """Start what was approved, or let the campaign that runs follow it. Raises NotChanged and Misconfigured."""
    campaign = review.campaign
    running = books.campaigns.get(campaign.id)
    if running is None:
        begin(campaign, at, books)
        _refuse_the_past(campaign, at, books)
    elif running.state is CampaignState.CANCELLED:
        raise NotChanged(f"the campaign {campaign.id} was cancelled, for ever: give this one another name")
    else:
        update(campaign, at, books)
    scheduled = ended(review, ReviewState.SCHEDULED, SERVICE, at)
    books.reviews.save(scheduled, expected=review.state)
    _record(review, Act.SCHEDULE, at, books)
    return scheduled


def _refuse_the_past(campaign: Campaign, at: datetime, books: Books) -> None:
    first = next(iter(books.campaigns.occurrences(campaign.id)), None)
    if first is not None and first.due_at < at:
        raise NotChanged(f"the time of the step «{first.step}» has passed")


class Registrar:
    """Schedules what was approved, once it may be."""

    def __init__(self, *, store: Store, clock: Clock, examine: Examine, wake: Callable[[], None]) -> None:
        """``examine`` is what pre-flight finds of a submission as it stands; ``wake`` is called for what is new."""
        self._store = store
        self._clock = clock
        self._examine = examine
        self._wake = wake

    async def look(self) -> None:
        """Schedule what is ripe; what cannot be, or is blocked by now, is rejected, with the reason."""
        now = self._clock.now()
        waiting = await self._store.read(lambda books: books.reviews.all(state=ReviewState.APPROVED))
        for review in waiting:
            if review.ripe_at is not None and review.ripe_at <= now:
                await self._settle(review, now)
                self._wake()

    async def _settle(self, review: Review, now: datetime) -> None:
        if any(map(blocks, await self._examine(review))):
            await self._reject(review, now, BLOCKED)
            return
        try:
            await self._store.write(partial(_schedule_if_it_stands, review, now))
        except (NotChanged, Misconfigured) as error:
            await self._reject(review, now, str(error))

    async def _reject(self, review: Review, now: datetime, why: str) -> None:
        rejected = ended(review, ReviewState.REJECTED, SERVICE, now, why=why)

        def work(books: Books) -> None:
            if books.reviews.save(rejected, expected=review.state):
                _record(review, Act.REJECT, now, books)
                alarms.unscheduled(review.campaign, why, now, books)

        await self._store.write(work)
        log.error("approved_not_scheduled", extra={"campaign": review.campaign.id, "detail": why})


def _schedule_if_it_stands(review: Review, now: datetime, books: Books) -> None:
    if books.reviews.get(review.id) == review:  # not withdrawn meanwhile
        schedule(review, now, books)


def _record(review: Review, act: Act, at: datetime, books: Books) -> None:
    about = of_campaign(review.campaign.id)
    books.audit.record(Deed(who=SERVICE, at=at, act=act, about=about, content=review.content))
