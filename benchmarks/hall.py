"""Parvis behind one adapter, as in ``parvis run``: the durable inbox, the store on SQLite, the templates."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.clock import SystemClock
from benchmarks.presses import Until
from benchmarks.votes.town import ACCOUNT, POLL, question
from bots.desk import Desk
from bots.runner import Runner
from core.moderation import Charter
from core.ports.platform import Platform
from core.ports.store import Books
from core.town import Town
from core.wording import Wording
from storage.migrations import upgrade
from storage.store import SqlStore
from storage.vault import FileVault
from templates.render import JinjaWords

_TOWN = Town(
    name=Wording(fr="Rives", en="Rives"), zone="Europe/Paris", charter=Charter(version="1", rules=()), channels=()
)


async def serve(platform: Platform, folder: Path, until: Until, *, town: Town = _TOWN) -> None:
    """Hear, store, count and answer until then."""
    async with _desk(folder, platform, town) as desk:
        words = await asyncio.to_thread(JinjaWords, town=town.name)
        listens = asyncio.create_task(Runner(desk=desk, platform=platform, words=words).listen())
        await until()
        listens.cancel()
        await asyncio.wait((listens,))


@asynccontextmanager
async def _desk(folder: Path, platform: Platform, town: Town) -> AsyncIterator[Desk]:
    address = f"sqlite:///{folder / 'town.db'}"
    await asyncio.to_thread(upgrade, address)
    vault = await asyncio.to_thread(FileVault, folder / "keys")
    await asyncio.to_thread(vault.create_poll_key, POLL)
    store = await SqlStore.open(address)
    await store.write(_open)
    try:
        yield Desk(
            store=store,
            vault=vault,
            clock=SystemClock(),
            town=town,
            platform=platform.name,
            account=ACCOUNT,
        )
    finally:
        await store.close()


def _open(books: Books) -> None:
    now = SystemClock().now()
    books.polls.add(replace(question(), opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)))
    books.polls.open(POLL)
