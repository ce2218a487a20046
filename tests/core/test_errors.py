"""What errors say, and that their tree sorts them by what the caller can do."""

from pathlib import Path

import pytest

from core import errors
from core.errors import Finding, Misconfigured, ParvisError, PlatformError, Refused, Rejected, Uncertain

FILE = Path("config.toml")


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        pytest.param(
            Finding(file=FILE, line=12, key="telegram.tokn", problem="unknown key", nearest="token_file"),
            "config.toml:12: telegram.tokn: unknown key; did you mean «token_file»?",
            id="everything known",
        ),
        pytest.param(
            Finding(file=FILE, line=3, key="zone", problem="no such zone"),
            "config.toml:3: zone: no such zone",
            id="nothing near",
        ),
        pytest.param(
            Finding(file=FILE, line=3, key="", problem="not valid TOML"),
            "config.toml:3: not valid TOML",
            id="no key",
        ),
        pytest.param(
            Finding(file=FILE, line=0, key="", problem="No such file"),
            "config.toml: No such file",
            id="no line",
        ),
    ],
)
def test_a_finding_says_where_what_and_the_cure(finding: Finding, sentence: str) -> None:
    """An officer repairs the file from this sentence alone."""
    assert str(finding) == sentence


def test_a_wrong_file_is_told_with_all_its_mistakes() -> None:
    """One run, every mistake, a line each."""
    first = Finding(file=FILE, line=1, key="a", problem="wrong")
    second = Finding(file=FILE, line=2, key="b", problem="wrong too")

    assert str(Misconfigured(first, second)) == "config.toml:1: a: wrong\nconfig.toml:2: b: wrong too"


def test_a_platform_error_keeps_the_platforms_own_words() -> None:
    """They go into the ledger, for the operator."""
    assert str(PlatformError("chat not found")) == "chat not found"


def test_every_refusal_has_a_reason_of_its_own() -> None:
    """The reason names the sentence a person reads."""
    reasons = [refusal.reason for refusal in Refused.__subclasses__()]

    assert len(set(reasons)) == len(reasons)


def test_nobody_who_catches_a_refusal_by_the_platform_catches_a_lost_answer() -> None:
    """«Refused» may be given up, «nobody knows» may not be forgotten."""
    assert not issubclass(Uncertain, Rejected)


def test_the_drawing_of_the_tree_names_every_error() -> None:
    """It is the first thing a newcomer reads."""
    drawn = errors.__doc__ or ""

    assert [kind.__name__ for kind in _family(ParvisError) if kind.__name__ not in drawn] == []


def _family(kind: type[ParvisError]) -> list[type[ParvisError]]:
    born_here = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return [kind, *(member for child in born_here for member in _family(child))]
