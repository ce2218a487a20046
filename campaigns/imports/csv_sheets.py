"""CSV as spreadsheets of every country write it: any of the usual separators and encodings, found out, never asked."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from campaigns.imports.posts import flaw
from campaigns.imports.sheets import MOST_ROWS, Row, Sheet
from core.errors import Misconfigured

_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SEPARATORS = (";", ",", "\t")
_FIRST_LINE = re.compile(r"sep=(.)\r?\n")  # how Excel is told the separator
_HOW = "save it as «CSV UTF-8»"


def read(path: Path, content: bytes, known: Callable[[str], bool]) -> Sheet:
    """The rows that hold anything; ``known`` says whether a word is a heading. Raises Misconfigured."""
    text, note = _text(path, content)
    told = _FIRST_LINE.match(text)
    body, skipped = (text[told.end() :], 1) if told else (text, 0)
    separator = told[1] if told else _separator(body, known)
    rows = tuple(_rows(path, body, separator, skipped))
    return Sheet(path=path, rows=rows, notes=() if note is None else (flaw(path, 0, "", note),))


def _text(path: Path, content: bytes) -> tuple[str, str | None]:
    """The text, and what is to be said of its encoding."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _decoded(path, content[len(mark) :], encoding), None
    if b"\0" in content:
        wide = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        return _decoded(path, content, wide), None
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError:
        note = f"is not UTF-8: read as Windows-1252, look at the accents; better, {_HOW}"
        return _decoded(path, content, "cp1252"), note


def _decoded(path: Path, content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Misconfigured(flaw(path, 0, "", f"is no text in any usual encoding: {_HOW}")) from error
    if "\0" in text:
        raise Misconfigured(flaw(path, 0, "", f"is no text, but something else under its name: {_HOW}"))
    return text


def _separator(text: str, known: Callable[[str], bool]) -> str:
    """The one that finds most headings in the first line."""
    first = text.partition("\n")[0]
    return max(_SEPARATORS, key=lambda each: sum(map(known, first.replace('"', "").split(each))))


def _rows(path: Path, text: str, separator: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 0
    found = 0
    try:
        for cells in reader:
            line, begins = begins + 1 + skipped, reader.line_num
            if any(cell.strip() for cell in cells):
                found += 1
                yield Row(line=line, cells=tuple(cells))
            if found > MOST_ROWS:
                raise Misconfigured(flaw(path, line, "", f"more than {MOST_ROWS} rows: divide the file"))
    except csv.Error as error:
        problem = f'is not CSV: {error}; quotes inside a quoted text are doubled, "" for one'
        raise Misconfigured(flaw(path, begins + 1 + skipped, "", problem)) from error
