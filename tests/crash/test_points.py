"""Parvis dies at a point of its way, another process goes on, and nothing that was promised is broken."""

import pytest

from tests.crash.harness import findings
from tests.crash.points import ALL, FAST

THE_REST = tuple(name for name in ALL if name not in FAST)


@pytest.fixture(scope="module")
def fast() -> dict[str, list[str]]:
    """Play thirty stories side by side, once for all these tests."""
    return findings(["fast"])


@pytest.fixture(scope="module")
def rest() -> dict[str, list[str]]:
    """Play all the others."""
    return findings(THE_REST, longest=1500)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", FAST)
def test_a_death_breaks_no_promise(fast: dict[str, list[str]], name: str) -> None:
    """The thirty points that differ most: around every commit and every call of the two paths."""
    assert fast[name] == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", THE_REST)
def test_a_death_anywhere_else_breaks_none_either(rest: dict[str, list[str]], name: str) -> None:
    """The second and the third time somebody passes there, deaths of the one who goes on, and the other phases."""
    assert rest[name] == []


def test_the_normal_run_kills_at_thirty_points() -> None:
    """A name in the short list that is no point would be a point that nobody tests."""
    assert len(FAST) == 30
