"""The stores under contract: in memory, SQLite, PostgreSQL.

Opening a database and compiling each statement costs more than a test: those over SQL are opened once, with an event
loop of their own, and emptied before each test.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.ports.store import Store
from storage.memory import MemoryStore
from storage.store import SqlStore
from tests.contracts.databases import (
    Shared,
    postgres_server,
    pytest_collection_finish,
    shared_postgres,
    shared_sqlite,
    sqlite_template,
)

__all__ = ["postgres_server", "pytest_collection_finish", "shared_postgres", "shared_sqlite", "sqlite_template"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of stores on the event loop on which the stores are opened."""
    for item in items:
        if item.path.parent == Path(__file__).parent and "store" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite_store(shared_sqlite: Shared) -> AsyncIterator[Store]:
    """The one over SQLite."""
    store = await SqlStore.open(shared_sqlite.url)
    yield store
    await store.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_store(shared_postgres: Shared) -> AsyncIterator[Store]:
    """The one over PostgreSQL."""
    store = await SqlStore.open(shared_postgres.url)
    yield store
    await store.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store."""
    if request.param == "memory":
        return MemoryStore()
    database: Shared = request.getfixturevalue(f"shared_{request.param}")
    opened: Store = request.getfixturevalue(f"{request.param}_store")
    database.empty()
    return opened
