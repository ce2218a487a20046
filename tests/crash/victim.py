"""The process that is killed: Parvis composed as ``parvis run`` composes it, over ports that pass the named points.

Production code knows nothing of this. What differs from ``app.lifetime``: the clock is the story's, the
ports are wrapped, and a second process may be let in where a race is wanted.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

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
from tests.crash.story import TOWN
from tests.crash.storytime import StoryTime
from tests.crash.townhall import settings_in
from tests.crash.traps import Tripwire
from tests.crash.wrapped import WatchedPlatform, WatchedStore, WatchedVault, watch_the_writer

WORDS = JinjaWords(town=TOWN)  # made once, before processes are forked


async def live(orders: Orders, wire: Tripwire, told: Callable[[], Awaitable[object]] | None = None) -> None:
    """Run until told to stop (by a signal, if nothing else is said), or killed."""
    settings = settings_in(Path(orders.folder))
    with ExitStack() as held:
        if not orders.unlocked:
            held.enter_context(instance_lock(settings.store_url))
        make_ready(settings)
        store = await SqlStore.open(settings.store_url)
        try:
            await until_told(_service(settings, store, wire, orders), told)
        finally:
            await store.close()


def _service(settings: Settings, store: SqlStore, wire: Tripwire, orders: Orders) -> Service:
    clock = StoryTime(Path(orders.clock))
    return Service(
        town=settings.town,
        store=WatchedStore(store, wire, fenced=orders.fenced),
        vault=WatchedVault(FileVault(settings.keys), wire),
        words=WORDS,
        clock=clock,
        platforms={
            account.name: WatchedPlatform(platform_of(account, settings, clock), wire) for account in settings.accounts
        },
    )


def main(text: str) -> None:
    """Be the process. Writes what it has to say beside its database."""
    orders = read(text)
    folder = Path(orders.folder)
    said = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    logs.set_up(as_json=True, level=settings_in(folder).log_level, secrets=())
    wire = Tripwire(orders.traps, folder)
    watch_the_writer(wire)
    asyncio.run(live(orders, wire))


if __name__ == "__main__":
    main(sys.argv[1])
