"""What the SQLite file promises: durable commits, one private file, nothing of what was deleted."""

import asyncio
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import Engine, event

from core.identifiers import AccountName, VoterKey
from core.poll import Choose
from core.ports.platform import Cursor, Update
from storage.dialects.sqlite import Sqlite
from storage.store import SqlStore
from tests.contracts.doings import opened
from tests.core.examples import BRIDGE, NOON, poll, vote
from tests.crash.machines import wait_for
from tests.storage.others import another

CANARY = b"telegram:1234567890 chose option 2"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("mmap_size", 0),
        ("busy_timeout", 5000),
    ],
)
def test_the_writer_is_set_up_for_safety(tmp_path: Path, pragma: str, value: int | str) -> None:
    """synchronous=NORMAL loses acknowledged votes when the power fails; 2 is FULL."""
    with Sqlite(tmp_path / "town.db").writer().connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


async def test_only_the_owner_can_read_the_files(tmp_path: Path, sqlite_template: Path) -> None:
    """Ballots are secret even from other users of the machine."""
    Sqlite(tmp_path / "town.db").create()
    (tmp_path / "town.db").write_bytes(sqlite_template.read_bytes())
    store = await SqlStore.open(f"sqlite:///{tmp_path / 'town.db'}")
    await store.write(lambda books: books.town.set_fact("told", "yes"))

    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}

    assert modes == {"town.db": "0o600", "town.db-wal": "0o600", "town.db-shm": "0o600"}
    await store.close()


async def test_what_is_due_is_found_by_its_instant_however_much_is_planned(sqlite_url: str) -> None:
    """The planner asks every second: with 100,000 occurrences ahead, going through all took 130 ms each time."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(*given: Any) -> None:
        asked.append((given[2], given[3]))

    store = await SqlStore.open(sqlite_url)
    await store.read(lambda books: (books.campaigns.next_due(), books.campaigns.due(NOON)))
    await store.close()
    event.remove(Engine, "before_cursor_execute", note)

    with closing(sqlite.connect(sqlite_url.removeprefix("sqlite:///"))) as file:
        questions = [each for each in asked if "FROM occurrences" in each[0]]
        plans = [str(file.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()) for text, values in questions]
    assert ["ix_occurrences_due" in plan for plan in plans] == [True, True]


async def test_what_was_deleted_is_nowhere_in_the_files(sqlite_url: str) -> None:
    """An update holds account and choice: after its effect is stored and the house kept, no byte of it is left."""
    store = await SqlStore.open(sqlite_url)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    updates = [Update(number, CANARY + os.urandom(400)) for number in range(200)]
    taken = await store.write(
        lambda books: books.inbox.take_in(AccountName("telegram"), updates, cursor=Cursor(200), at=NOON)
    )
    await store.housekeep()
    before = CANARY in file.read_bytes()

    await store.cast([vote(Choose(0), order=intake.id) for intake in taken])
    await store.housekeep()

    left = [CANARY in each.read_bytes() for each in (file, Path(f"{file}-wal"))]
    assert (before, left) == (True, [False, False])
    await store.close()


async def test_what_readers_still_need_waits_for_the_next_housekeeping(sqlite_url: str) -> None:
    """A long reading must not make the housekeeping fail, nor the housekeeping the reading."""
    store = await SqlStore.open(sqlite_url)
    with closing(sqlite.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM facts").fetchall()
        await store.write(lambda books: books.town.set_fact("told", "yes"))

        await store.housekeep()

        assert other.execute("SELECT count(*) FROM facts").fetchall() == [(0,)]
    await store.close()


def _acknowledged_before_kill_9(url: str, acknowledged: Path) -> list[int]:
    with another("vote_on", url, str(acknowledged)):
        wait_for(
            lambda: acknowledged.exists() and acknowledged.read_bytes().count(b"\n") >= 500, "500 votes are stored"
        )
    return [
        int(line) for line in acknowledged.read_text(encoding="ascii").splitlines(keepends=True) if line.endswith("\n")
    ]


async def test_a_vote_acknowledged_before_kill_9_is_stored(sqlite_url: str, tmp_path: Path) -> None:
    """The citizen was told that it counts."""
    store = await SqlStore.open(sqlite_url)
    await opened(store, poll())
    await store.close()

    told = await asyncio.to_thread(_acknowledged_before_kill_9, sqlite_url, tmp_path / "acknowledged")

    after = await SqlStore.open(sqlite_url)
    voters = [VoterKey(number.to_bytes(16)) for number in told]
    ballots = await after.read(lambda books: [books.polls.ballot(BRIDGE, voter) for voter in voters])
    assert [ballot and ballot.options for ballot in ballots] == [(number % 3,) for number in told]
    await after.close()
