"""``python -m benchmarks.footprint``: the time to start, and what ``parvis run`` takes when nothing happens."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.arguments import Wanted, wanted
from benchmarks.footprint.process import PARVIS, PYTHON, Sandbox, at_rest, duration, sandbox
from benchmarks.machine import ROOT, versions
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Measures, Race, Role, race

WHAT = "Starting, and resting: parvis run with one network and with three"
_CONFIG = """[town]
name.fr = "Rives"
name.en = "Rives"
[store]
url = "sqlite:///{folder}/parvis.db"
keys = "{folder}/keys"
[charter]
file = "{charter}"
"""
_ACCOUNT = """[[accounts]]
name = "{name}"
platform = "{name}"
token_variable = "BENCHMARK_{name}"
base_url = "{url}"
[[channels]]
name = "{name}"
account = "{name}"
address = "{address}"
"""
_VERSIONS = (
    "python-telegram-bot",
    "discord.py",
    "mastodon.py",
    "aiohttp",
    "sqlalchemy",
    "sqlmodel",
    "apscheduler",
    "click",
)
_NETWORKS = {  # the sandbox's program, and where the town publishes
    "telegram": ("sandbox", "@ville_demo"),
    "discord": ("sandbox.discord", "1000002"),
    "mastodon": ("sandbox.mastodon", "public"),
}
_NOTHING = "import sys, time; sys.stderr.write('ready\\n'); time.sleep(600)"


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    asked = wanted("footprint", WHAT, rounds=3, sizes={"seconds": 10}, given=given)
    with ExitStack() as open_:
        there = {name: open_.enter_context(sandbox(program)) for name, (program, _) in _NETWORKS.items()}
        folder = open_.enter_context(tempfile.TemporaryDirectory(prefix="parvis-benchmark-"))
        found = race(_contenders(asked, there, Path(folder)), rounds=asked.rounds)
    report = Report(
        name="footprint",
        what=WHAT,
        race=found,
        aims=_aims(found),
        settings=asked.sizes,
        versions=versions(
            "python-telegram-bot",
            "discord.py",
            "mastodon.py",
            "aiohttp",
            "sqlalchemy",
            "sqlmodel",
            "apscheduler",
            "click",
        ),
        notes=(
            "Start: from the start of the process until every network is open (--help, python: until it ends).",
            "Memory two seconds and «seconds» after that. The database exists already; the networks are the sandbox.",
        ),
    )
    asked.finish(report)


def _contenders(asked: Wanted, there: Mapping[str, Sandbox], folder: Path) -> tuple[Contender, ...]:
    seconds = asked.sizes["seconds"]
    telegram = there["telegram"]
    one = _service(folder / "one", {"telegram": telegram})
    three = _service(folder / "three", there)
    stock = (*PYTHON, "-m", "benchmarks.footprint.stock", telegram.url, telegram.token)
    for service in (one, three):
        service(1)  # makes the database and the keys
    return (
        Contender(name="parvis run", what="the service, on Telegram", role=Role.OURS, run=lambda _: one(seconds)),
        Contender(
            name="parvis run, three networks",
            what="the service, on Telegram, Discord and Mastodon",
            role=Role.OURS,
            run=lambda _: three(seconds),
        ),
        Contender(
            name="parvis --help", what="the command alone", role=Role.OURS, run=lambda _: duration((*PARVIS, "--help"))
        ),
        Contender(
            name="python",
            what="an interpreter that sleeps",
            role=Role.LIMIT,
            run=lambda _: at_rest((*PYTHON, "-c", _NOTHING), signs=("ready",), seconds=seconds),
        ),
        Contender(
            name="stock",
            what="python-telegram-bot and SQLModel, listening",
            role=Role.USUAL,
            run=lambda _: at_rest(stock, signs=("listens",), seconds=seconds),
        ),
    )


def _service(folder: Path, networks: Mapping[str, Sandbox]) -> Callable[[int], Measures]:
    """Runs the service on these networks and looks at it for so many seconds."""
    folder.mkdir()
    file = folder / "config.toml"
    charter = ROOT / "campaigns" / "samples" / "charter.toml"
    accounts = [
        _ACCOUNT.format(name=name, url=network.url, address=_NETWORKS[name][1]) for name, network in networks.items()
    ]
    file.write_text(_CONFIG.format(folder=folder, charter=charter) + "".join(accounts), encoding="utf-8")
    return partial(
        _run,
        (*PARVIS, "-c", str(file), "run"),
        signs=[f"{name}_opened" for name in networks],
        variables={f"BENCHMARK_{name}": network.token for name, network in networks.items()},
    )


def _run(command: Sequence[str], seconds: int, *, signs: Sequence[str], variables: Mapping[str, str]) -> Measures:
    return at_rest(command, signs=signs, seconds=seconds, variables=variables)


def _aims(found: Race) -> tuple[Aim, ...]:
    return (
        Aim(what="start: parvis run / stock", ratios=found.ratios("parvis run", "stock", "start s")),
        Aim(what="memory (PSS): parvis run / stock", ratios=found.ratios("parvis run", "stock", "PSS MiB")),
        Aim(
            what="start: three networks / one",
            ratios=found.ratios("parvis run, three networks", "parvis run", "start s"),
        ),
        Aim(
            what="memory (PSS): three networks / one",
            ratios=found.ratios("parvis run, three networks", "parvis run", "PSS MiB"),
        ),
        Aim(what="start: parvis --help / python", ratios=found.ratios("parvis --help", "python", "start s")),
    )


if __name__ == "__main__":
    main()
