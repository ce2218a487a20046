"""``python -m benchmarks.footprint``: the time to start, and what ``parvis run`` takes when nothing happens."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.arguments import Wanted, wanted
from benchmarks.footprint.process import PARVIS, PYTHON, Sandbox, at_rest, duration, sandbox
from benchmarks.machine import ROOT, versions
from benchmarks.report import Report
from benchmarks.rounds import Aim, Contender, Race, Role, race

WHAT = "Starting, and resting: parvis run with one Telegram account"
_CONFIG = """[town]
name.fr = "Rives"
name.en = "Rives"
[store]
url = "sqlite:///{folder}/parvis.db"
keys = "{folder}/keys"
[charter]
file = "{charter}"
[[accounts]]
name = "telegram"
platform = "telegram"
token_variable = "BENCHMARK_TOKEN"
base_url = "{url}"
[[channels]]
name = "place"
account = "telegram"
address = "@ville_demo"
"""
_OPENED = "telegram_opened"
_NOTHING = "import sys, time; sys.stderr.write('ready\\n'); time.sleep(600)"


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, keep."""
    asked = wanted("footprint", WHAT, rounds=3, sizes={"seconds": 10}, given=given)
    with sandbox() as there, tempfile.TemporaryDirectory(prefix="parvis-benchmark-") as folder:
        found = race(_contenders(asked, there, Path(folder)), rounds=asked.rounds)
    report = Report(
        name="footprint",
        what=WHAT,
        race=found,
        aims=_aims(found),
        settings=asked.sizes,
        versions=versions("python-telegram-bot", "aiohttp", "sqlalchemy", "sqlmodel", "apscheduler", "click"),
        notes=(
            "Start: from the start of the process until it listens to Telegram (--help, python: until it ends).",
            "Memory two seconds and «seconds» after that. The database exists already; Telegram is the sandbox.",
        ),
    )
    asked.finish(report)


def _contenders(asked: Wanted, there: Sandbox, folder: Path) -> tuple[Contender, ...]:
    seconds = asked.sizes["seconds"]
    run = (*PARVIS, "-c", str(_configured(folder, there.url)), "run")
    token = {"BENCHMARK_TOKEN": there.token}
    stock = (*PYTHON, "-m", "benchmarks.footprint.stock", there.url, there.token)
    at_rest(run, sign=_OPENED, seconds=1, variables=token)  # makes the database and the keys
    return (
        Contender(
            name="parvis run",
            what="the service, listening",
            role=Role.OURS,
            run=lambda _: at_rest(run, sign=_OPENED, seconds=seconds, variables=token),
        ),
        Contender(
            name="parvis --help", what="the command alone", role=Role.OURS, run=lambda _: duration((*PARVIS, "--help"))
        ),
        Contender(
            name="python",
            what="an interpreter that sleeps",
            role=Role.LIMIT,
            run=lambda _: at_rest((*PYTHON, "-c", _NOTHING), sign="ready", seconds=seconds),
        ),
        Contender(
            name="stock",
            what="python-telegram-bot and SQLModel, listening",
            role=Role.USUAL,
            run=lambda _: at_rest(stock, sign="listens", seconds=seconds),
        ),
    )


def _configured(folder: Path, url: str) -> Path:
    file = folder / "config.toml"
    charter = ROOT / "campaigns" / "samples" / "charter.toml"
    file.write_text(_CONFIG.format(folder=folder, charter=charter, url=url), encoding="utf-8")
    return file


def _aims(found: Race) -> tuple[Aim, ...]:
    return (
        Aim(what="start: parvis run / stock", ratios=found.ratios("parvis run", "stock", "start s")),
        Aim(what="memory (PSS): parvis run / stock", ratios=found.ratios("parvis run", "stock", "PSS MiB")),
        Aim(what="start: parvis --help / python", ratios=found.ratios("parvis --help", "python", "start s")),
    )


if __name__ == "__main__":
    main()
