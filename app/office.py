"""The town's memory, opened for one command: beside a running instance, without taking its place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app import keys
from app.clock import SystemClock
from app.settings import Settings
from app.upkeep import refuse_missing
from core.ports.clock import Clock
from core.ports.store import Store
from core.ports.vault import Vault
from storage.store import SqlStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What a command works with."""

    settings: Settings
    store: Store
    vault: Vault
    clock: Clock


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Office]:
    """Open the store and the vault: those of this version and of this town. Raises Misconfigured or StorageError."""
    await asyncio.to_thread(refuse_missing, settings)
    store = await SqlStore.open(settings.store_url)
    try:
        vault = await keys.opened(settings, store)
        yield Office(settings=settings, store=store, vault=vault, clock=SystemClock())
    finally:
        await store.close()
