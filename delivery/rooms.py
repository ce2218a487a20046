"""What stands in the channels of the staff follows its matter: an alert that is settled says by whom, and when.

What is sent is read at the moment of sending, so only what is out needs to be changed, where a network lets us. It is
remembered for the alert once all its messages show the same, and once they show the end nothing more is looked for.
Changing waits for networks: it has a lane of its own, and an account out of reach holds up no other.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from core.alert import Alert
from core.audience import Destination, StaffChannel
from core.delivery import Delivery, DeliveryState
from core.errors import PlatformError, Rejected
from core.identifiers import AccountName, DeliveryId
from core.ports.clock import Clock
from core.ports.platform import Platform
from core.ports.store import Books, Store
from core.ports.words import Words
from core.staff_messages import StaffAlert
from delivery.alerts import copies
from delivery.bells import Rounds
from delivery.briefing import Briefing, digest_of
from delivery.directory import Directory
from delivery.trouble import Trouble

_UNDERWAY = frozenset({DeliveryState.PLANNED, DeliveryState.SENDING})

log = logging.getLogger("parvis.delivery")


@dataclass(frozen=True, slots=True)
class _Page:
    """An alert, what it now says, and its messages with where they stand."""

    alert: Alert
    says: StaffAlert
    digest: str
    copies: tuple[tuple[Delivery, Destination], ...]
    underway: bool


class Rooms(Rounds):
    """Keeps the messages to the staff up to date, in the channels of these ``platforms``."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        words: Words,
        directory: Directory,
        briefing: Briefing,
        platforms: Mapping[AccountName, Platform],
        rooms: Sequence[StaffChannel],
    ) -> None:
        self._store = store
        super().__init__(clock, Trouble("staff_rooms"))
        self._words = words
        self._directory = directory
        self._briefing = briefing
        self._platforms = platforms
        self._rooms = tuple(rooms)
        self._shown: dict[DeliveryId, str] = {}

    async def _do(self) -> None:
        """Change what reads otherwise than the matter stands. What could not be changed now is at the next look."""
        pages = await self._store.read(self._pages)
        with self._hands.at_rest():
            async with asyncio.TaskGroup() as group:
                for account in self._platforms:
                    group.create_task(self._show(account, pages))
        for page in pages:
            await self._remember(page)

    def _pages(self, books: Books) -> list[_Page]:
        if books.town.fact("held") is not None:
            return []
        return [self._page(books, each) for each in books.alerts.standing() if each.told_at or each.over_at]

    def _page(self, books: Books, alert: Alert) -> _Page:
        says = self._briefing.told(books, alert)
        every = tuple(copies(books, self._rooms, alert.id))
        placed = [(each, self._directory.find(books, each.account, each.recipient)) for each in every]
        out = tuple(
            (each, where)
            for each, where in placed
            if where is not None and each.receipts and each.state is DeliveryState.SENT and self._edits(each)
        )
        underway = any(each.state in _UNDERWAY for each in every)
        return _Page(alert, says, digest_of(says), out, underway)

    def _edits(self, copy: Delivery) -> bool:
        platform = self._platforms.get(copy.account)
        return platform is not None and platform.capabilities.edits

    async def _show(self, account: AccountName, pages: Sequence[_Page]) -> None:
        for page in pages:
            for copy, where in page.copies:
                if copy.account == account and self._shown.get(copy.id, page.alert.said) != page.digest:
                    await self._edit(copy, where, page)

    async def _edit(self, copy: Delivery, where: Destination, page: _Page) -> None:
        platform = self._platforms[copy.account]
        post = self._words.post(page.says, where.locale, platform.capabilities)
        try:
            await platform.edit(replace(copy.receipts[-1], address=where.address), post)
        except Rejected as error:  # somebody removed it, or it is too old: there is nothing left to change
            log.warning("alert_lost", extra={"delivery": copy.id, "error": type(error).__name__})
        except PlatformError as error:
            log.debug("alert_waits", extra={"delivery": copy.id, "error": type(error).__name__})
            return
        self._shown[copy.id] = page.digest

    async def _remember(self, page: _Page) -> None:
        """Store that all show the same, once nothing else can come."""
        shown = all(self._shown.get(copy.id, page.alert.said) == page.digest for copy, _ in page.copies)
        done = page.alert.over_at is not None
        if page.underway or not shown or (page.alert.said == page.digest and not done):
            return
        after = replace(page.alert, said=page.digest, done=done)
        if await self._store.write(partial(_save, page.alert, after)):
            for copy, _ in page.copies:
                self._shown.pop(copy.id, None)


def _save(before: Alert, after: Alert, books: Books) -> bool:
    """Whether nobody changed it meanwhile."""
    if books.alerts.get(before.id) != before:
        return False
    books.alerts.save(after)
    return True
