"""What holds for every test: nothing blocks the event loop, nothing leaves the machine, the same run can be had again.

Sockets are guarded by pytest-socket (options in pyproject.toml: loopback only), order by pytest-randomly.
"""

import gc
import logging
import os
from collections.abc import Generator, Iterator
from importlib import import_module
from pathlib import Path

import psycopg
import pysqlite3.dbapi2
import pytest
from blockbuster import BlockBuster, BlockBusterFunction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.measuring import Measurement

pytest_plugins = ["tests.workers"]

OURS = [
    "adapters",
    "app",
    "bots",
    "campaigns",
    "cli",
    "core",
    "delivery",
    "sandbox",
    "scheduler",
    "storage",
    "templates",
]

# The machine is shared: a slow example is no failure, so no deadline. A check gives the same verdict on the same tree.
settings.register_profile("fast", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("fast"), max_examples=300)  # chosen by scripts/test-crash
settings.register_profile("ci", settings.get_profile("fast"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "fast")

# Calls that wait for a disk or a server and that BlockBuster does not know by itself.
WAITING = (
    (os, ("fsync", "fdatasync")),
    (pysqlite3.dbapi2.Connection, ("execute", "executemany", "executescript", "commit", "rollback", "backup")),
    (pysqlite3.dbapi2.Cursor, ("execute", "executemany", "executescript", "fetchone", "fetchmany", "fetchall")),
    (psycopg.Connection, ("execute", "commit", "rollback", "wait")),
    (psycopg.Cursor, ("execute", "executemany")),
)

gc.disable()  # until every test is found: what is made meanwhile stays

# Before anything of ours is imported: this is the first file that pytest reads.
_measurement = Measurement(Path(os.environ["COVERAGE"])) if "COVERAGE" in os.environ else None


# What takes longest, most of it waiting for other processes or for time to pass: it must not be what all wait for.
FIRST = (  # those with a time limit of their own not beside the first, which takes all processors there are
    "tests/crash/test_points.py",
    "tests/storage/test_backup.py",
    "tests/app/test_demo.py",
    "tests/app/test_isolation.py",
    "tests/app/test_lifetime.py",
    "tests/adapters/discord/test_line.py",
    "tests/storage/test_cluster.py",
)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let other processes start while the tests are being found, which takes one processor for ten seconds."""
    if session.config.getoption("--workers"):
        import_module("tests.crash.machines").share()
        import_module("tests.contracts.keeper").begin()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, whatever order the others come in."""
    rank = {file: place for place, file in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(item.location[0], len(FIRST)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Let workers share what Hypothesis reads; spare the collector of garbage what lives as long as the run."""
    if session.config.getoption("--workers"):
        _drawn()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Leave the logging of the test run alone: a service that is started sets up its own."""
    root, ours = logging.getLogger(), logging.getLogger("parvis")
    kept, levels = root.handlers[:], (root.level, ours.level)
    done = yield
    root.handlers[:] = kept
    for logger, level in zip((root, ours), levels, strict=True):
        if logger.level != level:  # setting it makes every logger forget what it knows
            logger.setLevel(level)
    return done


@given(st.integers())
def _drawn(_number: int) -> None:
    """Hypothesis reads the constants of every module of ours, once, when it draws something."""


@pytest.fixture(scope="session", autouse=True)
def _measured() -> Iterator[None]:
    """Leave what the tests of this process have reached to scripts/check_coverage.py."""
    yield
    if _measurement is not None:
        _measurement.note()


@pytest.fixture(scope="session", autouse=True)
def _nothing_blocks_the_event_loop() -> Iterator[None]:
    """Make a blocking call anywhere below our own code, in a thread that runs an event loop, raise BlockingError."""
    guard = BlockBuster(OURS)
    for owner, names in WAITING:
        for name in names:
            guard.functions[f"{owner!r}.{name}"] = BlockBusterFunction(owner, name, scanned_modules=OURS)
    # A zone's few kilobytes are read once and kept; a town has one zone, read when its configuration is.
    guard.functions["io.BufferedReader.read"].can_block_in("zoneinfo/_common.py", "load_data")
    guard.activate()
    yield
    guard.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _no_proxy() -> Iterator[None]:
    """Leave the operator's proxy out: what a test asks of loopback must arrive there."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.lower().endswith("_proxy")}
    yield
    os.environ.update(kept)
