"""A second instance on the same database refuses to start; the place is free again however the first one ends."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import Occupied, StorageError
from storage.lease import instance_lock
from tests.contracts.databases import let_go
from tests.crash.machines import Process, wait_for
from tests.storage.others import another


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@contextmanager
def _another_instance(url: str, folder: Path) -> Iterator[Process]:
    held = folder / "held"
    with another("hold", url, str(held)) as process:
        wait_for(lambda: held.exists() or process.exit is not None, "the place is held")
        yield process


def test_a_second_instance_is_refused(url: str, tmp_path: Path) -> None:
    """Two would both listen and both publish."""
    with (
        _another_instance(url, tmp_path),
        pytest.raises(Occupied, match="another Parvis is running"),
        instance_lock(url),
    ):
        pass


def test_the_place_is_free_after_the_first_was_killed(url: str, tmp_path: Path) -> None:
    """No stale lock to remove by hand after a crash."""
    with _another_instance(url, tmp_path) as process:
        process.signal(signal.SIGKILL)
        wait_for(lambda: process.exit is not None, "it is dead")

        with instance_lock(url) as held:
            assert held()


def test_the_place_is_free_after_the_first_has_ended(url: str) -> None:
    """The ordinary restart."""
    with instance_lock(url):
        pass

    with instance_lock(url) as held:
        assert held()


def test_a_lock_lost_with_its_connection_is_noticed(postgres_url: str) -> None:
    """A server that was restarted has forgotten who held what."""
    with instance_lock(postgres_url) as held:
        let_go(postgres_url)

        assert not held()


def test_a_server_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    """One sentence, no traceback."""
    with pytest.raises(StorageError), instance_lock(f"postgresql://nobody@/nowhere?host={tmp_path}"):
        pass


def test_another_name_of_the_same_file_is_the_same_database(sqlite_url: str, tmp_path: Path) -> None:
    """Two configurations may call it differently."""
    (tmp_path / "alias.db").symlink_to(sqlite_url.removeprefix("sqlite:///"))

    with (
        instance_lock(sqlite_url),
        pytest.raises(Occupied, match="another Parvis is running"),
        instance_lock(f"sqlite:///{tmp_path}/alias.db"),
    ):
        pass


def test_a_lock_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """No file has to be corrected for that: a supervisor may try again."""
    (tmp_path / "town.db.lock").mkdir()

    with pytest.raises(StorageError, match="Is a directory"), instance_lock(f"sqlite:///{tmp_path}/town.db"):
        pass


def test_the_processes_of_a_cluster_run_beside_one_another_and_beside_no_other(postgres_url: str) -> None:
    """Each of them is part of the one instance."""
    with instance_lock(postgres_url, shared=True) as held, instance_lock(postgres_url, shared=True):
        with pytest.raises(Occupied), instance_lock(postgres_url):
            pass

        assert held()


def test_no_process_of_a_cluster_starts_beside_an_instance_that_does_everything(postgres_url: str) -> None:
    """That one does not look whether a lane is taken elsewhere."""
    with instance_lock(postgres_url), pytest.raises(Occupied), instance_lock(postgres_url, shared=True):
        pass
