"""Refuse a test run that left branches of our packages unseen. Says nothing when all is well."""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from coverage import Coverage

WHOLE = frozenset({"bots", "campaigns", "core", "delivery", "templates"})  # the rules of the town: every branch
LEAST = 95.0  # per cent of lines and branches elsewhere, package by package


def main() -> int:
    """Compare each package with what it owes, and name the lines and branches that no test has seen."""
    seen, all_there, unseen = Counter[str](), Counter[str](), dict[str, list[str]]()
    for file, report in _files().items():
        package = Path(file).parts[0].removesuffix(".py")
        summary = report["summary"]
        seen[package] += summary["covered_lines"] + summary["covered_branches"]
        all_there[package] += summary["num_statements"] + summary["num_branches"]
        if report["missing_lines"] or report["missing_branches"]:
            lines, branches = report["missing_lines"], [tuple(branch) for branch in report["missing_branches"]]
            unseen.setdefault(package, []).append(f"  {file}: lines {lines}, branches {branches}")
    short = [package for package in all_there if seen[package] < _owed(package) / 100 * all_there[package]]
    for package in short:
        share = 100 * seen[package] / all_there[package]
        sys.stdout.write(f"{package}: {share:.2f} % seen, {_owed(package):.0f} % owed\n")
        sys.stdout.write("\n".join(unseen[package]) + "\n")
    return 1 if short or not all_there else 0


def _owed(package: str) -> float:
    return 100.0 if package in WHOLE else LEAST


def _files() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        outfile = Path(folder) / "coverage.json"
        coverage = Coverage(messages=False)
        coverage.load()
        coverage.json_report(outfile=str(outfile))
        files: dict[str, Any] = json.loads(outfile.read_text(encoding="utf-8"))["files"]
        return files


if __name__ == "__main__":
    sys.exit(main())
