"""Files that others read while Parvis writes them: they see the old or the new one, whole."""

import os
from collections.abc import Mapping
from pathlib import Path

_OURS = ".parvis-new"


def write(contents: Mapping[Path, str | bytes]) -> None:
    """Write these files: all are on disk before the first takes its place. Blocks. Raises OSError."""
    made: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            made[path] = path.with_name(path.name + _OURS)
            _to_disk(made[path], content.encode() if isinstance(content, str) else content)
        for path, new in made.items():
            new.replace(path)
    finally:
        for new in made.values():
            new.unlink(missing_ok=True)


def _to_disk(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)  # left by a killed process, or a link that somebody laid there
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
