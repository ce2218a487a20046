"""Note what of Parvis the tests reach, and which ways they go, when `COVERAGE` names a folder for the notes.

Probes are planted where a file of ours is compiled (`tests/probes.py`); nobody else's code is touched, so that this
costs next to nothing. Each process leaves one file of notes, and scripts/check_coverage.py judges them all.
"""

import json
import os
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

from tests.probes import Planted, planted

ROOT = Path(__file__).parents[1]


class Measurement:
    """What was reached of our packages since they were imported under it."""

    def __init__(self, folder: Path, root: Path = ROOT) -> None:
        """Begin: nothing of ours may have been imported before. The notes will stand in this folder."""
        packages = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["measuring"]["source"]
        self._places = tuple(f"{root / each}" if each.endswith(".py") else f"{root / each}/" for each in packages)
        self._folder = folder
        self._files: dict[str, Planted] = {}  # Alembic loads the same files for each new town
        plain = SourceFileLoader.get_code

        def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
            path = loader.get_filename(name)
            return self._measured(path) if self._is_ours(path) else plain(loader, name)

        # The loader itself, because Alembic loads its files without asking any finder of modules.
        SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]  # as above

    def _is_ours(self, path: str) -> bool:
        return path.startswith(self._places)

    def _measured(self, path: str) -> CodeType:
        if path not in self._files:
            self._files[path] = planted(path)
        return self._files[path].code

    def note(self) -> None:
        """Leave for the judge where the probes of each file are, and which of them were passed."""
        notes = {path: {"points": file.points, "passed": file.passed} for path, file in self._files.items()}
        self._folder.mkdir(exist_ok=True)
        (self._folder / f"{os.getpid()}.json").write_text(json.dumps(notes), encoding="utf-8")
