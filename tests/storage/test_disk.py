"""Disks that are full, read-only or failing: what was acknowledged is there, and room is all that is needed."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy.exc import OperationalError

from storage.dialects.sqlite import Sqlite
from tests.storage.others import exit_of


def _said(act: str, database: str, folder: Path) -> list[int | str]:
    """What a process says that does this to the database."""
    assert exit_of(act, database, str(folder / "said")) == 0
    found: list[int | str] = json.loads((folder / "said").read_text(encoding="utf-8"))
    return found


def test_a_full_disk_refuses_votes_and_takes_them_again(sqlite_url: str, tmp_path: Path) -> None:
    """What was acknowledged is there, what was refused is not, and room on the disk is all it needs."""
    stored, refused, counted = _said("vote_on_a_small_disk", sqlite_url, tmp_path)

    assert (refused, isinstance(stored, int) and stored > 0) == (3, True)
    assert counted == int(stored) + 1


def test_a_housekeeping_that_fails_leaves_the_writer_its_patience(sqlite_url: str, tmp_path: Path) -> None:
    """A command that holds the lock for a moment must not cost anybody a vote afterwards."""
    refused, waited = _said("keep_house_on_a_full_disk", sqlite_url.removeprefix("sqlite:///"), tmp_path)

    assert (refused, waited) == (True, True)


def test_a_file_that_became_read_only_refuses_until_it_is_writable_again(sqlite_template: Path, tmp_path: Path) -> None:
    """Each answer says why in the database's own words."""
    with TemporaryDirectory(prefix="parvis-") as folder:  # pytest's own folders are closed to other users
        said = _said("write_what_becomes_read_only", str(shutil.copy(sqlite_template, folder)), tmp_path)

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
