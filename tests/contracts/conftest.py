"""The stores under contract: in memory, SQLite, PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from core.ports.store import Store
from storage.memory import MemoryStore
from storage.store import SqlStore
from tests.contracts.databases import postgres_server, postgres_url, sqlite_template, sqlite_url

__all__ = ["postgres_server", "postgres_url", "sqlite_template", "sqlite_url", "store", "store_url"]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str | None:
    """Where an empty town is; nowhere for the one in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(store_url: str | None) -> AsyncIterator[Store]:
    """An empty store."""
    opened: Store = await SqlStore.open(store_url) if store_url else MemoryStore()
    yield opened
    await opened.close()
