"""Somebody who supervises, somebody who listens to the log, and the databases of the contract suite."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.app.aftermath import Aftermath, play
from tests.app.town import LONGEST
from tests.contracts.databases import (
    postgres_server,
    postgres_url,
    pytest_collection_finish,
    shared_postgres,
    sqlite_template,
    sqlite_url,
)

__all__ = [
    "postgres_server",
    "postgres_url",
    "pytest_collection_finish",
    "shared_postgres",
    "sqlite_template",
    "sqlite_url",
]


class Supervisor:
    """What systemd hears on its socket."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.setblocking(False)

    async def hears(self, state: str) -> None:
        """Return once this was said."""
        async with asyncio.timeout(LONGEST):
            while state not in self.heard:
                said = await asyncio.get_running_loop().sock_recv(self._socket, 4096)
                self.heard += said.decode().split("\n")

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


class Ears(logging.Handler):
    """Hears every event of Parvis, whoever else does."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self._loop = asyncio.get_running_loop()
        self._bell = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Remember it; it may come from another thread."""
        self.records.append(record)
        self._loop.call_soon_threadsafe(self._bell.set)

    def about(self, event: str) -> list[dict[str, object]]:
        """The fields of each such event so far."""
        return [record.__dict__ for record in self.records if record.getMessage() == event]

    async def hears(self, event: str, **fields: object) -> dict[str, object]:
        """Return the first such event, once there is one."""
        async with asyncio.timeout(LONGEST):
            while True:
                for found in self.about(event):
                    if fields.items() <= found.items():
                        return found
                self._bell.clear()
                await self._bell.wait()


@pytest.fixture
async def ears() -> AsyncIterator[Ears]:
    """Somebody who hears the log."""
    ears, ours = Ears(), logging.getLogger("parvis")
    ours.addHandler(ears)
    ours.setLevel(logging.DEBUG)
    yield ears
    ours.removeHandler(ears)


@pytest.fixture(scope="session")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """What a whole campaign leaves."""
    return play(tmp_path_factory.mktemp("aftermath"))


@pytest.fixture(params=["file", "abstract"])
def supervisor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Supervisor]:
    """A supervisor in the environment, at either kind of address."""
    addresses = {"file": str(tmp_path / "notify"), "abstract": f"@parvis-test-{os.getpid()}"}
    supervisor, before = Supervisor(addresses[request.param]), dict(os.environ)
    os.environ["NOTIFY_SOCKET"] = supervisor.address
    yield supervisor
    os.environ.clear()
    os.environ.update(before)
    supervisor.close()
