"""Note which lines and branches of Parvis the tests reach, when `COVERAGE` names a folder for the notes.

SlipCover plants probes where a file of ours is compiled; nobody else's code is touched, so that measuring costs next to
nothing. Each process leaves one file of notes, and scripts/check_coverage.py judges them all.
"""

import ast
import json
import os
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

from slipcover import Slipcover
from slipcover.branch import preinstrument

ROOT = Path(__file__).parents[1]
NEVER = -1  # a probe stays where it was planted: no function gets another code while it runs


class Measurement:
    """What was reached of our packages since they were imported under it."""

    def __init__(self, folder: Path, root: Path = ROOT) -> None:
        """Begin: nothing of ours may have been imported before. The notes will stand in this folder."""
        packages = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["slipcover"]["source"]
        self._places = tuple(root / package for package in packages)
        self._folder = folder
        self._probes = Slipcover(branch=True, d_miss_threshold=NEVER)
        self._planted: dict[str, CodeType] = {}  # Alembic loads the same files for each new town
        plain = SourceFileLoader.get_code

        def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
            path = loader.get_filename(name)
            return self._measured(path) if self._is_ours(path) else plain(loader, name)

        # The loader itself, because Alembic loads its files without asking any finder of modules.
        SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]  # as above

    def _is_ours(self, path: str) -> bool:
        return any(Path(path).is_relative_to(place) for place in self._places)

    def _measured(self, path: str) -> CodeType:
        if path not in self._planted:
            tree = preinstrument(ast.parse(Path(path).read_bytes()))
            self._planted[path] = self._probes.instrument(compile(tree, path, "exec", dont_inherit=True))
        return self._planted[path]

    def note(self) -> None:
        """Leave for the judge what each file has and what of it was reached: lines are numbers, branches are pairs."""
        probes = self._probes
        notes = {
            file: {
                "lines": sorted(lines),
                "branches": sorted(probes.code_branches[file]),
                "reached": list(probes.newly_seen[file]),
            }
            for file, lines in probes.code_lines.items()
        }
        self._folder.mkdir(exist_ok=True)
        (self._folder / f"{os.getpid()}.json").write_text(json.dumps(notes), encoding="utf-8")
