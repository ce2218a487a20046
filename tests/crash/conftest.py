"""One server of forks for the whole run."""

import pytest

from tests.crash.machines import share


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start it while there is still one process: each of the copies would read all code again for one of its own."""
    if session.config.getoption("--workers"):
        share()
