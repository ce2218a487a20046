"""OpenDocument spreadsheets, of LibreOffice and of whoever means harm."""

import io
import zipfile
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.imports.ods_sheets import LONGEST_CELL, WHOLE
from campaigns.imports.sheets import MOST_COLUMNS, MOST_ROWS
from tests.campaigns.imports.sheets import ods, ods_of, posts_of_table, sentences, table_of, text, wrong


def _cell(kind: str, value: str, shown: str = "shown") -> str:
    name = "value" if kind == "float" else f"{kind}-value"
    told = f'office:value-type="{kind}" office:{name}="{value}"'
    return f"<table:table-cell {told}><text:p>{shown}</text:p></table:table-cell>"


def test_values_are_read_as_they_were_saved() -> None:
    """What is shown depends on the format of the cell; a formula stands for its value."""
    formula = _cell("float", "12").replace("<table:table-cell", '<table:table-cell table:formula="of:=6*2"')
    cells = (
        _cell("date", "2026-10-12T14:30:00"),
        _cell("time", "PT14H30M00S"),
        _cell("time", "PT1M"),
        _cell("float", "2026.0"),
        _cell("boolean", "true"),
        formula,
        text("a", "", "b<text:s text:c='2'/>c<text:tab/>d<text:line-break/>e"),
    )

    (row,) = ods_of(ods(table_of("".join(cells)))).rows

    assert row.cells == ("2026-10-12T14:30:00", "14:30:00", "PT1M", "2026", "true", "12", "a\n\nb  c\td\ne")


def test_comments_and_drawings_are_no_text_of_a_cell() -> None:
    """They hang on it."""
    note = "<office:annotation><text:p>later</text:p></office:annotation>"
    shapes = "<table:shapes><draw:frame><text:p>logo</text:p></draw:frame></table:shapes>"
    nested = "<table:table><table:table-row><table:table-cell/></table:table-row></table:table>"
    cell = text("a").replace("<text:p>", f"\n {note}{nested}<text:p>", 1)
    table = table_of(cell).replace("<table:table-column/>", shapes)

    assert [row.cells for row in ods_of(ods(table)).rows] == [("a",)]


def test_repeated_cells_and_rows_are_counted_as_a_spreadsheet_does() -> None:
    """Lines stay those that it shows; the million of empty ones at the end are nothing."""
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    twice = text("x", more=' table:number-columns-repeated="2"')
    rows = table_of(twice + empty, empty, text("y"))
    rows = rows.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="3">', 2)

    read = ods_of(ods(rows)).rows

    assert [(row.line, row.cells[:3], len(row.cells)) for row in read] == [
        *((line, ("x", "x", ""), MOST_COLUMNS) for line in (1, 2, 3)),
        (7, ("y",), 1),
    ]


def test_cells_under_a_merged_one_are_named() -> None:
    """They look filled and are not."""
    headings = "".join(map(text, ("id", "quand", "titre", "title_en")))
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    table = table_of(headings, text("1") + text("12/10/2026 9h") + covered)

    found = wrong(lambda: posts_of_table(table))

    assert found[:2] == [
        "posts.ods:2: title_fr: lies under a merged cell: separate the cells, and fill in each row",
        "posts.ods:2: title_en: lies under a merged cell: separate the cells, and fill in each row",
    ]


def test_only_the_first_table_is_read_and_that_is_said() -> None:
    """Others are drafts, lists and sums."""
    sheet = ods_of(ods(table_of(text("a")) + table_of(text("b"))))

    assert [row.cells for row in sheet.rows] == [("a",)]
    assert "first table" in str(sheet.notes[0])


def test_no_entity_is_ever_taken() -> None:
    """A billion laughs begin with a document type."""
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

    assert "document type" in wrong(lambda: ods_of(ods(table_of(text("&b;")), before=laughs)))[0]


def test_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    """Thirty kilobytes may hold a gigabyte."""
    bomb = ods(table_of(text("a")) + " " * (WHOLE))

    refused = wrong(lambda: ods_of(bomb))

    assert len(bomb) < 100_000
    assert "unpacks to more than" in refused[0]


def test_rows_that_repeat_for_ever_are_refused() -> None:
    """A hundred bytes may hold a million posts."""
    table = table_of(text("a")).replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">')

    assert f"more than {MOST_ROWS} rows" in wrong(lambda: ods_of(ods(table)))[0]


def test_what_is_no_such_spreadsheet_is_said() -> None:
    """Another kind of file, a damaged one, one under a password."""
    good = ods(table_of(text("a")))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("content.xml", b"\x00sealed")
    broken = {
        "nothing": b"",
        "text": b"id;titre",
        "another archive": ods("", name="word/document.xml"),
        "cut short": good[:-40],
        "damaged": good.replace(b"content.xml", b"content.xmm", 1),
        "sealed": archive.getvalue(),
    }

    found = {what: wrong(partial(ods_of, content))[0] for what, content in broken.items()}

    assert {what: said for what, said in found.items() if "anew" not in said} == {}


def test_nonsense_about_repetition_is_once() -> None:
    """As a spreadsheet takes it."""
    cells = "".join(text("x", more=f' table:number-columns-repeated="{said}"') for said in ("", "-3", "9" * 30, "²"))

    assert [row.cells for row in ods_of(ods(table_of(cells))).rows] == [("x",) * 4]


@given(st.lists(st.lists(st.text(st.sampled_from("aé<&\"' \n=;0"), max_size=8), max_size=4), max_size=5))
def test_what_was_typed_is_read_to_the_letter(rows: list[list[str]]) -> None:
    """Lines of a cell are paragraphs of the document."""

    def typed(cell: str) -> str:
        safe = cell.replace("&", "&amp;").replace("<", "&lt;")
        return text(*safe.split("\n"))

    read = ods_of(ods(table_of(*("".join(map(typed, row)) for row in rows)))).rows

    assert [row.cells for row in read] == [tuple(row) for row in rows if any(cell.strip() for cell in row)]


@given(st.binary(max_size=60), st.integers(0, 400))
def test_any_damage_is_read_or_refused_with_a_sentence(damage: bytes, at: int) -> None:
    """A file may be anything."""
    good = ods(table_of(text("a")))

    assert all(sentences(lambda: ods_of(good[:at] + damage + good[at + len(damage) :])))


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damaged_packing_of_any_kind_is_refused_with_a_sentence(packing: int) -> None:
    """OpenDocument knows one kind of packing; an archive may use others, each with its own way to break."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", packing) as packed:
        packed.writestr("content.xml", "<a>" * 300)
    content = bytearray(archive.getvalue())
    content[50:60] = b"\x5a" * 10

    assert "anew" in wrong(lambda: ods_of(bytes(content)))[0]


def test_a_cell_says_no_more_than_a_post_could() -> None:
    """Twenty bytes may stand for a thousand blanks, and one cell for a thousand others."""
    blanks = "<text:s text:c='65536'/>" * 2000
    long = "x" * (LONGEST_CELL + 1)

    for bomb in (blanks, long):
        assert "longer than any post" in wrong(partial(ods_of, ods(table_of(text(bomb)))))[0]
    assert ods_of(ods(table_of(text("x" * LONGEST_CELL)))).rows
