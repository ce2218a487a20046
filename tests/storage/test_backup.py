"""A backup is whole, private and checked; what it brings back is the town, held."""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pysqlite3.dbapi2 as sqlite
import pytest

from core.errors import Misconfigured, Occupied, StorageError
from core.identifiers import IntakeId
from core.poll import Choose, Standing
from storage.backup import backup, restore
from storage.engine import dialect_of
from storage.lease import instance_lock
from storage.migrations import upgrade
from storage.seal import seal, unseal
from storage.store import SqlStore
from storage.vault import KNOWN_AS
from tests.contracts.databases import Shared, beside
from tests.core.examples import vote
from tests.storage.towns import Memory, fill, memory_of, next_intake, restored

EMPTY_POSTGRES = "the_other_town"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A town's database, of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    """No file at all."""
    return f"sqlite:///{tmp_path / 'new.db'}"


# ── there and back ─────────────────────────────────────────────────────────────────────────────────────────


class Passage(NamedTuple):
    """What a town remembered and which number came next; the same once it was restored; how two votes fared there."""

    before: Memory
    following: IntakeId
    after: Memory
    first: IntakeId
    votes: list[Standing]


@pytest.fixture(scope="module", params=product(("sqlite", "postgres"), repeat=2), ids="-".join)
def passage(
    request: pytest.FixtureRequest,
    sqlite_template: Path,
    shared_postgres: Shared,
    tmp_path_factory: pytest.TempPathFactory,
) -> Passage:
    """A town that lived a little, backed up and restored, from a database of each kind to one of each kind."""
    folder = tmp_path_factory.mktemp("passage")
    shared_postgres.empty()
    full = {"sqlite": f"sqlite:///{shutil.copy(sqlite_template, folder)}", "postgres": shared_postgres.url}
    empty = {"sqlite": f"sqlite:///{folder / 'new.db'}", "postgres": beside(shared_postgres.url, EMPTY_POSTGRES)}
    before, after = request.param
    return asyncio.run(_passed(full[before], empty[after], folder / "town.bak"))


async def _passed(url: str, empty_url: str, file: Path) -> Passage:
    store = await SqlStore.open(url)
    await fill(store)
    before = await memory_of(store)
    await asyncio.to_thread(backup, url, file)
    following = await next_intake(store)
    await store.close()

    await asyncio.to_thread(restore, file, empty_url)

    store = await SqlStore.open(empty_url)
    after, first = await memory_of(store), await next_intake(store)
    outcomes = [
        await store.cast([vote(Choose(option), order=order, voter=bytes([0]) * 16)])
        for option, order in ((2, first + 1), (1, first))
    ]
    await store.close()
    return Passage(before, following, after, first, [outcome.standing for (outcome,) in outcomes])


def test_a_restored_town_remembers_everything_but_what_was_passing(passage: Passage) -> None:
    """From either database to either, held, and never sure of what was being sent."""
    assert passage.after == restored(passage.before, "town.bak")


def test_numbers_go_on_after_a_restore(passage: Passage) -> None:
    """An order of arrival given twice would let an old press win over a new one."""
    assert passage.first == passage.following


def test_a_restored_town_takes_later_votes(passage: Passage) -> None:
    """Also those that change a ballot of before, in the order in which they now come: not the earlier of two."""
    assert passage.votes == [Standing.CHANGED, Standing.UNCHANGED]


# ── what is in the file ────────────────────────────────────────────────────────────────────────────────────


async def test_what_only_passes_through_is_not_in_the_file(sqlite_url: str, tmp_path: Path) -> None:
    """The inbox holds accounts and choices in clear: not even a remnant of a row may be there."""
    store = await SqlStore.open(sqlite_url)
    await fill(store)

    counts = await asyncio.to_thread(backup, sqlite_url, tmp_path / "town.bak")

    await store.close()
    content = (tmp_path / "town.bak").read_bytes()
    assert (b"Oui !" in content, b"Unreadable" in content) == (True, False)
    assert {"inbox", "quarantine"} & set(counts) == set()


async def test_the_order_in_which_ballots_came_is_not_in_the_file(url: str, tmp_path: Path) -> None:
    """Whoever watched people vote could find their ballots by it."""
    store = await SqlStore.open(url)
    await fill(store)

    await asyncio.to_thread(backup, url, tmp_path / "town.bak")

    await store.close()
    with closing(sqlite.connect(tmp_path / "town.bak")) as copy:
        assert copy.execute('SELECT DISTINCT "order" FROM ballots').fetchall() == [(0,)]


async def test_a_backup_is_one_private_file(sqlite_url: str, tmp_path: Path) -> None:
    """Nothing beside it that could be forgotten, nobody else who can read it."""
    store = await SqlStore.open(sqlite_url)
    (tmp_path / "backups").mkdir()

    await asyncio.to_thread(backup, sqlite_url, tmp_path / "backups" / "town.bak")

    await store.close()
    (file,) = (tmp_path / "backups").iterdir()
    assert (file.name, oct(file.stat().st_mode & 0o777)) == ("town.bak", "0o600")


async def test_votes_come_in_while_a_backup_is_taken(url: str, tmp_path: Path) -> None:
    """The copy is of one instant: a ballot is in it with its whole transaction or not at all."""
    store = await SqlStore.open(url)
    await fill(store)
    copying = asyncio.create_task(asyncio.to_thread(backup, url, tmp_path / "town.bak"))

    cast = [
        await store.cast([vote(Choose(0), order=100 + n, voter=n.to_bytes(16))])
        for n in range(200)
        if not copying.done()
    ]

    counts = await copying
    await store.close()
    assert cast
    assert 3 <= counts["ballots"] <= 3 + len(cast)


