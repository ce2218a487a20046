"""The first table of an OpenDocument spreadsheet (ODF 1.3, part 3), read as a stream with limits.

Such a file is a zip archive with an XML document in it, and may come from anywhere: no more is unpacked than ``WHOLE``
bytes, no document type is taken (the way entities come in), and cells that repeat millions of times are not repeated.
A formula is never computed: the value that the spreadsheet saved stands for it.
"""

import io
import re
import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from campaigns.imports.posts import flaw
from campaigns.imports.sheets import MOST_COLUMNS, MOST_ROWS, Row, Sheet
from core.errors import Misconfigured

WHOLE = 10_000_000  # bytes of the unpacked document
LONGEST_CELL = 20_000  # characters, more than any network takes; twenty bytes may stand for a thousand blanks
_PIECE = 65_536
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # of OpenDocument, part 2

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT = (f"{_SPACE}{each}:1.0 " for each in ("office", "table", "text"))
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_WITHIN = {f"{_TEXT}line-break": "\n", f"{_TEXT}tab": "\t"}
_SPAN = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_VALUES = {
    "date": f"{_OFFICE}date-value",
    "time": f"{_OFFICE}time-value",
    "boolean": f"{_OFFICE}boolean-value",
    "float": f"{_OFFICE}value",
}


class _Stop(Exception):
    """Enough is read."""


class _Refused(Exception):
    """The document is none that is read here; the sentence says why."""


def read(path: Path, content: bytes) -> Sheet:
    """The rows that hold anything. Raises Misconfigured."""
    table = _Table()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = table.begin
    parser.EndElementHandler = table.end
    parser.CharacterDataHandler = table.say
    try:
        _feed(parser, content)
    except _Stop:
        pass
    except _Refused as refusal:
        raise Misconfigured(flaw(path, table.line, "", str(refusal))) from refusal
    except expat.ExpatError as error:
        problem = "is no spreadsheet that can be read: damaged, or under a password; save it anew"
        raise Misconfigured(flaw(path, table.line, "", problem)) from error
    notes = (flaw(path, 0, "", "only the first table is read"),) if table.others else ()
    return Sheet(path=path, rows=tuple(table.rows), notes=notes)


def _feed(parser: expat.XMLParserType, content: bytes) -> None:
    """Let the parser have the document, up to ``WHOLE``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as document:
            if archive.getinfo("content.xml").compress_type not in _PACKINGS:
                raise NotImplementedError
            for _ in range(WHOLE // _PIECE):
                piece = document.read(_PIECE)
                parser.Parse(piece, not piece)
                if not piece:
                    return
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, EOFError, ValueError, OSError) as error:
        problem = "is no OpenDocument spreadsheet, is damaged, or is under a password: save it as .ods anew"
        raise _Refused(problem) from error
    raise _Refused(f"unpacks to more than {WHOLE // 1_000_000} MB: save the posts alone in a new spreadsheet")


def _no_doctype(*_: object) -> None:
    raise _Refused("holds a document type, which no spreadsheet does: save it anew")


class _Table:
    """Collects the rows of the first table while the document goes by."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.line = 0
        self.others = False
        self._depth = 0  # of tables
        self._tables = 0
        self._repeated = 1
        self._cells: list[str] = []
        self._covered: set[int] = set()
        self._cell: _Cell | None = None
        self._aside = 0  # within a comment, a drawing or a table in a cell

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            self._depth += 1
            self._tables += self._depth == 1
            self.others = self._tables > 1
        if self.others or self._aside or self._cell is not None:
            self._begin_within(name, attributes)
        elif name == f"{_TABLE}table-row":
            self._repeated = _times(attributes, f"{_TABLE}number-rows-repeated")
            self._cells, self._covered = [], set()
            self.line += 1
        elif name in _CELLS:
            self._cell = _Cell(attributes, covered=name == _CELLS[1])
        elif name == f"{_TABLE}shapes":
            self._aside = 1

    def end(self, name: str) -> None:
        if name == f"{_TABLE}table":
            self._depth -= 1
        if self._aside:
            self._aside -= 1
        elif self._cell is not None and name in _CELLS:
            self._keep(self._cell)
            self._cell = None
        elif name == f"{_TABLE}table-row":
            self._end_row()

    def say(self, text: str) -> None:
        if self._cell is not None and not self._aside:
            self._cell.say(text)

    def _begin_within(self, name: str, attributes: dict[str, str]) -> None:
        if self.others:
            raise _Stop
        if self._aside or self._cell is None or not self._cell.takes(name, attributes):
            self._aside += 1

    def _keep(self, cell: "_Cell") -> None:
        value = cell.value()
        for _ in range(min(cell.times, MOST_COLUMNS - len(self._cells))):
            if cell.covered:
                self._covered.add(len(self._cells))
            self._cells.append(value)

    def _end_row(self) -> None:
        if any(each.strip() for each in self._cells):
            if len(self.rows) + self._repeated > MOST_ROWS:
                raise _Refused(f"more than {MOST_ROWS} rows: divide the spreadsheet")
            for nth in range(self._repeated):
                self.rows.append(Row(line=self.line + nth, cells=tuple(self._cells), covered=frozenset(self._covered)))
        self.line += self._repeated - 1


class _Cell:
    """One cell while it goes by."""

    def __init__(self, attributes: dict[str, str], *, covered: bool) -> None:
        self.covered = covered
        self.times = _times(attributes, f"{_TABLE}number-columns-repeated")
        kind = attributes.get(f"{_OFFICE}value-type", "")
        self._kind = kind
        self._stored = attributes.get(_VALUES.get(kind, ""), "")
        self._text: list[str] = []
        self._paragraphs = 0
        self._length = len(self._stored)
        self._lengthen(0)

    def takes(self, name: str, attributes: dict[str, str]) -> bool:
        """Whether what begins here belongs to its text; comments and drawings do not."""
        if name == f"{_TEXT}p":
            self._text += ["\n"] if self._paragraphs else []
            self._paragraphs += 1
        elif name == f"{_TEXT}s":
            times = _times(attributes, f"{_TEXT}c")
            self._lengthen(times)
            self._text.append(" " * times)
        elif name in _WITHIN:
            self._text.append(_WITHIN[name])
        return name.startswith(_TEXT)

    def say(self, text: str) -> None:
        if self._paragraphs:
            self._lengthen(len(text))
            self._text.append(text)

    def _lengthen(self, by: int) -> None:
        self._length += by
        if self._length > LONGEST_CELL:
            raise _Refused("holds a cell that is longer than any post: shorten it")

    def value(self) -> str:
        """What the spreadsheet saved, else what is shown."""
        if self._kind == "time":
            span = _SPAN.fullmatch(self._stored)
            return f"{int(span[1]):02}:{span[2]}:{span[3]}" if span else self._stored
        if self._kind == "float":
            return self._stored.removesuffix(".0")
        return self._stored or "".join(self._text)


def _times(attributes: dict[str, str], name: str) -> int:
    """How often something is repeated; once when it does not say, or says nonsense."""
    said = attributes.get(name, "1")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 10 else 1
