"""CSV as Excel, LibreOffice and people write it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.imports.sheets import MOST_ROWS
from tests.campaigns.imports.sheets import HEADINGS, ROW, csv_of, sentences, wrong

TEXT = f"{HEADINGS}\r\n{ROW}\r\n"
CELLS = tuple(ROW.split(";"))


def test_whatever_a_spreadsheet_makes_of_it_the_same_rows_are_read() -> None:
    """Nobody at a town hall chooses an encoding."""
    commas = TEXT.replace(";", ",")
    ways = {
        "utf-8": TEXT.encode(),
        "utf-8 with a mark": TEXT.encode("utf-8-sig"),
        "windows": TEXT.encode("cp1252"),
        "utf-16 with a mark": TEXT.encode("utf-16"),
        "utf-16, big ends first": b"\xfe\xff" + TEXT.encode("utf-16-be"),
        "utf-16 without a mark": TEXT.encode("utf-16-le"),
        "the same, big ends first": TEXT.encode("utf-16-be"),
        "commas": commas.encode(),
        "tabs": TEXT.replace(";", "\t").encode(),
        "unix lines": TEXT.replace("\r\n", "\n").encode(),
        "old Macintosh lines": TEXT.replace("\r\n", "\r").encode(),
        "Excel's first line": b"sep=;\r\n" + TEXT.encode(),
        "quoted": "\r\n".join(
            ";".join(f'"{cell}"' for cell in line.split(";")) for line in TEXT.split("\r\n")
        ).encode(),
    }

    read = {way: [row.cells for row in csv_of(content).rows] for way, content in ways.items()}

    assert {way: rows for way, rows in read.items() if rows[1:] != [CELLS]} == {}


def test_a_guess_at_the_encoding_is_said() -> None:
    """Accents are to be looked at."""
    (note,) = csv_of(TEXT.encode("cp1252")).notes

    assert "Windows-1252" in str(note)


def test_rows_keep_their_lines_across_texts_of_several() -> None:
    """A finding names the line that an editor shows; empty rows count, and are not read."""
    rows = csv_of(b'id;texte\n1;"a\n\nb"\n;\n2;c\n').rows

    assert [(row.line, row.cells[0]) for row in rows] == [(1, "id"), (2, "1"), (6, "2")]


def test_lines_count_from_the_one_that_names_the_separator() -> None:
    """It is one more."""
    assert [row.line for row in csv_of(b"sep=|\nid|texte\n1|a\n").rows] == [2, 3]


def test_what_is_no_csv_is_said_with_its_line() -> None:
    """Each with the cure."""
    quoted = wrong(lambda: csv_of(b'id;texte\n1;a\n2;"b" c\n'))
    binary = wrong(lambda: csv_of(b"\x81\x8d\x8f"))
    half = wrong(lambda: csv_of(b"\xff\xfea"))
    nothing = wrong(lambda: csv_of("id\0\0".encode("utf-16")))
    many = wrong(lambda: csv_of(b"id\n" + b"1\n" * MOST_ROWS))

    assert [each[0].partition(": ")[0] for each in (quoted, many)] == ["posts.csv:3", f"posts.csv:{MOST_ROWS + 1}"]
    assert ["CSV UTF-8" in each[0] for each in (binary, half, nothing)] == [True] * 3


CELL = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(";,\t"))
def test_what_a_spreadsheet_wrote_is_read_to_the_letter(rows: list[list[str]], separator: str) -> None:
    """Whatever stands in the cells: separators, quotes, lines."""
    rows = [["id", "titre", *(["texte"] * (len(max(rows, key=len)) - 2))], *rows]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows(rows)

    read = csv_of(written.getvalue().encode("utf-8-sig")).rows

    assert [row.cells for row in read] == [tuple(row) for row in rows if any(cell.strip() for cell in row)]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    """A file may be anything."""
    assert all(sentences(lambda: csv_of(content)))


@pytest.mark.parametrize("letter", ["é", "€", "œ"])
def test_french_letters_of_windows_are_read(letter: str) -> None:
    """That encoding has them all."""
    assert csv_of(f"id;titre\n1;{letter}\n".encode("cp1252")).rows[1].cells[1] == letter