@pytest.mark.parametrize("place", ["town.bak", "nowhere/town.bak"], ids=["a file that exists", "no such folder"])
def test_a_backup_overwrites_nothing(sqlite_url: str, tmp_path: Path, place: str) -> None:
    """The file of yesterday may be the only good one."""
    (tmp_path / "town.bak").write_text("yesterday", encoding="utf-8")

    with pytest.raises(Misconfigured):
        backup(sqlite_url, tmp_path / place)

    assert (tmp_path / "town.bak").read_text(encoding="utf-8") == "yesterday"


def test_an_empty_database_has_nothing_to_back_up(empty_sqlite: str, tmp_path: Path) -> None:
    """A backup of nothing would look like a backup."""
    with pytest.raises(Misconfigured, match="parvis database upgrade"):
        backup(empty_sqlite, tmp_path / "town.bak")

    assert not (tmp_path / "town.bak").exists()


async def test_a_restore_never_writes_over_a_town(url: str, tmp_path: Path) -> None:
    """The wrong order of two arguments must not cost a town its memory."""
    store = await SqlStore.open(url)
    await fill(store)
    before = await memory_of(store)
    await asyncio.to_thread(backup, url, tmp_path / "town.bak")

    with pytest.raises(Misconfigured, match="holds a town already"):
        await asyncio.to_thread(restore, tmp_path / "town.bak", url)

    assert await memory_of(store) == before
    await store.close()


async def test_a_town_that_only_made_its_keys_can_be_restored_into(url: str, empty_sqlite: str, tmp_path: Path) -> None:
    """The first look around makes keys, and the database knows them; those of the backup take their place."""
    await _knows(url, "old keys")
    await asyncio.to_thread(backup, url, tmp_path / "town.bak")
    await asyncio.to_thread(upgrade, empty_sqlite)
    await _knows(empty_sqlite, "new keys")

    await asyncio.to_thread(restore, tmp_path / "town.bak", empty_sqlite)

    after = await SqlStore.open(empty_sqlite)
    assert await after.read(lambda books: books.town.fact(KNOWN_AS)) == "old keys"
    await after.close()


async def _knows(url: str, fingerprint: str) -> None:
    store = await SqlStore.open(url)
    await store.write(lambda books: books.town.set_fact(KNOWN_AS, fingerprint))
    await store.close()


def test_a_restore_beside_a_running_instance_is_refused(sqlite_url: str, empty_sqlite: str, tmp_path: Path) -> None:
    """It would see its town appear under its feet."""
    backup(sqlite_url, tmp_path / "town.bak")

    with instance_lock(empty_sqlite), pytest.raises(Occupied, match="another Parvis"):
        restore(tmp_path / "town.bak", empty_sqlite)


def _nothing(file: Path) -> None:
    file.write_bytes(b"")


def _noise(file: Path) -> None:
    file.write_bytes(b"noise" * 1000)


def _another_database(file: Path) -> None:
    with sqlite.connect(str(file)) as connection:
        connection.execute("CREATE TABLE shopping (item TEXT)")


def _torn(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def _changed(file: Path) -> None:
    """A change of one row, made with the tools of the database."""
    with closing(sqlite.connect(file)) as connection, connection:
        connection.execute("INSERT INTO facts VALUES ('held', 'no')")


def _sealed_another_database(file: Path) -> None:
    file.unlink()
    _another_database(file)
    seal(file)


def altered(file: Path, statement: str) -> None:
    """As another program would have made the backup."""
    assert unseal(file)
    with closing(sqlite.connect(file)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(statement)
    seal(file)


@pytest.mark.parametrize("spoil", [_nothing, _noise, _another_database, _sealed_another_database, _torn, _changed])
def test_a_file_that_is_no_backup_is_refused(
    sqlite_url: str, empty_sqlite: str, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """In one sentence, and the database stays empty."""
    backup(sqlite_url, tmp_path / "town.bak")
    if spoil is _another_database:
        (tmp_path / "town.bak").unlink()
    spoil(tmp_path / "town.bak")

    with pytest.raises(Misconfigured, match="not a backup"):
        restore(tmp_path / "town.bak", empty_sqlite)


def test_a_backup_of_a_newer_parvis_is_refused(sqlite_url: str, empty_sqlite: str, tmp_path: Path) -> None:
    """What this program does not know it would lose."""
    backup(sqlite_url, tmp_path / "town.bak")
    altered(tmp_path / "town.bak", "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Misconfigured, match="install a newer Parvis"):
        restore(tmp_path / "town.bak", empty_sqlite)


def test_a_backup_that_is_not_there_is_said_so(empty_sqlite: str, tmp_path: Path) -> None:
    """One sentence with the name of the file."""
    with pytest.raises(StorageError, match=r"town\.bak"):
        restore(tmp_path / "town.bak", empty_sqlite)


def test_a_restore_that_fails_leaves_the_database_empty(sqlite_url: str, empty_sqlite: str, tmp_path: Path) -> None:
    """Tables, rows and the hold come in one transaction."""
    backup(sqlite_url, tmp_path / "town.bak")
    altered(
        tmp_path / "town.bak",
        "INSERT INTO occurrences (campaign, step, local, due_at, state, moved)"
        " VALUES ('none', 's', '', '2027-03-01 12:00:00', 'x', 0)",
    )

    with pytest.raises(StorageError):
        restore(tmp_path / "town.bak", empty_sqlite)

    with dialect_of(empty_sqlite).reader().connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
