"""The real words, made once."""

import pytest

from templates.render import JinjaWords
from tests.templates.examples import TOWN


@pytest.fixture(scope="session")
def words() -> JinjaWords:
    """The words of the town of the examples."""
    return JinjaWords(town=TOWN)
