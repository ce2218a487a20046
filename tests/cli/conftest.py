"""A terminal in a town that is configured, and one whose database is ready."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import load
from app.upkeep import upgrade
from tests.cli.office import Terminal, furnish
from tests.contracts.databases import postgres_server, postgres_url, pytest_collection_finish, shared_postgres

__all__ = ["postgres_server", "postgres_url", "pytest_collection_finish", "shared_postgres"]


@pytest.fixture(autouse=True)
def _no_width() -> Iterator[None]:
    """Nobody has said how wide the terminal is: whoever runs the tests may have."""
    before = os.environ.copy()
    os.environ.pop("COLUMNS", None)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """Nothing was ever started here. Whatever is typed, no traceback may be seen."""
    terminal = Terminal(furnish(tmp_path), capsys)
    yield terminal
    assert "Traceback" not in "".join(terminal.shown)


@pytest.fixture(scope="session")
def made_ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``parvis database upgrade`` was typed, to be copied."""
    folder = furnish(tmp_path_factory.mktemp("ready"))
    assert [*upgrade(load(folder / "config.toml"))]
    return folder


@pytest.fixture
def ready(terminal: Terminal, made_ready: Path) -> Terminal:
    """The tables are made."""
    shutil.copytree(made_ready, terminal.folder, dirs_exist_ok=True)
    return terminal
