"""What the tests of several networks share."""

import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.certificates import vouched_for


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """What the operator exported, put back afterwards."""
    before = dict(os.environ)
    changed: dict[str, str] = {}
    yield changed
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def authority(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A private certificate authority, and a server that it vouches for."""
    return vouched_for(tmp_path)
