"""The pictures of started campaigns: copies named by their content, in a folder of the town and in its backups.

What was approved is what is published, whatever happens to the campaign's own folder afterwards.
"""

import hashlib
import re
from pathlib import Path

from sqlalchemy import Connection

from core.errors import StorageError
from storage.files import write_durably

TABLE = "pictures"  # in a backup only: a database holds no pictures
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


def pack(folder: Path, copy: Connection) -> int:
    """Put the pictures of the folder into a backup. Returns how many."""
    copy.exec_driver_sql(f"CREATE TABLE {TABLE} (name TEXT PRIMARY KEY, content BLOB NOT NULL)")
    found = sorted(file for file in folder.glob("*") if _NAME.fullmatch(file.name))
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


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        write_durably(file, content)
