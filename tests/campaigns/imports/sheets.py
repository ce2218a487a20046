"""Sheets as spreadsheets write them."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from campaigns.imports import csv_sheets, ods_sheets
from campaigns.imports.posts import Post, Reading
from campaigns.imports.rows import Wanted, posts_of
from campaigns.imports.sheets import NAMES, Sheet, heading
from core.errors import Misconfigured

FILE = Path("posts.csv")
PARIS = ZoneInfo("Europe/Paris")
WANTED = Wanted(zone=PARIS, known=("place", "alertes"), campaign="posts", channels=("place",))
HEADINGS = "id;date;heure;titre;texte;title_en;body_en"
ROW = "eau;12/10/2026;14h30;L’eau;Elle revient.;Water;It is back."

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><office:body><office:spreadsheet>%s
</office:spreadsheet></office:body></office:document-content>"""


def local(*parts: int) -> datetime:
    """A wall-clock time of the town."""
    year, month, day, hour, minute = (*parts, 0, 0)[:5]
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001  a local time


def csv_of(content: bytes) -> Sheet:
    """The sheet of a CSV file."""
    return csv_sheets.read(FILE, content, lambda word: heading(word) in NAMES)


def posts_in(*rows: str, wanted: Wanted = WANTED, headings: str = HEADINGS) -> Reading:
    """The posts of a CSV file with these rows below its headings."""
    return posts_of(csv_of("\n".join((headings, *rows)).encode()), wanted)


def one(*rows: str, wanted: Wanted = WANTED, headings: str = HEADINGS) -> Post:
    """The only post of a CSV file."""
    (heap,) = posts_in(*rows, wanted=wanted, headings=headings).heaps
    (post,) = heap.posts
    return post


def at_nine(known: Wanted = WANTED) -> Wanted:
    """The same, with a time for days that have none."""
    return Wanted(zone=known.zone, known=known.known, campaign=known.campaign, channels=known.channels, at=time(9))


def ods(tables: str, *, name: str = "content.xml", before: str = "") -> bytes:
    """An OpenDocument spreadsheet with these tables."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(name, _DOCUMENT.replace("?>", f"?>{before}", 1) % tables)
    return packed.getvalue()


def table_of(*rows: str) -> str:
    """One table: each row is its cells."""
    inner = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table><table:table-column/>{inner}</table:table>"


def text(*paragraphs: str, more: str = "") -> str:
    """A cell of text."""
    inner = "".join(f"<text:p>{each}</text:p>" for each in paragraphs)
    return f'<table:table-cell office:value-type="string"{more}>{inner}</table:table-cell>'


def ods_of(content: bytes) -> Sheet:
    """The sheet of an OpenDocument file."""
    return ods_sheets.read(Path("posts.ods"), content)


def posts_of_table(table: str) -> Reading:
    """The posts of an OpenDocument file with this table."""
    return posts_of(ods_of(ods(table)), WANTED)


def sentences(read: Callable[[], object]) -> list[str]:
    """What is wrong with something that may be anything: nothing, or sentences."""
    try:
        read()
    except Misconfigured as refused:
        return [finding.problem for finding in refused.findings]
    return []


def wrong(read: Callable[[], object]) -> list[str]:
    """Everything that is wrong, as an officer reads it."""
    with pytest.raises(Misconfigured) as refused:
        read()
    return [str(finding) for finding in refused.value.findings]
