"""The pictures of started campaigns: copies named by their content, in a folder of the town and in its backups.

What was approved is what is published, whatever happens to the campaign's own folder afterwards. The age of a copy is
the time since it was last needed; one that is old goes, unless something needs it.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from core.errors import StorageError
from storage.files import sync_folder, write_durably

TABLE = "pictures"  # in a backup only: a database holds no pictures
KEPT = timedelta(days=30)  # unneeded: a database that the town's own means brought back may need it again
_NAME = re.compile(r"([0-9a-f]{64})\.[a-z]{3,4}")


def keep(file: Path, folder: Path) -> Path:
    """Copy a picture into the folder, unless it is there; its name there. Blocks. Raises StorageError."""
    try:
        content = file.read_bytes()
        name = Path(f"{hashlib.sha256(content).hexdigest()}{file.suffix.lower()}")
        _put(folder / name, content)
    except OSError as error:
        raise StorageError(f"{error.filename or file}: {error.strerror}") from error
    return name


def tidy(folder: Path, needed: Collection[str], *, kept: timedelta = KEPT) -> int:
    """Remove the copies that nothing has needed for so long. Returns how many. Blocks. Raises StorageError.

    What is copied here while this runs stays, even if it is not yet said to be needed.
    """
    gone = 0
    try:
        if not folder.exists():
            return 0
        with _alone(folder):
            for file in _copies(folder):
                if file.name in needed:
                    os.utime(file)
                elif datetime.fromtimestamp(file.stat().st_mtime, UTC) < datetime.now(UTC) - kept:
                    file.unlink()
                    gone += 1
            sync_folder(folder)
    except OSError as error:
        raise StorageError(f"{error.filename or folder}: {error.strerror}") from error
    return gone


def pack(folder: Path, copy: Connection) -> int:
    """Put the pictures of the folder into a backup. Returns how many."""
    copy.exec_driver_sql(f"CREATE TABLE {TABLE} (name TEXT PRIMARY KEY, content BLOB NOT NULL)")
    found = _copies(folder)
    for file in found:
        copy.exec_driver_sql(f"INSERT INTO {TABLE} VALUES (?, ?)", (file.name, file.read_bytes()))  # noqa: S608  a constant
    return len(found)


def unpack(copy: Connection, folder: Path) -> int:
    """Put the pictures of a backup into the folder. Returns how many; of a file that has none, 0."""
    if not copy.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (TABLE,)).first():
        return 0
    taken = 0
    for name, content in copy.exec_driver_sql(f"SELECT name, content FROM {TABLE}"):  # noqa: S608  a constant
        named = _NAME.fullmatch(name)
        if named and hashlib.sha256(content).hexdigest() == named[1]:
            _put(folder / name, content)
            taken += 1
    return taken


def _copies(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*") if _NAME.fullmatch(file.name))


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(file.parent):
        if file.exists():
            os.utime(file)
        else:
            write_durably(file, content)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else copies into the folder, or tidies it up."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
