"""What other processes do to a database: hold it, vote until they are killed, die in an upgrade, have a full disk.

Each is forked from a server that has read all code, which saves the second that importing takes.
"""

import asyncio
import json
import os
import resource
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, event

from core.errors import StorageError
from core.poll import Choose, Tally
from core.ports.store import Books
from storage.lease import instance_lock
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.contracts.doings import opened
from tests.core.examples import BRIDGE, poll, vote
from tests.crash.doors import enter
from tests.crash.machines import Process, wait_for


@contextmanager
def another(act: str, *arguments: str) -> Iterator[Process]:
    """A process that does this; killed at the end."""
    process = Process(enter, __name__, act, *arguments)
    try:
        yield process
    finally:
        process.end()


def exit_of(act: str, *arguments: str) -> int | None:
    """How a process that does this ends by itself: minus the signal that killed it."""
    with another(act, *arguments) as process:
        wait_for(lambda: process.exit is not None, f"{act} has ended")
        return process.exit


# ── what they do ───────────────────────────────────────────────────────────────────────────────────────────


def hold(url: str, held: str) -> None:
    """Hold the place of the one instance, and say so by making a file."""
    with instance_lock(url):
        Path(held).touch()
        signal.pause()


def vote_on(url: str, acknowledged: str) -> None:
    """Cast votes, fifty at a time, and write down each that was acknowledged."""
    asyncio.run(_vote_on(url, os.open(acknowledged, os.O_WRONLY | os.O_CREAT)))


async def _vote_on(url: str, acknowledged: int) -> None:
    store = await SqlStore.open(url)

    async def citizen(number: int) -> None:
        await store.cast([vote(Choose(number % 3), order=number, voter=number.to_bytes(16, "big"))])
        os.write(acknowledged, f"{number}\n".encode())

    for start in range(1, 100_000, 50):
        async with asyncio.TaskGroup() as group:
            for number in range(start, start + 50):
                group.create_task(citizen(number))


def die_upgrading(url: str, statement: str) -> None:
    """Make the tables, and be killed after this many statements that change something."""
    left = [int(statement)]

    @event.listens_for(Engine, "after_cursor_execute")
    def count(connection: Connection, cursor: object, statement: str, *more: object) -> None:  # noqa: ARG001  all are given
        left[0] -= statement.startswith(("\nCREATE", "CREATE", "INSERT"))
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    upgrade(url)


def _limited(size: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if size < 0 else size, most))


def _ill_equipped(said: str) -> None:
    """Take every warning for an error, and no signal for a file that would become too large."""
    warnings.simplefilter("error")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    Path(said).touch()


def vote_on_a_small_disk(url: str, said: str) -> None:
    """Vote until the disk refused three times, then once more with room; say what was stored, refused and counted."""
    _ill_equipped(said)
    Path(said).write_text(json.dumps(asyncio.run(_vote_on_a_small_disk(url))), encoding="utf-8")


async def _vote_on_a_small_disk(url: str) -> list[int]:
    store = await SqlStore.open(url)
    await opened(store, poll())
    _limited(400_000)
    stored, refused, order = 0, 0, 0
    while refused < 3 and order < 50_000:
        votes = [vote(Choose(0), order=(order := order + 1), voter=order.to_bytes(16, "big")) for _ in range(50)]
        try:
            await store.cast(votes)
            stored += 50
        except StorageError:
            refused += 1
    _limited(-1)
    await store.cast([vote(Choose(0), order=order + 1, voter=b"last" * 4)])
    tally: Tally = await store.read(lambda books: books.polls.tally(BRIDGE))
    await store.housekeep()
    await store.close()
    return [stored, refused, tally.voters]


def _tell(books: Books) -> None:
    books.town.set_fact("told", "yes")


def _tell_much(books: Books) -> None:
    books.town.set_fact("told", "yes" * 50_000)


def keep_house_on_a_full_disk(file: str, said: str) -> None:
    """Be refused it; then, with room, write while another program holds the lock. Say whether the writer waited."""
    _ill_equipped(said)
    Path(said).write_text(json.dumps(asyncio.run(_keep_house_on_a_full_disk(file))), encoding="utf-8")


async def _keep_house_on_a_full_disk(file: str) -> list[bool]:
    store = await SqlStore.open(f"sqlite:///{file}")
    await store.write(_tell_much)
    _limited(8192)
    refused = False
    try:
        await store.housekeep()
    except StorageError:
        refused = True
    _limited(-1)
    other = sqlite.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    writing = asyncio.ensure_future(store.write(_tell_much))
    done, _ = await asyncio.wait({writing}, timeout=0.2)
    other.execute("ROLLBACK")
    other.close()
    await writing
    await store.close()
    return [refused, not done]


def write_what_becomes_read_only(file: str, said: str) -> None:
    """Write while another program holds the lock, once nobody may write the file, and once one may again."""
    _ill_equipped(said)
    with Path(said).open("w", encoding="utf-8") as answers:
        asyncio.run(_warm_up(file))
        if os.geteuid() == 0:  # nothing is read-only to root
            os.chown(Path(file).parent, 65534, 65534)
            os.chown(file, 65534, 65534)
            os.seteuid(65534)
        json.dump(asyncio.run(_write_what_becomes_read_only(file)), answers)


async def _warm_up(file: str) -> None:
    """So that every module is loaded before the rights to read them are given up."""
    store = await SqlStore.open(f"sqlite:///{file}")
    await _attempt(store)
    await store.close()


async def _attempt(store: SqlStore) -> str:
    try:
        await store.write(_tell)
    except StorageError as error:
        return str(error)
    return "stored"


async def _write_what_becomes_read_only(file: str) -> list[str]:
    store = await SqlStore.open(f"sqlite:///{file}", patience=timedelta(milliseconds=50))
    other = sqlite.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    said = [await _attempt(store)]
    other.close()
    _allowed(file, 0o400)
    said.append(await _attempt(store))
    for each in Path(file).parent.glob(f"{Path(file).name}*"):  # those beside it get the rights of the database
        _allowed(str(each), 0o600)
    said.append(await _attempt(store))
    await store.close()
    return said


def _allowed(file: str, mode: int) -> None:
    os.chmod(file, mode)  # noqa: PTH101  one function for async ones to call
