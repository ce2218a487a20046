"""Files that others read while Parvis writes them: they see the old or the new one, whole."""

import os
from collections.abc import Mapping
from pathlib import Path

_OURS = ".parvis-new"


def write(texts: Mapping[Path, str]) -> None:
    """Write these files: all are on disk before the first takes its place. Blocks. Raises OSError."""
    made: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            made[path] = path.with_name(path.name + _OURS)
            _to_disk(made[path], text)
        for path, new in made.items():
            new.replace(path)
    finally:
        for new in made.values():
            new.unlink(missing_ok=True)


def _to_disk(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
