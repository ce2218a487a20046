"""The page that explains the outbox names tests: they exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "outbox.md").read_text(encoding="utf-8")
OUTCOMES = "tests/delivery/test_outcomes.py"


def _tests(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_the_page_names_exists() -> None:
    """A promise with the name of its proof is only worth something while the proof stands."""
    named = re.findall(r"`(tests/[a-z_/]+\.py)::(\w+)`", PAGE)
    named += [(OUTCOMES, name) for name in re.findall(r"`(test_\w+)`", PAGE)]

    assert [f"{file}::{name}" for file, name in named if name not in _tests(file)] == []


def test_all_twelve_cases_are_there() -> None:
    """In their order, each with its test."""
    cases = re.findall(r"^\| (\d+) \|.*`tests/", PAGE, flags=re.MULTILINE)

    assert cases == [str(number) for number in range(1, 13)]
