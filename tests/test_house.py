"""The guards of the test suite do guard: each is shown what it must refuse."""

import os
import socket
import time
from contextlib import closing
from pathlib import Path

import pysqlite3
import pytest
from blockbuster import BlockingError
from pytest_socket import SocketConnectBlockedError

import storage
from core import tomlfile

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket")


def test_no_test_reaches_beyond_this_machine() -> None:
    """192.0.2.1 belongs to nobody (RFC 5737); even asking for it is refused."""
    with socket.socket() as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect(("192.0.2.1", 80))


async def test_our_code_may_not_read_a_file_inside_the_event_loop(tmp_path: Path) -> None:
    """Everyone waits while a coroutine waits for a disk."""
    file = tmp_path / "town.toml"
    file.write_text("name = 'Ville'", encoding="utf-8")

    with pytest.raises(BlockingError):
        tomlfile.read(file)


async def test_a_test_itself_may_block() -> None:
    """Only our own code is watched: arranging a test is nobody's waiting time."""
    time.sleep(0.001)  # noqa: ASYNC251  the call that is allowed here


@pytest.mark.parametrize("call", ["sqlite.execute('select 1')", "os.fsync(1)"])
async def test_our_code_may_not_wait_for_the_database_or_the_disk_inside_the_event_loop(call: str) -> None:
    """BlockBuster knows neither the SQLite that Parvis brings nor fsync: the suite adds them."""
    program = compile(call, storage.__file__, "eval")
    with closing(pysqlite3.connect(":memory:")) as sqlite, pytest.raises(BlockingError):
        eval(program, {"sqlite": sqlite, "os": os})  # noqa: S307  a line that pretends to stand in storage/
