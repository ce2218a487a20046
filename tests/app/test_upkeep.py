"""What upkeep refuses to touch."""

import sqlite3
from pathlib import Path

import pytest

from app.settings import Settings, load
from app.upkeep import make_home, make_ready, upgrade
from core.errors import Misconfigured, StorageError
from tests.cli.office import furnish


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A town that was never started."""
    return load(furnish(tmp_path) / "config.toml")


def becomes(settings: Settings, revision: str) -> None:
    """The database is of another revision."""
    make_home(settings)
    make_ready(settings)
    with sqlite3.connect(settings.store_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()


def test_a_newer_database_is_not_upgraded_to_an_older_version(settings: Settings) -> None:
    """After a step back to the program of yesterday: one sentence, and not even a backup."""
    becomes(settings, "9999")

    with pytest.raises(Misconfigured, match="install a newer Parvis"):
        list(upgrade(settings))

    assert list(settings.keys.parent.glob("*.backup")) == []


def test_a_file_in_the_place_of_the_folder_of_the_database_is_said(settings: Settings) -> None:
    """Named «var» by somebody."""
    Path(settings.store_url.removeprefix("sqlite:///")).parent.write_text("notes", encoding="utf-8")

    with pytest.raises(StorageError, match="the folder of the database cannot be made: File exists"):
        make_home(settings)
