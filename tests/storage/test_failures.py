"""When the database fails, everyone who waits is told, nothing is half done, and the service comes back by itself."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy.exc import OperationalError

from core.errors import Misconfigured, OutcomeUnknown, StorageError, UnknownOption
from core.poll import Choose, Standing
from core.ports.store import Books
from storage.dialects.sqlite import refuse_old
from storage.store import SqlStore
from tests.contracts.doings import opened
from tests.core.examples import BRIDGE, poll, vote

ROOT = Path(__file__).parents[2]
IMPATIENT = timedelta(milliseconds=200)


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    """A SQLite store that does not wait long for a lock."""
    found = await SqlStore.open(sqlite_url, patience=IMPATIENT)
    yield found
    await found.close()


@pytest.fixture
async def served(postgres_url: str) -> AsyncIterator[SqlStore]:
    """A PostgreSQL store."""
    found = await SqlStore.open(f"{postgres_url}&application_name=served")
    yield found
    await found.close()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@contextmanager
def _locked(url: str) -> Iterator[None]:
    with closing(sqlite.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def _tell(books: Books) -> None:
    books.town.set_fact("told", "yes")


# ── closing ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_store_is_closed_when_the_last_one_has_read(url: str) -> None:
    """Also one who no longer waits: a connection that comes back behind the close would stay open for ever."""
    store = await SqlStore.open(url)
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def read_long(books: Books) -> None:
        began.set()
        may_end.wait()
        books.town.fact("told")
        ended.set()

    reader = asyncio.create_task(store.read(read_long))
    await asyncio.to_thread(began.wait)
    reader.cancel()
    closing_it = asyncio.create_task(store.close())
    with pytest.raises(asyncio.CancelledError):
        await reader
    may_end.set()
    await closing_it

    assert ended.is_set()
    with pytest.raises(StorageError, match="closed"):
        await store.read(lambda books: books.town.fact("told"))


# ── locked ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_everyone_who_waits_is_told_of_a_locked_database(store: SqlStore, sqlite_url: str) -> None:
    """Votes and functions alike; none of them may be acknowledged."""
    await opened(store, poll())

    with _locked(sqlite_url):
        answers = await asyncio.gather(
            *(store.cast([vote(Choose(0), order=n, voter=bytes([n]) * 16)]) for n in range(1, 9)),
            store.write(_tell),
            return_exceptions=True,
        )

    assert {type(answer) for answer in answers} == {StorageError}
    assert (await store.read(lambda books: books.polls.tally(BRIDGE))).voters == 0
    assert await store.read(lambda books: books.town.fact("told")) is None


async def test_a_database_that_was_locked_takes_votes_again(store: SqlStore, sqlite_url: str) -> None:
    """Without a restart, without anybody's hand."""
    await opened(store, poll())
    with _locked(sqlite_url), pytest.raises(StorageError, match="locked"):
        await store.cast([vote(Choose(0))])

    (outcome,) = await store.cast([vote(Choose(0))])

    assert outcome.standing is Standing.FIRST


async def test_a_short_lock_is_waited_for(sqlite_url: str) -> None:
    """A backup or a command beside the service holds it for moments."""
    store = await SqlStore.open(sqlite_url, patience=timedelta(seconds=30))
    with _locked(sqlite_url):
        writing = asyncio.create_task(store.write(_tell))
        done, _ = await asyncio.wait({writing}, timeout=0.2)

    await writing

    assert not done
    await store.close()


