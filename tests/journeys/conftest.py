"""A town at work, and people who live in it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.telegram.values import Message
from tests.contracts.databases import pytest_collection_finish, sqlite_template
from tests.journeys.people import Citizen
from tests.journeys.town import FETE, HALLE, Town, at_work

__all__ = ["pytest_collection_finish", "sqlite_template"]


@pytest.fixture
async def town(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Town]:
    """A town at work, where nobody has done anything yet."""
    async with at_work(tmp_path, Path(shutil.copy(sqlite_template, tmp_path / "town.db"))) as town:
        yield town
        town.broke_no_rule()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> AsyncIterator[Town]:
    """One town for the stories of a file that do not move its clock: each brings people of its own.

    Two polls are open: the sample campaign is in its second hour, and the other poll shows its counts all along.
    """
    folder = tmp_path_factory.mktemp("town")
    async with at_work(folder, Path(shutil.copy(sqlite_template, folder / "town.db"))) as town:
        await town.officer.starts(HALLE)
        await town.waits(hours=1)
        await town.officer.starts(FETE)
        yield town
        town.broke_no_rule()


@pytest.fixture
async def halle(town: Town) -> Message:
    """The sample campaign an hour after its start: the poll «What use for the old market hall?», with one answer."""
    await town.officer.starts(HALLE)
    await town.waits(hours=1)
    return town.published("À quoi doit servir")


@pytest.fixture
async def fete(town: Town) -> Message:
    """The other poll, just opened: several answers, counts shown all along, over in a day."""
    await town.officer.starts(FETE)
    return town.published("Que voulez-vous")


@pytest.fixture
def anne(town: Town) -> Citizen:
    """Her phone is set to French."""
    return town.citizen("Anne")


@pytest.fixture
def ben(town: Town) -> Citizen:
    """His phone is set to English."""
    return town.citizen("Ben", language="en")
