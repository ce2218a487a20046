"""The town of every test here."""

import pytest

from tests.bots.town import Stage


@pytest.fixture
async def stage() -> Stage:
    """A town without any poll."""
    return Stage()


@pytest.fixture
async def voting(stage: Stage) -> Stage:
    """The town with one poll open."""
    await stage.opens()
    return stage
