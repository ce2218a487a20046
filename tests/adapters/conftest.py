"""What the tests of several networks share."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """What the operator exported, put back afterwards."""
    before = dict(os.environ)
    changed: dict[str, str] = {}
    yield changed
    os.environ.clear()
    os.environ.update(before)
