"""Refuse a test run that left branches of our packages unseen. Says nothing when all is well.

Called with the folder in which the processes of the run left their notes (`tests/measuring.py`).
"""

import ast
import json
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from slipcover import Slipcover
from slipcover.branch import preinstrument

ROOT = Path(__file__).parents[1]
WHOLE = frozenset({"bots", "campaigns", "core", "delivery", "templates"})  # the rules of the town: every branch
LEAST = 95.0  # per cent of lines and branches elsewhere, package by package


def main(notes: Path, root: Path = ROOT) -> int:
    """Compare each package with what it owes, and name the lines and branches that no test has seen."""
    seen, all_there, unseen = Counter[str](), Counter[str](), dict[str, list[str]]()
    for file, report in sorted(_files(notes, root).items()):
        package = Path(file).parts[0].removesuffix(".py")
        lines, branches = report["missing_lines"], _possible(report["missing_branches"], root / file)
        reached = len(report["executed_lines"]) + len(report["executed_branches"])
        seen[package] += reached
        all_there[package] += reached + len(lines) + len(branches)
        if lines or branches:
            unseen.setdefault(package, []).append(f"  {file}: lines {lines}, branches {branches}")
    short = [package for package in all_there if seen[package] < _owed(package) / 100 * all_there[package]]
    for package in short:
        share = 100 * seen[package] / all_there[package]
        sys.stdout.write(f"{package}: {share:.2f} % seen, {_owed(package):.0f} % owed\n")
        sys.stdout.write("\n".join(unseen[package]) + "\n")
    return 1 if short or not all_there else 0


def _owed(package: str) -> float:
    return 100.0 if package in WHOLE else LEAST


def _files(notes: Path, root: Path) -> dict[str, Any]:
    """What each file of ours has, imported or not, and what of it some process has noted."""
    measured = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["slipcover"]
    judge = Slipcover(branch=True, exclude_lines=measured["exclude-lines"])
    for path in notes.glob("*.json"):
        for file, note in json.loads(path.read_text(encoding="utf-8")).items():
            judge.code_lines[file].update(note["lines"])
            judge.code_branches[file].update(map(tuple, note["branches"]))
            judge.all_seen[file].update(tuple(at) if isinstance(at, list) else at for at in note["reached"])
    for package in measured["source"]:
        for path in [root / package, *root.glob(f"{package}/**/*.py")]:
            if path.is_file() and str(path) not in judge.code_lines:
                _expect_all(judge, path)
    files: dict[str, Any] = judge.get_coverage()["files"]
    return {str((root / file).relative_to(root)): report for file, report in files.items()}


def _expect_all(judge: Slipcover, path: Path) -> None:
    """Nobody has imported it: all that is in it is owed."""
    code = compile(preinstrument(ast.parse(path.read_bytes())), path, "exec", dont_inherit=True)
    judge.code_lines[str(path)].update(judge.lines_from_code(code))
    judge.code_branches[str(path)].update(judge.branches_from_code(code))


def _possible(branches: list[tuple[int, int]], path: Path) -> list[tuple[int, int]]:
    """All but those past the last case of a match: mypy refuses one that is not exhaustive."""
    nodes = ast.walk(ast.parse(path.read_bytes())) if branches else ()
    matches = [node for node in nodes if isinstance(node, ast.Match) and node.cases[-1].guard is None]
    bodies = {match.lineno: {case.body[0].lineno for case in match.cases} for match in matches}
    return [(line, to) for line, to in branches if to in bodies.get(line, {to})]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
