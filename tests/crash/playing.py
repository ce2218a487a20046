"""Scenarios are played side by side, each in a town of its own, by name.

``fast``, ``all``, ``races`` and ``corrections`` name many.
"""

import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from tests.crash.corrections import CORRECTIONS
from tests.crash.machines import do
from tests.crash.points import ALL, FAST
from tests.crash.races import RACES
from tests.crash.scenario import play
from tests.crash.story import OURS, PUBLIC
from tests.crash.town import MEMORY

AT_ONCE = 6

Scene = Callable[[Path], list[str]]  # played in a town laid out


class Outcome(NamedTuple):
    """What is wrong at the end of a scenario, and how many seconds it took."""

    name: str
    findings: list[str]
    seconds: float


def outcomes(names: Sequence[str]) -> Iterator[Outcome]:
    """Play them; each as soon as it is over. Raises KeyError."""
    chosen = _scenes(names)
    with (
        tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as home,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        do("tests.crash.townhall", "lay_out_both", home)
        under_way = {
            pool.submit(_play, Path(home) / town, scene, Path(home) / f"town-{rank}"): name
            for rank, (name, (town, scene)) in enumerate(chosen.items())
        }
        for future in as_completed(under_way):
            yield Outcome(under_way[future], *future.result())


def _scenes(names: Sequence[str]) -> dict[str, tuple[str, Scene]]:
    """The scenarios of these names, each with the town in which it is played."""
    groups = {"fast": list(FAST), "all": list(ALL), "races": list(RACES), "corrections": list(CORRECTIONS)}
    chosen = [each for name in names for each in groups.get(name, [name])]
    return {name: _scene(name) for name in chosen}


def _scene(name: str) -> tuple[str, Scene]:
    apart = {**RACES, **CORRECTIONS}
    if name in apart:
        return OURS, apart[name]
    point = ALL[name]
    return PUBLIC if point.public else OURS, lambda folder: play(folder, point)


def _play(template: Path, scene: Scene, folder: Path) -> tuple[list[str], float]:
    began = time.monotonic()
    shutil.copytree(template, folder)
    try:
        findings = scene(folder)
    except Exception as error:  # noqa: BLE001  the supervisor of scenarios: the others go on
        findings = [f"{type(error).__name__}: {error}", *traceback.format_exception(error)]
    shutil.rmtree(folder)
    return findings, time.monotonic() - began