async def test_people_can_still_look_while_another_writes(store: SqlStore, sqlite_url: str) -> None:
    """Readers never wait for a writer."""
    await store.write(_tell)

    with closing(sqlite.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await store.read(lambda books: books.town.fact("told")) == "yes"


async def test_trouble_and_recovery_are_logged_once_each(
    store: SqlStore, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not once per vote; and in the words of the database, which tell a full disk from a lock."""
    caplog.set_level(logging.INFO, "parvis.storage")

    with _locked(sqlite_url):
        for _ in range(2):
            with pytest.raises(StorageError):
                await store.write(_tell)
    await store.write(lambda books: books.town.fact("told"))
    told = [record.message for record in caplog.records]
    await store.write(_tell)
    await store.write(_tell)

    assert (told, [record.message for record in caplog.records]) == (
        ["database_lost"],  # a turn that writes nothing says nothing about a full disk
        ["database_lost", "database_back"],
    )
    assert caplog.records[0].__dict__["problem"] == "database is locked"


async def test_a_function_that_was_refused_keeps_its_own_error(store: SqlStore) -> None:
    """Its caller did something that is not allowed: the database has nothing to do with it."""

    def refuse(_: Books) -> None:
        raise UnknownOption

    def fail(_: Books) -> None:
        raise OperationalError("", {}, sqlite.OperationalError("disk I/O error"))

    answers = await asyncio.gather(store.write(refuse), store.write(fail), store.write(_tell), return_exceptions=True)

    assert [type(answer) for answer in answers[:2]] == [UnknownOption, StorageError]


async def test_a_broken_rule_of_the_database_undoes_one_function_only(store: SqlStore) -> None:
    """It is that function's fault, not the disk's."""

    def break_a_rule(books: Books) -> None:
        books.replies.add(about=99, account="a", chat="c", message="m", author=b"", text="", at=vote(Choose(0)).at)  # type: ignore[arg-type]  # no such update: the broken rule

    answers = await asyncio.gather(store.write(break_a_rule), store.write(_tell), return_exceptions=True)

    assert [type(answer) for answer in answers] == [StorageError, type(None)]
    assert await store.read(lambda books: books.town.fact("told")) == "yes"


# ── PostgreSQL ─────────────────────────────────────────────────────────────────────────────────────────────


def _break_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'served'")


async def test_a_lost_connection_is_an_error_then_nothing(served: SqlStore, postgres_url: str) -> None:
    """The server was restarted: one refusal, and a new connection."""
    await served.write(_tell)
    _break_connections(postgres_url)

    with pytest.raises(StorageError):
        await served.write(lambda books: books.town.set_fact("told", "again"))

    assert await served.read(lambda books: books.town.fact("told")) == "yes"
    await served.write(lambda books: books.town.set_fact("told", "at last"))
    assert await served.read(lambda books: books.town.fact("told")) == "at last"


@pytest.fixture
def dying_commits(postgres_url: str) -> Iterator[None]:
    """A server that breaks the connection inside a commit that touches a fact."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER dying AFTER INSERT ON facts"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
        )
        yield
        connection.execute("DROP FUNCTION die CASCADE")


@pytest.mark.usefixtures("dying_commits")
async def test_a_connection_lost_inside_a_commit_leaves_the_outcome_unknown(served: SqlStore) -> None:
    """The commit may have been carried out: look before doing it again."""
    with pytest.raises(OutcomeUnknown):
        await served.write(_tell)

    assert await served.write(lambda books: books.town.fact("told")) is None


# ── small print ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_reading_cannot_change_anything(kind: str, sqlite_url: str, postgres_url: str) -> None:
    """A reader that writes would escape the one writer."""
    store = await SqlStore.open(sqlite_url if kind == "sqlite" else postgres_url)

    with pytest.raises(StorageError):
        await store.read(_tell)

    await store.close()


async def test_a_server_that_does_not_answer_is_said_so_at_once(tmp_path: Path) -> None:
    """When the store is opened, not at the first vote."""
    with pytest.raises(StorageError):
        await SqlStore.open(f"postgresql://nobody@/nowhere?host={tmp_path}")


async def test_closing_carries_out_what_waits(sqlite_url: str) -> None:
    """A stop is no reason to lose what was asked for before it."""
    store = await SqlStore.open(sqlite_url)
    writing = asyncio.gather(*(store.write(_tell) for _ in range(9)))
    await asyncio.sleep(0)

    await store.close()

    assert await writing == [None] * 9


async def test_a_closed_store_takes_nothing(sqlite_url: str) -> None:
    """And says so at once instead of never."""
    store = await SqlStore.open(sqlite_url)
    await store.close()

    with pytest.raises(StorageError, match="closed"):
        await store.write(_tell)


async def test_a_caller_who_gave_up_disturbs_nobody(store: SqlStore) -> None:
    """Their wish is carried out; those who share its turn are answered."""
    waiting = asyncio.ensure_future(store.write(_tell))
    await asyncio.sleep(0)
    waiting.cancel()

    assert await store.write(lambda books: books.town.fact("told")) == "yes"


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_a_sqlite_that_can_corrupt_its_files_is_refused(version: tuple[int, int, int]) -> None:
    """In one sentence with the cure."""
    with pytest.raises(Misconfigured, match=r"3\.51\.3 or later is needed: pip install"):
        refuse_old(version, Path("town.db"))


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4)])
def test_a_sound_sqlite_is_accepted(version: tuple[int, int, int]) -> None:
    """The fix came with 3.51.3."""
    refuse_old(version, Path("town.db"))
