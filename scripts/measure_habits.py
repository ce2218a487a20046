#!/usr/bin/env python3
"""Compute from public Polis conversations how people arrive, stay, come back and change their minds.

    scripts/measure_habits.py FOLDER > sandbox/habits.toml

FOLDER holds a folder for each conversation, as in https://github.com/compdemocracy/openData (CC BY 4.0, commit
0bc2ce0f): ``participants-votes.csv``, and ``votes.csv`` where votes are dated. Nothing personal is in what comes out:
shares of people, and when each twentieth of them had come.
"""

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

PARTS = 20
STEPS = (2, 5, 7, 10, 20, 30, 50)
SITTING = timedelta(hours=6).total_seconds()  # who is back after a longer pause has come back
LONGEST = timedelta(days=100).total_seconds()  # what stood on a web page for years is no consultation with an end
HEAD = """\
# How people take part, computed by scripts/measure_habits.py from public Polis conversations:
# compdemocracy/openData, commit 0bc2ce0f (2024-10-09). Data was gathered using the Polis software
# (compdemocracy.org/polis) and is sub-licensed under CC BY 4.0 with Attribution to The Computational Democracy Project.
# This table, which is derived from it, is under the same licence.
"""


@dataclass(frozen=True, slots=True)
class Dated:
    """What the dated votes of one conversation say. ``arrivals`` are parts of its length, from 0 to 1."""

    people: int
    length: float
    arrivals: tuple[float, ...]
    back: int
    again: int


def dated(path: Path) -> Dated:
    """Read the dated votes of one conversation; of its people, how many came back, and how many voted anew."""
    with path.open(encoding="utf-8", newline="") as file:
        votes = sorted(
            (int(row["timestamp"]) / 1000, row["voter-id"], row["comment-id"]) for row in csv.DictReader(file)
        )
    times: dict[str, list[float]] = {}
    for at, voter, _ in votes:
        times.setdefault(voter, []).append(at)
    said: set[tuple[str, str]] = set()
    again: set[str] = set()
    for _, voter, comment in votes:
        again |= {voter} if (voter, comment) in said else set()
        said.add((voter, comment))
    began, ended = votes[0][0], votes[-1][0]
    firsts = sorted((own[0] - began) / (ended - began) for own in times.values())
    ranks = [min(len(firsts) * part // PARTS, len(firsts) - 1) for part in range(PARTS + 1)]
    back = sum(any(after - before > SITTING for before, after in pairwise(own)) for own in times.values())
    return Dated(len(times), ended - began, tuple(firsts[rank] for rank in ranks), back, len(again))


def staying(folders: list[Path]) -> dict[int, float]:
    """Which part of those who begin answers at least so many questions: the median of the conversations."""
    shares: dict[int, list[float]] = {step: [] for step in STEPS}
    for folder in folders:
        with (folder / "participants-votes.csv").open(encoding="utf-8", newline="") as file:
            answered = [given for row in csv.DictReader(file) if (given := int(row["n-votes"])) > 0]
        for step in STEPS:
            shares[step].append(sum(given >= step for given in answered) / len(answered))
    return {step: median(found) for step, found in shares.items()}


def table(folder: Path) -> str:
    """The whole table."""
    folders = sorted(path.parent for path in folder.glob("*/participants-votes.csv"))
    found = {path.parent.name: dated(path) for path in sorted(folder.glob("*/votes.csv"))}
    everybody = sum(each.people for each in found.values())
    lines = [
        HEAD,
        f"returning = {median(each.back / each.people for each in found.values()):.3f}  # came back after over 6 h",
        f"again = {sum(each.again for each in found.values()) / everybody:.3f}  # answered a question a second time",
        f"conversations = {len(folders)}  # in which the staying was counted",
        "",
        "[staying]  # which part of those who begin answers at least so many questions",
        *(f"{step} = {share:.2f}" for step, share in staying(folders).items()),
        "",
        "[arrivals]  # when each twentieth had come, in parts of the length of the consultation",
        *_arrivals(found),
    ]
    return "\n".join(lines)


def _arrivals(found: Mapping[str, Dated]) -> list[str]:
    return [
        f'"{name}" = [{", ".join(f"{part:.4f}" for part in each.arrivals)}]'
        for name, each in found.items()
        if each.length <= LONGEST
    ]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(str(__doc__))
    print(table(Path(sys.argv[1])))
