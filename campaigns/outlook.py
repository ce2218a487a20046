"""What is planned ahead, looked over once a day: time has gone on, zones and public holidays may be others.

A few campaigns are looked over at a time, so that nothing that falls due waits for a thousand of them.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from itertools import islice

from campaigns.calendar import lay_out, outdated
from campaigns.public_holidays import days_off
from core.errors import StorageError
from core.identifiers import CampaignId
from core.ports.books.campaigns import Running
from core.ports.store import Books, Store

AT_ONCE = 20  # campaigns: a fraction of a second

log = logging.getLogger("parvis.campaigns")


class Outlook:
    """Looks over the campaigns that run, each once a day."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._day: date | None = None
        self._left: dict[CampaignId, None] = {}  # of the day, in order
        self._failed: frozenset[CampaignId] = frozenset()

    async def go_on(self, now: datetime) -> None:
        """Look over a few of those that are left of the day. One that cannot be read now comes again after the others.

        Raises StorageError when the day cannot begin.
        """
        if self._day != now.date():
            self._left = dict.fromkeys(await self._store.read(lambda books: books.campaigns.running()))
            self._day, self._failed = now.date(), frozenset()
        await self.look_over([*islice(self._left, AT_ONCE)], now)

    async def look_over(self, campaigns: Iterable[CampaignId], now: datetime) -> bool:
        """Look over those of these that are left of the day; whether there were any."""
        some = [campaign for campaign in campaigns if campaign in self._left]
        for campaign in some:
            del self._left[campaign]
            try:
                await self._look_over(campaign, now)
            except (StorageError, ValueError, LookupError) as error:  # also no such time, no such place any more
                if isinstance(error, StorageError):
                    self._left[campaign] = None
                if campaign not in self._failed:
                    log.exception("campaign_not_laid_out", extra={"campaign": campaign, "error": type(error).__name__})
                self._failed |= {campaign}
        return bool(some)

    async def _look_over(self, campaign: CampaignId, now: datetime) -> None:
        running = await self._store.read(partial(started, campaign))
        await asyncio.to_thread(days_off, running.campaign.place)  # read once, off the loop
        if (await self._store.read(partial(outdated, running, now))).is_empty:
            return
        changes = await self._store.write(partial(lay_out, campaign, now))
        added, shifted, dropped = map(len, (changes.add, changes.shift, changes.drop))
        figures = {"campaign": campaign, "added": added, "shifted": shifted, "dropped": dropped}
        log.info("occurrences_laid_out", extra=figures)


def started(campaign: CampaignId, books: Books) -> Running:
    """The campaign with what it was started as. Raises LookupError when it never was."""
    running = books.campaigns.get(campaign)
    if running is None:
        raise LookupError(f"a step of a campaign that was never started: {campaign}")
    return running
