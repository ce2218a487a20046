"""Several hosts are measured as they are: real processes, whose work the network wrote down."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import load
from benchmarks import places
from benchmarks.hosts import Account, configured
from benchmarks.places import NewDatabase
from benchmarks.takeover.ours import DISCORD, stage
from benchmarks.workers.ours import measured
from storage.migrations import upgrade

URL = "postgresql://postgres@/town"


@pytest.fixture(scope="module")
def new_database() -> Iterator[NewDatabase]:
    """A server of its own, as the benchmarks have."""
    with places.postgres(upgrade) as new:
        yield new


def test_the_hosts_of_a_benchmark_are_configured_as_those_of_a_town(tmp_path: Path) -> None:
    """What is measured is what people run."""
    account = Account(name="a0", platform="telegram", url="http://127.0.0.1:9", token="1:x")
    file = configured(tmp_path, URL, [account], lanes=3)

    settings = load(file)

    assert (settings.in_cluster, settings.most_lanes, settings.store_url) == (True, 3, URL)
    assert [each.token() for each in settings.accounts] == ["1:x"]


@pytest.mark.slow
def test_workers_send_everything_once(new_database: NewDatabase, tmp_path: Path) -> None:
    """Else the benchmark says so instead of a figure."""
    found = measured(new_database(), tmp_path, workers=2, accounts=2, number=5)

    assert found["deliveries/s"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_session_is_taken_over(new_database: NewDatabase, tmp_path: Path, blow: signal.Signals) -> None:
    """After the silence that is waited for, not before: else nobody was struck."""
    with stage(new_database(), tmp_path) as hosts:
        found = hosts.struck(DISCORD, blow)

    assert 1 < found["lane s"] <= found["heard s"]
