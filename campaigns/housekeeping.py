"""Forgetting in time: keys of polls after the contest delay, what is held about people, pictures nobody needs."""

import asyncio
import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from core.appealing import still_needed
from core.campaign import Campaign, OccurrenceState
from core.delivery import DeliveryState
from core.errors import StorageError
from core.feed import KEPT as ARTICLES_KEPT
from core.identifiers import AccountName, CampaignId, PollId
from core.ports.books.inbox import Intake
from core.ports.clock import Clock
from core.ports.store import Books, Store
from core.ports.vault import Vault
from core.privacy import CASES_KEPT, HOLDINGS, KEY_KEPT_AFTER_CLOSE
from core.review import TRANSITIONS

ALERTS_KEPT = timedelta(days=30)  # as long as what was sent about them

log = logging.getLogger("parvis.campaigns")

_AT_ONCE = 500
_UNSETTLED = (DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.FAILED)


class _Purged(Protocol):
    def purge(self, *, before: datetime) -> int: ...


class Housekeeping:
    """Destroys keys and purges tables, as ``core.privacy`` says. ``accounts`` are those that listen."""

    def __init__(self, *, store: Store, vault: Vault, clock: Clock, accounts: Collection[AccountName]) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._accounts = tuple(accounts)
        self._working = 0

    @property
    def busy(self) -> bool:
        """Whether a look is under way."""
        return self._working > 0

    async def look(self) -> None:
        """Forget what has had its time. Raises StorageError at the end when a key could not be destroyed."""
        with self._at_work():
            now = self._clock.now()
            await self._set_aside()
            gone = await self._store.write(lambda books: purge(books, now))
            if gone:
                log.info("purged", extra={"rows": gone})
            await self._destroy_keys(now)

    async def _set_aside(self) -> None:
        """Seal what came in for accounts that the configuration no longer has: it names people, and nobody reads it."""
        while left := await self._store.read(lambda books: books.inbox.left_behind(self._accounts, limit=_AT_ONCE)):
            sealed = [self._vault.seal(intake.body.decode("utf-8", "backslashreplace")) for intake in left]
            await self._store.write(partial(_quarantine, left, sealed))
            accounts = sorted({intake.account for intake in left})
            log.warning("updates_left_behind", extra={"accounts": accounts, "updates": len(left)})

    async def _destroy_keys(self, now: datetime) -> None:
        failures: list[StorageError] = []
        for poll in await self._store.read(lambda books: books.polls.closed_before(now - KEY_KEPT_AFTER_CLOSE)):
            try:
                if self._vault.has_poll_key(poll):  # who got no reminder had taken part: nobody learns that any more
                    await self._store.write(partial(_drop_reminders, poll))
                await asyncio.to_thread(self._vault.destroy_poll_key, poll)
            except StorageError as error:  # the others must not wait for this one
                failures.append(error)
        if failures:
            raise failures[0]

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1


def pictures_needed(books: Books) -> frozenset[str]:
    """The names of the pictures that may still go out: of campaigns with something left to do, send or settle,
    and of those that wait for approval.
    """
    started = (running.campaign for running in books.campaigns.all() if _shows_pictures(running.campaign))
    needed = [campaign for campaign in started if _may_publish(books, campaign.id)]
    for state in (state for state, later in TRANSITIONS.items() if later):
        needed += [review.campaign for review in books.reviews.all(state=state)]
    return frozenset(image.path.name for each in needed for said in each.announcements for image in said.images)


def _shows_pictures(campaign: Campaign) -> bool:
    return any(said.images for said in campaign.announcements)


def _may_publish(books: Books, campaign: CampaignId) -> bool:
    steps = books.campaigns.occurrences(campaign)
    return any(step.state is OccurrenceState.PLANNED for step in steps) or any(
        books.deliveries.count(campaign=campaign).get(state) for state in _UNSETTLED
    )


def _quarantine(left: Sequence[Intake], sealed: Sequence[bytes], books: Books) -> None:
    for intake, words in zip(left, sealed, strict=True):
        books.inbox.quarantine(intake, sealed=words, reason=f"no account is named «{intake.account}» any more")


def _purge_cases(books: Books, now: datetime, *, before: datetime) -> int:
    """Forget old cases, with their words; none that somebody is still to answer for."""
    return books.cases.purge(before=before, keeping=still_needed(books, now, before=before))


def _drop_reminders(poll: PollId, books: Books) -> None:
    books.deliveries.drop_reminders(poll)


def purge(books: Books, now: datetime) -> int:
    """Forget the rows of each table that are older than they may be; how many."""
    by_table: dict[str, _Purged] = {
        "quarantine": books.inbox,
        "replies": books.replies,
        "sanctions": books.sanctions,
        "journal": books.journal,
        "arrivals": books.arrivals,
        "join_requests": books.requests,
        "deliveries": books.deliveries,
    }
    ended = books.bonds.purge(before=now) + books.alerts.purge(before=now - ALERTS_KEPT)
    ended += books.feeds.purge(before=now - ARTICLES_KEPT)
    ended += _purge_cases(books, now, before=now - CASES_KEPT)
    return ended + sum(
        by_table[holding.table].purge(before=now - holding.kept)
        for holding in HOLDINGS
        if holding.kept is not None and holding.table in by_table
    )
