"""The page on benchmarks says what was measured."""

from pathlib import Path

import pytest

from benchmarks.report import RESULTS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks.md"


@pytest.mark.parametrize("result", sorted(RESULTS.glob("*.md")), ids=lambda path: path.stem)
def test_the_tables_of_the_latest_results_are_documented(result: Path) -> None:
    """A page that keeps the numbers of a better day would mislead."""
    parts = result.read_text(encoding="utf-8").split("\n\n")
    tables = [part for part in parts if part.startswith("|")]

    page = PAGE.read_text(encoding="utf-8")

    assert tables
    assert [table for table in tables if table not in page] == []
