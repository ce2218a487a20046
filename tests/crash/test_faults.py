"""The harness can fail: each fault is seen by it, in the very scenario that is silent on the clean tree."""

from pathlib import Path

import pytest

from tests.crash.faults import FAULTS, FOLDER, Fault, applies, shown
from tests.crash.harness import findings
from tests.crash.races import RACES

_BY_PATCH = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


@_BY_PATCH
def test_a_fault_fits_the_present_tree(fault: Fault) -> None:
    """A patch that no longer applies proves nothing: whoever changes the code beneath it mends it."""
    assert applies(fault)


def test_every_patch_is_used() -> None:
    """Each has its scenario; some have one on each network."""
    assert {path.stem for path in FOLDER.glob("*.patch")} == {fault.patch for fault in FAULTS}


@pytest.mark.slow
@pytest.mark.timeout(300)
@_BY_PATCH
def test_a_fault_is_caught(fault: Fault, tmp_path: Path) -> None:
    """By the property that it breaks, not by chance."""
    found = shown(fault, tmp_path)

    assert fault.broken in {finding.split()[0] for finding in found}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("socket_enabled")
def test_two_processes_without_a_lock_break_no_promise() -> None:
    """The races that show four of the faults are silent on the clean tree; the kill points are tested apart."""
    assert findings(["races"]) == {name: [] for name in RACES}
