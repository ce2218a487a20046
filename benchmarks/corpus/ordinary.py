"""Ordinary messages: our own, and those of others that are not in the repository."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).parent
_FORMS = {".tsv", ".txt"}


def ours() -> Mapping[str, list[str]]:
    """What people write, and what only looks like something forbidden."""
    return {
        "ordinary": _lines(HERE / "ordinary.txt"),
        "innocent, but like something forbidden": _lines(HERE / "innocent.txt"),
    }


def found_in(places: Iterable[Path], *, but: Iterable[Path] = ()) -> Mapping[str, list[str]]:
    """The messages of files, or of all in a folder, by the names of the files.

    A line is a message; of a table (``.tsv``) the column ``text``, unless its column ``tox`` says that it is hostile.
    """
    left_out = {each.resolve() for each in but}
    files = [file for place in places for file in (sorted(place.iterdir()) if place.is_dir() else [place])]
    read = [file for file in files if file.suffix in _FORMS and file.resolve() not in left_out]
    return {file.stem: _rows(file) if file.suffix == ".tsv" else _lines(file) for file in read}


def _rows(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["text"] for row in rows if row["text"] and (row.get("tox") or "0") == "0"]


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
