"""The page that documents the results: when one is measured anew, its tables there become the new ones.

Those of a result that was never kept take the place of a line that waits for them, ``<!-- name -->``.
"""

from pathlib import Path

from benchmarks.machine import ROOT

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"


def tables(result: str) -> list[str]:
    """The tables of a result in Markdown."""
    return [part for part in result.split("\n\n") if part.startswith("|")]


def renew(name: str, before: str, after: str, page: Path = PAGE) -> None:
    """Put the tables of a result in place of those it had before, or of the line that waits for them."""
    text = page.read_text(encoding="utf-8").replace(f"<!-- {name} -->", "\n\n".join(tables(after)))
    for old, new in zip(tables(before), tables(after), strict=False):
        text = text.replace(old, new)
    page.write_text(text, encoding="utf-8")
