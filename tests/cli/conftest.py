"""A terminal in a town that is configured, and one whose database is ready."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.office import Terminal, furnish
from tests.contracts.databases import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


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


@pytest.fixture
def ready(terminal: Terminal) -> Terminal:
    """The tables are made."""
    terminal.types("database", "upgrade")
    return terminal
