"""The memory of a process, as Linux counts it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_RESET_PEAK = "5"  # proc(5), /proc/<pid>/clear_refs: the peak resident set size starts anew


@dataclass(slots=True)
class Growth:
    """How much the resident set grew at most while something ran, in MiB."""

    peak: float = 0.0


@contextmanager
def growth() -> Iterator[Growth]:
    """Watch this process."""
    found = Growth()
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK, encoding="ascii")
    before = _status("self", "VmRSS")
    yield found
    found.peak = _status("self", "VmHWM") - before


def resident(process: int) -> float:
    """The resident set of a process, in MiB."""
    return _status(str(process), "VmRSS")


def proportional(process: int) -> float:
    """The same with shared pages divided by those who share them, in MiB."""
    return _kibibytes(Path(f"/proc/{process}/smaps_rollup"), "Pss")


def _status(process: str, name: str) -> float:
    return _kibibytes(Path(f"/proc/{process}/status"), name)


def _kibibytes(file: Path, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB$", file.read_text(encoding="ascii"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{file} does not tell {name}")
    return int(found[1]) / 1024
