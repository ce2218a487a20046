"""Refuse a test run that left branches of our packages unseen. Says nothing when all is well.

Called with the folder in which the processes of the run left their notes (`tests/measuring.py`).
"""

import json
import sys
import tomllib
from collections import Counter
from pathlib import Path

from tests.probes import planted

ROOT = Path(__file__).parents[1]
WHOLE = frozenset({"bots", "campaigns", "core", "delivery", "templates"})  # the rules of the town: everything
LEAST = 95.0  # per cent of statements and ways elsewhere, package by package


def main(notes: Path, root: Path = ROOT) -> int:
    """Compare each package with what it owes, and name what no test has seen, by its line."""
    seen, all_there, unseen = Counter[str](), Counter[str](), dict[str, list[str]]()
    for file, points in sorted(_files(notes, root).items()):
        package = Path(file).parts[0].removesuffix(".py")
        missed = [f"{line} {way}".rstrip() for line, way, passed in sorted(points) if not passed]
        seen[package] += len(points) - len(missed)
        all_there[package] += len(points)
        if missed:
            unseen.setdefault(package, []).append(f"  {file}: {', '.join(missed)}")
    short = [package for package in all_there if seen[package] < _owed(package) / 100 * all_there[package]]
    for package in short:
        share = 100 * seen[package] / all_there[package]
        sys.stdout.write(f"{package}: {share:.2f} % seen, {_owed(package):.0f} % owed\n")
        sys.stdout.write("\n".join(unseen[package]) + "\n")
    return 1 if short or not all_there else 0


def _owed(package: str) -> float:
    return 100.0 if package in WHOLE else LEAST


def _files(notes: Path, root: Path) -> dict[str, list[tuple[int, str, bool]]]:
    """What each file of ours has, imported or not: a line, a way, and whether some process has passed there."""
    found: dict[Path, list[tuple[int, str, bool]]] = {}
    for note in notes.glob("*.json"):
        for name, file in json.loads(note.read_text(encoding="utf-8")).items():
            before = found.get(Path(name)) or [(line, way, False) for line, way in file["points"]]
            both = zip(before, file["passed"], strict=True)
            found[Path(name)] = [(line, way, already or bool(passed)) for (line, way, already), passed in both]
    packages = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["measuring"]["source"]
    ours = [path for each in packages for path in (root / each, *root.glob(f"{each}/**/*.py")) if path.is_file()]
    for path in ours:
        if path not in found:  # nobody has imported it: all that is in it is owed
            found[path] = [(line, way, False) for line, way in planted(str(path)).points]
    return {str(path.relative_to(root)): points for path, points in found.items()}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
