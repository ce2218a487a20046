"""The process that is killed: Parvis composed as ``parvis run`` composes it, over ports that pass the named points.

Production code knows nothing of this. What differs from ``app.lifetime``: the clock starts where the story says, the
ports are wrapped, and a second process may be let in where a race is wanted.
"""

import asyncio
import os
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from adapters.discord import adapter as discord
from adapters.mastodon import adapter as mastodon
from adapters.telegram import adapter as telegram
from app import logs
from app.accounts import platform_of
from app.lifetime import until_told
from app.service import Service
from app.settings import Settings
from app.upkeep import make_ready
from storage.lease import instance_lock
from storage.store import SqlStore
from storage.vault import FileVault
from templates.render import JinjaWords
from tests.crash.orders import Orders, read
from tests.crash.townhall import settings_in
from tests.crash.traps import Tripwire
from tests.crash.wrapped import WatchedPlatform, WatchedStore, WatchedVault, watch_the_writer

READ_AHEAD = (
    telegram,
    discord,
    mastodon,
)  # what a town imports when it starts is imported once, before processes are forked

LONGEST_SLEEP = 60.0  # seconds of the story, as the real clock has it


class TownTime:
    """The clock of a process: begins at an instant of the story; so many of its seconds pass in one of ours."""

    def __init__(self, at: datetime, pace: float) -> None:
        self._at, self._since, self._pace = at, time.monotonic(), pace

    def now(self) -> datetime:
        """The story's instant."""
        return self._at + timedelta(seconds=(time.monotonic() - self._since) * self._pace)

    async def sleep_until(self, at: datetime) -> None:
        """Sleep as long as it takes."""
        while (left := (at - self.now()).total_seconds()) > 0:  # noqa: ASYNC110  as the real clock does
            await asyncio.sleep(min(left, LONGEST_SLEEP) / self._pace)


async def live(orders: Orders) -> None:
    """Run until told to stop, or killed."""
    folder = Path(orders.folder)
    wire = Tripwire(orders.traps, folder)
    settings = settings_in(folder)
    logs.set_up(as_json=True, level=settings.log_level, secrets=())
    watch_the_writer(wire)
    with ExitStack() as held:
        if not orders.unlocked:
            held.enter_context(instance_lock(settings.store_url))
        make_ready(settings)
        store = await SqlStore.open(settings.store_url)
        try:
            await until_told(_service(settings, store, wire, TownTime(datetime.fromisoformat(orders.at), orders.pace)))
        finally:
            await store.close()


def _service(settings: Settings, store: SqlStore, wire: Tripwire, clock: TownTime) -> Service:
    return Service(
        town=settings.town,
        store=WatchedStore(store, wire),
        vault=WatchedVault(FileVault(settings.keys), wire),
        words=JinjaWords(town=settings.town.name),
        clock=clock,
        platforms={
            account.name: WatchedPlatform(platform_of(account, settings, clock), wire) for account in settings.accounts
        },
    )


def main(text: str) -> None:
    """Be the process. Writes what it has to say beside its database."""
    orders = read(text)
    said = os.open(Path(orders.folder) / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    asyncio.run(live(orders))


if __name__ == "__main__":
    main(sys.argv[1])
