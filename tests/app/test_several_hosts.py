"""A town on several hosts: one hears, one sends, one plans, and nobody notices from outside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.lifetime import opened, until_told
from app.settings import Settings
from core.identifiers import AccountName
from core.ports.engine import Role, listening, sending
from sandbox.telegram.server import TelegramServer
from storage.store import SqlStore
from tests.app.town import TOWN, account, announce, appears, configured, ledger, world

pytestmark = pytest.mark.usefixtures("socket_enabled")


@asynccontextmanager
async def _host(settings: Settings, role: Role) -> AsyncIterator[None]:
    """A process of this role."""
    stop = asyncio.Event()
    async with opened(settings, SystemClock(), lambda: True, role=role) as service, asyncio.TaskGroup() as group:
        group.create_task(until_told(service, stop.wait))
        yield
        stop.set()


async def test_three_roles_announce_and_hear_together(tmp_path: Path, postgres_url: str) -> None:
    """What one plans another sends, and a third answers those who write."""
    telegram = world()
    async with TelegramServer(telegram) as server, AsyncExitStack() as hosts:
        settings = await configured(tmp_path, account(server.url), store=postgres_url, engine='kind = "cluster"')
        await announce(settings)
        for role in (Role.GATEWAY, Role.WORKER, Role.CLOCK):
            await hosts.enter_async_context(_host(settings, role))

        await appears(telegram, TOWN)
        store = await SqlStore.open(postgres_url)
        lanes = (listening(AccountName(TOWN)), sending(AccountName(TOWN)))
        tokens = await store.read(lambda books: [books.lanes.token(lane) for lane in lanes])
        await store.close()

    assert tokens == [1, 1]
    assert await ledger(settings) == {TOWN: "sent"}
