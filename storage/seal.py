"""The last line of a backup: a digest of all that stands before it. What was damaged or changed since is refused."""

import hashlib
import os
from pathlib import Path

_MARK = b"\nparvis backup, sha256 "
_LENGTH = len(_MARK) + 64


def seal(file: Path) -> None:
    """Add the digest. SQLite itself opens such a file as before."""
    line = _MARK + _digest(file, file.stat().st_size)
    with file.open("ab") as stream:
        stream.write(line)


def unseal(file: Path) -> bool:
    """Take the digest off; False, and nothing, when there is none or the file is not what was sealed."""
    size = file.stat().st_size - _LENGTH
    if size <= 0:
        return False
    with file.open("rb") as stream:
        stream.seek(size)
        line = stream.read()
    if line != _MARK + _digest(file, size):
        return False
    os.truncate(file, size)
    return True


def _digest(file: Path, size: int) -> bytes:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while left := size - stream.tell():
            digest.update(stream.read(min(left, 1 << 20)))
    return digest.hexdigest().encode()
