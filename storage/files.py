"""Small files that must be whole or absent after a power cut, and private: mode 0600 from the first byte."""

import os
import secrets
from pathlib import Path


def write_durably(file: Path, content: bytes) -> None:
    """Put the content there in one step: written beside, synced, renamed, the folder synced. Raises OSError."""
    beside = file.with_name(f".{file.name}.new")
    beside.unlink(missing_ok=True)
    _write(beside, content, os.O_CREAT | os.O_EXCL)
    beside.replace(file)
    sync_folder(file.parent)


def write_once(file: Path, content: bytes) -> None:
    """Put the content there unless somebody else has, on this host or another. Raises FileExistsError, OSError."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(8)}.new")
    _write(beside, content, os.O_CREAT | os.O_EXCL)
    try:
        os.link(beside, file)
    finally:
        beside.unlink()
    sync_folder(file.parent)


def destroy(file: Path) -> None:
    """Overwrite, then remove; nothing when it is absent. Raises OSError.

    What the disk itself keeps (flash wear levelling, copy-on-write snapshots) is beyond any program.
    """
    if file.exists():
        _write(file, bytes(file.stat().st_size), 0)
        file.unlink()
        sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or a removal in it durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(file: Path, content: bytes, flags: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | flags, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
