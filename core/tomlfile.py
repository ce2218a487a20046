"""Reading TOML so that a mistake can be named: file, line, key, and the nearest right name.

``tomllib`` gives values without places, so the line of a key is found again in the text. ``findings`` takes errors in
the shape of pydantic's ``ValidationError.errors()`` (plain dictionaries), which keeps this module free of libraries.
"""

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Finding, Misconfigured

_CLOSE = 0.7  # of 1: «twon» is «town», «wood» is not


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file: where it is, its text, its tables."""

    path: Path
    text: str
    tables: Mapping[str, Any]


def read(path: Path) -> Document:
    """Read a file. Raises Misconfigured when it is absent, unreadable, not UTF-8, or not TOML."""
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise Misconfigured(Finding(file=path, line=0, key="", problem=error.strerror or str(error))) from error
    except UnicodeDecodeError as error:
        raise Misconfigured(Finding(file=path, line=0, key="", problem="the file is not UTF-8 text")) from error
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(_syntax(path, error)) from error
    return Document(path, text, tables)


def findings(
    document: Document, errors: Iterable[Mapping[str, Any]], known: Mapping[str, Collection[str]]
) -> tuple[Finding, ...]:
    """Errors with their places. ``known`` gives the right names of the keys of each dotted table.

    Ranks are left out of the path of a table, and a name that the writer is free to choose is ``*``.
    """
    return tuple(_finding(document, error, known) for error in errors)


def nearest(name: str, names: Collection[str]) -> str | None:
    """The right name that was probably meant: one or two letters away, or the whole of which it is the first word."""
    longer = (whole for whole in names if whole.startswith(f"{name}_"))
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=_CLOSE)), next(longer, None))


def line_of(document: Document, path: Sequence[str | int]) -> int:
    """The line, from 1, where the last key of ``path`` stands; of the nearest table above it, else 0."""
    lines = document.text.splitlines()
    start, line, end = 0, 0, len(lines)
    names: list[str] = []
    for position, step in enumerate(path):
        if isinstance(step, str):
            names.append(step)
            found = _find(lines, names, start, end)
            if found is None and position:
                found = _find(lines, names[-1:], start, end)
            if found is None:
                return line
            start, line = found, found + 1
        else:
            table = _nth_table(lines[:end], names, step, start)
            if table is not None:
                (start, end), line = table, table[0] + 1
    return line


def _find(lines: Sequence[str], names: Sequence[str], start: int, end: int) -> int | None:
    bare = re.escape(names[-1])
    header = re.compile(rf"^\s*\[{{1,2}}\s*{_dotted(names)}\s*[.\]]")
    key = re.compile(rf"(?:^|[{{,.])\s*[\"']?{bare}[\"']?\s*[=.]")
    for pattern in (header, key):
        for number in range(start, end):
            if pattern.search(lines[number].split("#")[0]):
                return number
    return None


def _dotted(names: Sequence[str]) -> str:
    return r"\s*\.\s*".join(map(re.escape, names))


def _nth_table(lines: Sequence[str], names: Sequence[str], rank: int, start: int) -> tuple[int, int] | None:
    header = re.compile(rf"^\s*\[\[\s*{_dotted(names)}\s*\]\]")
    starts = [number for number, line in enumerate(lines) if number >= start and header.match(line)]
    if rank >= len(starts):
        return None
    return starts[rank], starts[rank + 1] if rank + 1 < len(starts) else len(lines)


def _finding(document: Document, error: Mapping[str, Any], known: Mapping[str, Collection[str]]) -> Finding:
    path = tuple(error["loc"])
    unknown = error["type"] in {"extra_forbidden", "unexpected_keyword_argument"}
    return Finding(
        file=document.path,
        line=line_of(document, path),
        key=".".join(map(str, path)),
        problem="unknown key" if unknown else str(error["msg"]),
        nearest=nearest(str(path[-1]), _names(known, path[:-1])) if unknown else error.get("nearest"),
    )


def _names(known: Mapping[str, Collection[str]], path: Sequence[str | int]) -> Collection[str]:
    steps = [step for step in path if isinstance(step, str)]
    for table, names in known.items():
        pattern = table.split(".") if table else []
        if len(pattern) == len(steps) and all(part in {"*", step} for part, step in zip(pattern, steps, strict=True)):
            return names
    return ()


def _syntax(path: Path, error: tomllib.TOMLDecodeError) -> Finding:
    place = re.search(r"line (\d+)", str(error))
    problem = re.sub(r" \(at .*\)$", "", str(error))
    return Finding(file=path, line=int(place[1]) if place else 0, key="", problem=f"not valid TOML: {problem}")
