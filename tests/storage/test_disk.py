"""Disks that are full, read-only or failing: what was acknowledged is there, and room is all that is needed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy.exc import OperationalError

from storage.dialects.sqlite import Sqlite

ROOT = Path(__file__).parents[2]

_ON_A_SMALL_DISK = """
import asyncio, json, resource, signal, sys
from core.errors import StorageError
from storage.store import SqlStore
from tests.contracts.doings import opened
from core.poll import Choose
from tests.core.examples import BRIDGE, poll, vote

async def main(url):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = await SqlStore.open(url)
    await opened(store, poll())
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, most))
    stored, refused, order = 0, 0, 0
    while refused < 3 and order < 50_000:
        votes = [vote(Choose(0), order=(order := order + 1), voter=order.to_bytes(16, "big")) for _ in range(50)]
        try:
            await store.cast(votes)
            stored += 50
        except StorageError:
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    await store.cast([vote(Choose(0), order=order + 1, voter=b"last" * 4)])
    tally = await store.read(lambda books: books.polls.tally(BRIDGE))
    await store.housekeep()
    await store.close()
    print(json.dumps([stored, refused, tally.voters]))

asyncio.run(main(sys.argv[1]))
"""


def _run(program: str, *arguments: str) -> list[int | str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[int | str] = json.loads(done.stdout)
    return found


def test_a_full_disk_refuses_votes_and_takes_them_again(sqlite_url: str) -> None:
    """What was acknowledged is there, what was refused is not, and room on the disk is all it needs."""
    stored, refused, counted = _run(_ON_A_SMALL_DISK, sqlite_url)

    assert (refused, isinstance(stored, int) and stored > 0) == (3, True)
    assert counted == int(stored) + 1


_HOUSEKEEPING_ON_A_FULL_DISK = """
import asyncio, json, resource, signal, sys
import pysqlite3.dbapi2 as sqlite
from core.errors import StorageError
from storage.store import SqlStore

def tell(books):
    books.town.set_fact("told", "yes" * 50_000)

async def main(file):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = await SqlStore.open(f"sqlite:///{file}")
    await store.write(tell)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, most))
    try:
        await store.housekeep()
    except StorageError:
        print("refused", file=sys.stderr)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    other = sqlite.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    writing = asyncio.create_task(store.write(tell))
    done, _ = await asyncio.wait({writing}, timeout=0.2)
    other.execute("ROLLBACK")
    await writing
    await store.close()
    print(json.dumps([len(done)]))

asyncio.run(main(sys.argv[1]))
"""


def test_a_housekeeping_that_fails_leaves_the_writer_its_patience(sqlite_url: str) -> None:
    """A command that holds the lock for a moment must not cost anybody a vote afterwards."""
    assert _run(_HOUSEKEEPING_ON_A_FULL_DISK, sqlite_url.removeprefix("sqlite:///")) == [0]


_BECOMES_READ_ONLY = """
import asyncio, glob, json, os, sys
from datetime import timedelta
import pysqlite3.dbapi2 as sqlite
from core.errors import ParvisError, StorageError
from storage.store import SqlStore

def tell(books):
    books.town.set_fact("told", "yes")

async def attempt(store):
    try:
        await store.write(tell)
    except StorageError as error:
        return str(error)
    return "stored"

async def main(file):
    said = []
    store = await SqlStore.open(f"sqlite:///{file}", patience=timedelta(milliseconds=50))
    other = sqlite.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    said.append(await attempt(store))
    other.close()
    os.chmod(file, 0o400)
    said.append(await attempt(store))
    for each in glob.glob(file + "*"):  # SQLite gives the files beside it the rights of the database
        os.chmod(each, 0o600)
    said.append(await attempt(store))
    await store.close()
    print(json.dumps(said))

async def warm_up(file):  # so that every module is loaded before the rights to read them are given up
    store = await SqlStore.open(f"sqlite:///{file}")
    await attempt(store)
    await store.close()

file = sys.argv[1]
asyncio.run(warm_up(file))
if os.geteuid() == 0:  # nothing is read-only to root
    os.chown(os.path.dirname(file), 65534, 65534)
    os.chown(file, 65534, 65534)
    os.seteuid(65534)
asyncio.run(main(file))
"""


def test_a_file_that_became_read_only_refuses_until_it_is_writable_again(sqlite_template: Path) -> None:
    """Each answer says why in the database's own words."""
    with TemporaryDirectory(prefix="parvis-") as folder:  # pytest's own folders are closed to other users
        said = _run(_BECOMES_READ_ONLY, str(shutil.copy(sqlite_template, folder)))

    assert said == ["database is locked", "attempt to write a readonly database", "stored"]


@pytest.mark.parametrize(
    ("code", "in_doubt"),
    [(10, True), (10 | 4 << 8, True), (13, False), (5, False)],
    ids=["I/O", "fsync", "full", "busy"],
)
def test_after_an_io_error_nobody_knows_if_a_commit_stands(tmp_path: Path, code: int, *, in_doubt: bool) -> None:
    """The log may hold it, whole or not; a full disk or a lock leaves no doubt."""
    cause = sqlite.OperationalError()
    cause.sqlite_errorcode = code

    assert Sqlite(tmp_path / "town.db").is_in_doubt(OperationalError("COMMIT", {}, cause)) is in_doubt
