"""What a result depends on beside the code: the machine, the versions, the commit. Nothing that names a place."""

import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SHOWN = (":!benchmarks/results", ":!docs/reference/benchmarks.md")  # changed by the run itself
_CHANGES = ("status", "--porcelain", "--untracked-files=no", "--", ".", *_SHOWN)


def machine() -> str:
    """Processor, cores, memory and system, as far as the system tells."""
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores (shared), {_memory()}, {platform.system()} {platform.machine()}"


def versions(*packages: str) -> dict[str, str]:
    """Python's version and those of some packages."""
    return {"python": platform.python_version(), **{package: version(package) for package in packages}}


def commit() -> str:
    """The commit measured, marked when files other than those of the results were changed since."""
    name = _git(("rev-parse", "--short", "HEAD"))
    return f"{name} with changes" if name and _git(_CHANGES) else name


def _git(arguments: Sequence[str]) -> str:
    try:
        done = subprocess.run(("git", *arguments), cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _processor() -> str:
    return _first("/proc/cpuinfo", "model name") or platform.processor() or "unknown processor"


def _memory() -> str:
    kilobytes = _first("/proc/meminfo", "MemTotal").split(" ")[0]
    return f"{int(kilobytes) / 2**20:.0f} GiB" if kilobytes else "unknown memory"


def _first(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "")
