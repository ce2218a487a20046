"""The scale on which adapters are measured, and what each says of itself."""

import re
import tomllib
from pathlib import Path

import pytest

ADAPTERS = Path(__file__).parents[2] / "adapters"
FILES = sorted(ADAPTERS.glob("*/quality.toml"))
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "adapter-quality.md"
RULES = {
    "bronze": {
        "doctor": "`parvis doctor` checks the account before people depend on it",
        "contract-suite": "`tests/contracts/test_platform.py` passes with the real library",
        "limits-cite-sources": "every limit says where it is from, and when that was read",
        "library-stays-inside": "no type of the library leaves the folder",
        "set-up-and-removal-documented": "a how-to says how the account is made, and how it is taken away",
    },
    "silver": {
        "errors-mapped": "every error of the library is one of ours, by what can be done about it",
        "one-line-when-lost-and-back": "one line of log when the network is lost, one when it is back",
        "token-expiry-told": "a refused token is told once, with its cure, and stops the account alone",
        "reconnects-without-loss-or-double": "what happened during a gap is heard once",
    },
    "gold": {
        "native-polls": "the network’s own polls",
        "native-buttons": "its buttons",
        "native-commands": "its menu of commands",
        "native-threads": "its threads or replies",
        "alt-text": "pictures carry their description",
        "texts-translated": "all that people read is in French and in English",
        "diagnostics-without-secrets": "no token and no name in logs and errors",
        "known-limits-documented": "the how-to says what the network cannot do",
    },
    "platinum": {
        "no-thread-or-one-bounded": "no thread is needed, or a bounded number",
        "payload-drift-test": "saved payloads are held against models that others wrote",
        "strict-types-without-ignores": "strict types, and no silenced check of them",
    },
}
Answer = str | dict[str, str]


def answers(file: Path) -> dict[str, dict[str, Answer]]:
    """What an adapter says of itself, by level and rule."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def shown(answer: Answer) -> str:
    """As the page shows it."""
    return "yes" if isinstance(answer, str) else "; ".join(f"{kind}: {why}" for kind, why in answer.items())


def _is_reasoned(answer: dict[str, str]) -> bool:
    return set(answer) < {"todo", "exempt"} and len(*answer.values()) > 20


def table() -> str:
    """The table of the page, from the files."""
    said = {file.parent.name: answers(file) for file in FILES}
    head = ("", "rule", *(name.title() for name in said))
    rows = [
        (level, meaning, *(shown(each[level][rule]) for each in said.values()))
        for level, rules in RULES.items()
        for rule, meaning in rules.items()
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


@pytest.fixture(params=FILES, ids=[file.parent.name for file in FILES])
def file(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_every_adapter_measures_itself() -> None:
    """A network without a measure is a promise nobody can check; where nobody is heard (mail), there is no network."""
    assert {path.parent.name for path in FILES} == {
        path.name for path in ADAPTERS.iterdir() if (path / "inbound.py").exists()
    }


def test_every_rule_is_answered(file: Path) -> None:
    """Leaving a rule out would read as done."""
    asked = {level: set(rules) for level, rules in RULES.items()}

    assert {level: set(rules) for level, rules in answers(file).items()} == asked


def test_what_is_not_done_says_why(file: Path) -> None:
    """In a sentence, as an exemption or as work to do."""
    given = [answer for rules in answers(file).values() for answer in rules.values()]

    for answer in given:
        assert answer == "done" or (isinstance(answer, dict) and _is_reasoned(answer))


def test_the_page_shows_what_the_files_say() -> None:
    """Whoever chooses a network reads the page."""
    assert table() in PAGE.read_text(encoding="utf-8"), f"put this into {PAGE}:\n{table()}"


def test_a_set_up_that_is_documented_has_its_page(file: Path) -> None:
    """With how to take the account away."""
    said = answers(file)["bronze"]["set-up-and-removal-documented"]
    page = PAGE.parents[1] / "how-to" / f"{file.parent.name}-account.md"

    assert said != "done" or re.search(r"^## (Remove it|Take it away)$", page.read_text(), flags=re.MULTILINE)


def test_limits_cite_their_sources(file: Path) -> None:
    """Numbers of the outside world change; a reader must be able to look again."""
    limits = (file.parent / "limits.py").read_text()

    assert re.search(r"\w+\.\w+/\w+.*\d{4}-\d{2}-\d{2}", limits)


def test_types_are_strict_without_ignores(file: Path) -> None:
    """Where an adapter says so."""
    said = answers(file)["platinum"]["strict-types-without-ignores"]
    ignores = [path.name for path in file.parent.glob("*.py") if "type: ignore" in path.read_text()]

    assert said != "done" or ignores == []
