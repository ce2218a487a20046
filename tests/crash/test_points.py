"""Parvis dies at a point of its way, another process goes on, and nothing that was promised is broken."""

from collections.abc import Sequence

import pytest

from tests.crash.corrections import CORRECTIONS
from tests.crash.harness import findings
from tests.crash.networks import NETWORKS
from tests.crash.points import ALL, FAST

pytestmark = pytest.mark.usefixtures("socket_enabled")

THE_REST = tuple(name for name in ALL if name not in FAST)


def _wrong(names: Sequence[str]) -> dict[str, list[str]]:
    """The scenarios with findings, nothing else: among hundreds that are silent nobody would see them."""
    return {name: found for name, found in findings(names).items() if found}


@pytest.mark.timeout(300)
def test_no_death_breaks_a_promise() -> None:
    """The points that differ most, side by side: around every commit and every call of the two paths."""
    assert findings(["fast"]) == {name: [] for name in FAST}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_death_anywhere_else_breaks_none_either() -> None:
    """The second time somebody passes there, deaths of the one who goes on, and the other phases."""
    assert _wrong(THE_REST) == {}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_death_in_a_correction_leaves_no_copy_wrong_and_no_erratum_twice() -> None:
    """Around every call and every commit of its way, on the three networks."""
    assert _wrong(tuple(CORRECTIONS)) == {}


def test_the_normal_run_kills_at_more_than_thirty_points_on_all_networks() -> None:
    """A name in the short list that is no point would be a point that nobody tests."""
    traps = [each for name in FAST for each in (ALL[name].trap, ALL[name].then) if each is not None]

    assert (len(FAST), len(traps)) == (21, 32)
    assert {ALL[name].network.name for name in FAST} == set(NETWORKS)
