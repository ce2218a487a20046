"""The page on benchmarks says what was measured."""

from pathlib import Path

import pytest

from benchmarks.page import PAGE, renew, tables
from benchmarks.report import RESULTS


@pytest.mark.parametrize("result", sorted(RESULTS.glob("*.md")), ids=lambda path: path.stem)
def test_the_tables_of_the_latest_results_are_documented(result: Path) -> None:
    """A page that keeps the numbers of a better day would mislead."""
    measured = tables(result.read_text(encoding="utf-8"))

    page = PAGE.read_text(encoding="utf-8")

    assert measured
    assert [table for table in measured if table not in page] == []


def test_what_is_measured_anew_takes_the_place_of_what_was(tmp_path: Path) -> None:
    """Measuring again is one command: whoever runs it has the page follow, its sentences stay."""
    page = tmp_path / "page.md"
    page.write_text("Votes:\n\n| old |\n\nQuick.\n", encoding="utf-8")

    renew("votes", "# Votes\n\n| old |\n\n- a fact\n", "# Votes\n\n| new |\n\n- a fact\n", page)

    assert page.read_text(encoding="utf-8") == "Votes:\n\n| new |\n\nQuick.\n"


def test_what_is_measured_for_the_first_time_takes_the_place_that_waits_for_it(tmp_path: Path) -> None:
    """The sentences around it are written before."""
    page = tmp_path / "page.md"
    page.write_text("Votes:\n\n<!-- votes -->\n\nQuick.\n", encoding="utf-8")

    renew("votes", "", "# Votes\n\n| new |\n\nIn numbers:\n\n| more |\n\n- a fact\n", page)

    assert page.read_text(encoding="utf-8") == "Votes:\n\n| new |\n\n| more |\n\nQuick.\n"
