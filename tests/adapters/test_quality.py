"""The scale on which adapters are measured, and what each says of itself."""

import re
import tomllib
from pathlib import Path

import pytest

ADAPTERS = Path(__file__).parents[2] / "adapters"
FILES = sorted(ADAPTERS.glob("*/quality.toml"))
RULES = {
    "bronze": {
        "doctor",
        "contract-suite",
        "limits-cite-sources",
        "library-stays-inside",
        "set-up-and-removal-documented",
    },
    "silver": {
        "errors-mapped",
        "one-line-when-lost-and-back",
        "token-expiry-told",
        "reconnects-without-loss-or-double",
    },
    "gold": {
        "native-polls",
        "native-buttons",
        "native-commands",
        "native-threads",
        "alt-text",
        "texts-translated",
        "diagnostics-without-secrets",
        "known-limits-documented",
    },
    "platinum": {"no-thread-or-one-bounded", "payload-drift-test", "strict-types-without-ignores"},
}


@pytest.fixture(params=FILES, ids=[file.parent.name for file in FILES])
def file(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_every_adapter_measures_itself() -> None:
    """A network without a measure is a promise nobody can check."""
    assert {path.parent.name for path in FILES} == {
        path.name for path in ADAPTERS.iterdir() if (path / "adapter.py").exists()
    }


def test_every_rule_is_answered(file: Path) -> None:
    """Leaving a rule out would read as done."""
    assert {level: set(rules) for level, rules in tomllib.loads(file.read_text()).items()} == RULES


def test_what_is_not_done_says_why(file: Path) -> None:
    """In a sentence, as an exemption or as work to do."""
    answers = [answer for rules in tomllib.loads(file.read_text()).values() for answer in rules.values()]

    for answer in answers:
        assert answer == "done" or (set(answer) < {"todo", "exempt"} and len(*answer.values()) > 20)


def test_limits_cite_their_sources(file: Path) -> None:
    """Numbers of the outside world change; a reader must be able to look again."""
    limits = (file.parent / "limits.py").read_text()

    assert re.search(r"\w+\.\w+/\w+.*\d{4}-\d{2}-\d{2}", limits)


def test_types_are_strict_without_ignores(file: Path) -> None:
    """Where an adapter says so."""
    said = tomllib.loads(file.read_text())["platinum"]["strict-types-without-ignores"]
    ignores = [path.name for path in file.parent.glob("*.py") if "type: ignore" in path.read_text()]

    assert said != "done" or ignores == []
